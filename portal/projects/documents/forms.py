"""The shape of what people send about documents."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.uploads import UploadField, UploadForm
from portal.projects.documents.models import NOTE_LENGTH
from portal.projects.documents.operations import WIDTH, DocumentDetails
from portal.projects.models import Project, Visibility


class Described(PortalForm):
    """What a document is and who may see it."""

    title_da = StringField(_l("Title in Danish"), [Length(max=200)], default="")
    title_en = StringField(_l("Title in English"), [Length(max=200)], default="")
    description_da = TextAreaField(_l("Description in Danish"), [Length(max=2000)], default="")
    description_en = TextAreaField(_l("Description in English"), [Length(max=2000)], default="")
    visibility = RadioField(
        _l("Who may see it"), [InputRequired(_l("Choose who may see it."))], default=Visibility.MEMBERS.value
    )

    def offer(self, project: Project) -> None:
        """Let the document be seen by as many as see its project, never by more."""
        widest = WIDTH.index(project.visibility)
        self.visibility.choices = [(one.value, label(one)) for one in WIDTH[: widest + 1]]

    def details(self) -> DocumentDetails:
        return DocumentDetails(
            title_da=self.title_da.data,
            title_en=self.title_en.data,
            description_da=self.description_da.data,
            description_en=self.description_en.data,
            visibility=Visibility(self.visibility.data),
        )


class NewDocumentForm(Described, UploadForm):
    file = UploadField(_l("File"))
    note = StringField(_l("What is in this version"), [Length(max=NOTE_LENGTH)], default="")


class DocumentForm(Described, RevisionForm):
    named_by = ("title_da", "title_en")


class VersionForm(UploadForm):
    file = UploadField(_l("File"))
    note = StringField(_l("What has changed"), [Length(max=NOTE_LENGTH)], default="")
