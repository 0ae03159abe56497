"""What is said of a contact point, by its partner and by its person; and what a reader writes to it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length

from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.strangers import StrangerForm
from portal.core.texts import gettext as _
from portal.partners.contacts.operations import Contact
from portal.partners.models import Consent

NAME = Length(max=200, message=_l("Write at most %(max)d characters."))
PHONE = Length(max=40, message=_l("Write at most %(max)d characters."))
LANGUAGES = Length(max=80, message=_l("Write at most %(max)d characters."))
TEXTS = ("name", "function_da", "function_en", "phone", "languages")
EMAIL = (
    InputRequired(_l("Write an e-mail address.")),
    Email(_l("This is not an e-mail address.")),
    Length(max=254, message=_l("Write at most %(max)d characters.")),
)


class ContactForm(PortalForm):
    name = StringField(_l("Name"), [NAME], description=_l("Of a person; leave it empty for a function of several."))
    function_da = StringField(_l("Function in Danish"), [NAME])
    function_en = StringField(_l("Function in English"), [NAME])
    email = EmailField(_l("E-mail"), EMAIL, description=_l("Here the person is asked whether they agree."))
    phone = StringField(_l("Telephone"), [PHONE])
    languages = StringField(_l("Languages"), [LANGUAGES], description=_l("Such as: Danish, English."))
    consent = RadioField(_l("Who is to see it, once the person agrees"), default=Consent.PUBLIC.value)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.consent.choices = levels()

    def validate(self, extra_validators: Any = None) -> bool:
        return _names_somebody(self, bool(super().validate(extra_validators)))

    def details(self) -> Contact:
        return _said(self, email=self.email.data or "")


class OwnForm(RevisionForm):
    """The same, by the person: without the address, which is how the portal knows them."""

    name = StringField(_l("Name"), [NAME])
    function_da = StringField(_l("Function in Danish"), [NAME])
    function_en = StringField(_l("Function in English"), [NAME])
    phone = StringField(_l("Telephone"), [PHONE])
    languages = StringField(_l("Languages"), [LANGUAGES], description=_l("Such as: Danish, English."))
    consent = RadioField(_l("Who may see what stands above"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.consent.choices = levels()

    def validate(self, extra_validators: Any = None) -> bool:
        return _names_somebody(self, bool(super().validate(extra_validators)))

    def details(self) -> Contact:
        return _said(self, email="")


class ConsentForm(PortalForm):
    consent = RadioField(_l("Who may see what stands above"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.consent.choices = levels()

    def level(self) -> Consent:
        return Consent(self.consent.data)


class WriteForm(StrangerForm):
    texts = ("message",)

    name = StringField(_l("Your name"), [InputRequired(_l("Write your name.")), NAME])
    email = EmailField(_l("Your e-mail"), EMAIL, description=_l("The answer goes there; nobody else gets it."))
    message = TextAreaField(
        _l("Message"),
        [InputRequired(_l("Write a message.")), Length(max=4000, message=_l("Write at most %(max)d characters."))],
    )


def _names_somebody(form: Any, is_valid: bool) -> bool:
    if form.name.data or form.function_da.data or form.function_en.data:
        return is_valid
    form.name.errors = [_("Write a name or a function.")]
    return False


def _said(form: Any, email: str) -> Contact:
    texts = {name: getattr(form, name).data or "" for name in TEXTS}
    return Contact(**texts, email=email, consent=Consent(form.consent.data))


def levels() -> list[SelectChoice]:
    return [SelectChoice(one.value, label(one)) for one in Consent]
