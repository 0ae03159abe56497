"""The forms of the newsletter: what a reader wants, what the staff write above an edition."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, StringField, TextAreaField
from wtforms.validators import Email, Length

from portal.core.bilingual import LANGUAGES, chosen
from portal.core.fields import CheckboxesField, ThemesField, filled_in, longest
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.strangers import StrangerForm
from portal.core.web import LANGUAGE_NAMES
from portal.newsletter.models import SUBJECT_LENGTH, Edition, Frequency
from portal.newsletter.operations import Wish


class _Choices(PortalForm):
    """What somebody gets: how often, in which language, about what."""

    frequency = RadioField(_l("How often"), coerce=Frequency, default=Frequency.WEEKLY)
    language = RadioField(_l("Language"), default=chosen)
    themes = ThemesField(most=None, description=_l("None checked means all of them."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.frequency.choices = [(one.value, label(one)) for one in Frequency]
        self.language.choices = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]

    def wish(self) -> Wish:
        return Wish(self.language.data, Frequency(self.frequency.data), tuple(self.themes.data))


class SubscribeForm(StrangerForm, _Choices):
    """A reader's address and what they want."""

    email = EmailField(
        _l("E-mail"),
        [filled_in(_l("Write your e-mail address.")), Email(_l("This is not an e-mail address.")), Length(max=254)],
        description=_l("We write to it once, and only go on when you say yes there."),
    )


class ChangeForm(_Choices):
    """What a reader changes."""


class EditionForm(RevisionForm):
    """The words above an edition, and what stays out of it."""

    subject_da = StringField(_l("Subject in Danish"), [longest(SUBJECT_LENGTH)])
    subject_en = StringField(_l("Subject in English"), [longest(SUBJECT_LENGTH)])
    intro_da = TextAreaField(_l("A few words in Danish"), [longest(2000)])
    intro_en = TextAreaField(_l("A few words in English"), [longest(2000)])
    left_out = CheckboxesField(_l("Leave out"), coerce=int, choices=[])

    @classmethod
    def of(cls, edition: Edition, names: dict[int, str], **options: Any) -> "EditionForm":
        """The form filled from an edition; `names` are its items by id."""
        left_out = [item.id for item in edition.items if item.is_left_out]
        form = cls(obj=edition, data={"left_out": left_out}, **options)
        form.left_out.choices = list(names.items())
        return form

    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("subject_da", "subject_en", "intro_da", "intro_en")}
