"""The shape of what people say."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import PortalForm, RevisionForm
from portal.projects.discussion.models import TITLE_LENGTH

LONGEST = 20_000


class PostForm(PortalForm):
    body = TextAreaField(
        _l("Your text"),
        [InputRequired(_l("Write something.")), Length(max=LONGEST)],
        default="",
        description=_l("Markdown. Name somebody with @ and their name, and they are told."),
    )


class PostRevisionForm(PostForm, RevisionForm):
    """One's own post, which one may be changing in two windows at once."""


class ThreadForm(PostForm):
    title = StringField(
        _l("What is it about?"), [InputRequired(_l("Write a title.")), Length(max=TITLE_LENGTH)], default=""
    )
    section = SelectField(_l("Belongs to"), default="")
