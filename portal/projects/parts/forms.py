"""What the forms of all parts of a project share."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import StopValidation

from portal.core.forms import RevisionForm
from portal.core.labels import label
from portal.core.texts import gettext as _
from portal.projects.models import Project, Visibility
from portal.projects.parts.operations import Details, is_wider


def coerced_id(value: Any) -> int | None:
    """The id that a choice stands for; none for the choice of nothing."""
    return int(value) if value not in (None, "", "None") else None


class VisibilityField(RadioField):
    """Who may see a part. Wider than its project is refused: `widest` says who sees that."""

    data: Any
    widest = Visibility.PUBLIC

    def __init__(self, text: Any = None, **options: Any) -> None:
        super().__init__(text or _l("Who may see it"), coerce=_word, choices=[], **options)

    def offer(self, project: Project) -> None:
        """Offer all audiences; a wish that is wider than the project, or none, begins at the project's own."""
        self.widest = project.visibility
        self.choices = [(one.value, label(one)) for one in Visibility]
        if not self.raw_data and (self.data is None or is_wider(self.data, project.visibility)):
            self.data = project.visibility

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  as WTForms calls it
        if self.data not in list(Visibility):
            raise StopValidation(_("Choose who may see it."))
        if is_wider(self.data, self.widest):
            seen = label(self.widest)
            raise StopValidation(
                _("The project itself is for: %(audience)s. A part of it cannot be open to more.", audience=seen)
            )


def _word(value: Any) -> Any:
    return Visibility(value) if value in list(Visibility) else value


class ChoiceField(SelectField):
    """One of a project's things, or nothing; `offer` says which there are."""

    data: Any

    def __init__(self, text: Any, **options: Any) -> None:
        super().__init__(text, coerce=coerced_id, choices=[], **options)

    def offer(self, things: Iterable[tuple[int, str]], nothing: str) -> None:
        self.choices = [("", nothing), *((str(key), name) for key, name in things)]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  as WTForms calls it
        if self.data not in [coerced_id(value) for value, _name in self.choices or ()]:
            raise StopValidation(_("Choose one from the list."))

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = -1  # no choice of ours: said by `pre_validate`


class PartForm(RevisionForm):
    """A form for a part of a project. `texts` names its da/en columns; the first pair needs one language."""

    texts: Sequence[str] = ()
    values: Sequence[str] = ()
    nameless = _l("Write it in Danish or in English; the other language can follow.")

    def details(self) -> Details:
        return Details(
            {name: self[name].data or "" for name in self.texts}, {name: self[name].data for name in self.values}
        )

    @property
    def named_by(self) -> Sequence[str]:  # type: ignore[override]
        """The first pair of texts."""
        return self.texts[:2]


class WordField(SelectField):
    """A word of one of the domain's lists, or none where `nothing` says what that means."""

    def __init__(self, text: Any, words: type[StrEnum], nothing: Any = "", **options: Any) -> None:
        super().__init__(text, coerce=self._word, choices=[], **options)
        self.words, self.nothing = words, nothing

    def process_data(self, value: Any) -> None:
        self.data = value
        none = [("", str(self.nothing))] if self.nothing else []
        self.choices = [*none, *((word.value, label(word)) for word in self.words)]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  as WTForms calls it
        if self.data not in list(self.words) and not (self.data is None and self.nothing):
            raise StopValidation(_("Choose one from the list."))

    def _word(self, value: Any) -> Any:
        return self.words(value) if value in list(self.words) else (value or None)
