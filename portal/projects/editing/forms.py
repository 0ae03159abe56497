"""The forms in which a project is begun and described."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.core.fields import CheckboxesField, ThemesField
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.picking import PickerField
from portal.core.texts import gettext as _
from portal.projects.editing.fields import PartialDateField, web_address
from portal.projects.editing.operations import LESSONS, TEXTS, Facts, facts_of
from portal.projects.editing.outlines import OUTLINES, Outline
from portal.projects.models import Barrier, Kind, MunicipalityRole, Project, Visibility
from portal.projects.parts.forms import VisibilityField

TITLE = [Length(max=200, message=_l("Write at most %(max)d characters."))]
SUMMARY = [Length(max=1000, message=_l("Write at most %(max)d characters."))]
LONG = [Length(max=20_000, message=_l("Write at most %(max)d characters."))]


class NewProjectForm(PortalForm):
    named_by = ("title_da", "title_en")

    partner = RadioField(_l("Coordinated by"), coerce=int)
    title_da = StringField(_l("Title in Danish"), TITLE)
    title_en = StringField(_l("Title in English"), TITLE)
    outline = RadioField(_l("Begin with"), default="")
    adopted = PickerField(
        _l("Or adopt what others have done"),
        kind="project",
        most=1,
        description=_l(
            "The texts, themes, barriers and plan of that project come along. Its partners, people and money do not."
        ),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.outline.choices = [("", _("An empty page")), *((name, str(one.name)) for name, one in OUTLINES.items())]
        self.outline.explained = {"": "", **{name: outline_words(one) for name, one in OUTLINES.items()}}

    def titles(self) -> dict[str, str]:
        return {"title_da": self.title_da.data or "", "title_en": self.title_en.data or ""}


def outline_words(outline: Outline) -> str:
    """What an outline is for and what it brings."""
    brings = _(
        "Brings a plan of %(packages)d work packages and %(milestones)d milestones to change.",
        packages=len(outline.work_packages),
        milestones=len(outline.milestones),
    )
    return f"{outline.meant_for} {brings}"


class TextsForm(RevisionForm):
    named_by = ("title_da", "title_en")

    title_da = StringField(_l("Title in Danish"), TITLE)
    title_en = StringField(_l("Title in English"), TITLE)
    summary_da = TextAreaField(
        _l("Summary in Danish"), SUMMARY, description=_l("Two sentences: what it is and for whom.")
    )
    summary_en = TextAreaField(
        _l("Summary in English"), SUMMARY, description=_l("Two sentences: what it is and for whom.")
    )
    challenge_da = TextAreaField(_l("The challenge, in Danish"), LONG)
    challenge_en = TextAreaField(_l("The challenge, in English"), LONG)
    objective_da = TextAreaField(_l("What it sets out to do, in Danish"), LONG)
    objective_en = TextAreaField(_l("What it sets out to do, in English"), LONG)
    expected_change_da = TextAreaField(_l("What is to change, in Danish"), LONG)
    expected_change_en = TextAreaField(_l("What is to change, in English"), LONG)

    def details(self) -> dict[str, str]:
        return {f"{pair}_{code}": self[f"{pair}_{code}"].data or "" for pair in TEXTS for code in ("da", "en")}


class LessonsForm(RevisionForm):
    lessons_failed_da = TextAreaField(_l("What did not work, in Danish"), LONG)
    lessons_failed_en = TextAreaField(_l("What did not work, in English"), LONG)
    lessons_copy_da = TextAreaField(_l("What others need to copy it, in Danish"), LONG)
    lessons_copy_en = TextAreaField(_l("What others need to copy it, in English"), LONG)
    lessons_visibility = VisibilityField(_l("Who may see the lessons"))

    def details(self) -> dict[str, str]:
        return {f"{pair}_{code}": self[f"{pair}_{code}"].data or "" for pair in LESSONS for code in ("da", "en")}


def _kind(value: Any) -> Kind | None:
    return Kind(value) if value in list(Kind) else None


class FactsForm(RevisionForm):
    acronym = StringField(_l("Short name"), [Length(max=60, message=_l("Write at most %(max)d characters."))])
    kind = SelectField(_l("Kind"), coerce=_kind)
    themes = ThemesField(description=_l("One to three: what it is mostly about."))
    barriers = CheckboxesField(_l("Barriers it works on"), coerce=Barrier)
    starts = PartialDateField(
        _l("Start"), [Optional()], description=_l("As exactly as you know it: 2026, 05-2026 or 31-05-2026.")
    )
    ends = PartialDateField(_l("End"), [Optional()])
    website = StringField(
        _l("Website"), [Length(max=500, message=_l("Write at most %(max)d characters.")), web_address]
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kind.choices = [("", _("Not said yet")), *((one.value, label(one)) for one in Kind)]
        self.barriers.choices = [(one.value, label(one)) for one in Barrier]

    @classmethod
    def of(cls, project: Project, **options: Any) -> "FactsForm":
        facts = facts_of(project)
        now = {**vars_of(facts), "themes": list(facts.themes), "barriers": list(facts.barriers)}
        return cls(obj=SimpleNamespace(**now, version=project.version), **options)

    def validate_ends(self, field: Any) -> None:
        starts, ends = self.starts.data, field.data
        if starts and ends and ends.day < starts.day and str(ends) < str(starts)[: len(str(ends))]:
            raise ValidationError(_("The end is before the start."))

    def details(self) -> Facts:
        return Facts(
            acronym=self.acronym.data or "",
            kind=self.kind.data,
            themes=tuple(self.themes.data),
            barriers=tuple(one for one in Barrier if one in (self.barriers.data or ())),
            starts=self.starts.data,
            ends=self.ends.data,
            website=self.website.data or "",
        )


def vars_of(facts: Facts) -> dict[str, Any]:
    """Field → value."""
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


class PlaceForm(PortalForm):
    municipality = SelectField(_l("Municipality"))
    role = SelectField(_l("What it has to do with the project"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = [(one.value, label(one)) for one in MunicipalityRole]


class VisibilityForm(PortalForm):
    visibility = RadioField(_l("Who sees the project"), [InputRequired()])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.visibility.choices = [(one.value, label(one)) for one in Visibility]


class AddressForm(PortalForm):
    slug = StringField(
        _l("Address"),
        [
            InputRequired(_l("Write the new address.")),
            Length(max=120, message=_l("Write at most %(max)d characters.")),
        ],
        description=_l("Letters a–z, digits and hyphens. The old address goes on leading here."),
    )


class DeleteForm(PortalForm):
    sure = HiddenField(default="yes")
