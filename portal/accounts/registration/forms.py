"""The shape of what people send who are becoming the portal's."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from stdnum.dk import cvr
from wtforms import EmailField, Field, PasswordField, RadioField, SelectField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.accounts.forms import LONGEST_PASSWORD, EmailAddress, NewPassword
from portal.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from portal.accounts.registration.operations import Registration
from portal.core.bilingual import chosen
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.web import LANGUAGE_NAMES, host_of
from portal.partners.labels import all_countries
from portal.partners.models import PartnerType
from portal.partners.operations import Proposal

LONGEST_MESSAGE = 2000


class RegistrationForm(PortalForm):
    """Somebody new. Of whom was invited, the address is known."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Write your name.")), Length(max=NAME_LENGTH)],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Write your e-mail address.")), Length(max=EMAIL_LENGTH), EmailAddress()],
        description=_l("Your work address. We mail a link there to see that it is yours."),
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Choose a password.")), NewPassword()],
        description=_l("At least 10 characters, better 15 or more: several words are easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )
    locale = RadioField(
        _l("Language of mails"), choices=[SelectChoice(*one) for one in LANGUAGE_NAMES.items()], default=chosen
    )

    def __init__(self, *arguments: Any, invited: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.address = invited or self.email.data or ""
        if invited:
            del self.email

    @property
    def about(self) -> tuple[str, ...]:
        """What is no password."""
        return (self.name.data or "", self.address)

    def registration(self) -> Registration:
        return Registration(
            name=self.name.data, email=self.address, password=self.password.data, locale=self.locale.data
        )


class VerifyForm(PortalForm):
    """The password too, unless the account is signed in: a link that went astray shall open nothing."""

    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Write your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class ConfirmForm(PortalForm):
    """A button."""


class JoinForm(PortalForm):
    partner = SelectField(_l("Organisation"), [InputRequired(_l("Choose an organisation."))])
    message = TextAreaField(
        _l("Message"),
        [Length(max=LONGEST_MESSAGE)],
        description=_l("Who you are and what you do there, for those who decide."),
        default="",
    )

    def __init__(self, *arguments: Any, partners: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.partner.choices = [SelectChoice("", ""), *(SelectChoice(*one) for one in partners)]


class CvrNumber:
    """A Danish company number, by its check digit."""

    def __call__(self, _form: Any, field: Field) -> None:
        if not cvr.is_valid(field.data):
            raise ValidationError(_l("A CVR number has 8 digits; this is none. Look it up on virk.dk."))


class WebAddress:
    """An address that a browser opens."""

    def __call__(self, _form: Any, field: Field) -> None:
        if not host_of(field.data or ""):
            raise ValidationError(_l("Write the whole address, like https://example.org."))


def with_scheme(text: str) -> str:
    """The address that a browser makes of what people say: kommune.dk is https://kommune.dk."""
    return f"https://{text}" if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", text or "") else text


class ProposalForm(PortalForm):
    name = StringField(_l("Name of the organisation"), [InputRequired(_l("Write its name.")), Length(max=200)])
    type = SelectField(_l("Type"), [InputRequired(_l("Choose a type."))])
    country = SelectField(_l("Country"), default="DK")
    municipality = SelectField(
        _l("Municipality"), description=_l("Where its seat is, if it is in Denmark."), default=""
    )
    cvr = StringField(
        _l("CVR number"), [Optional(), Length(max=20), CvrNumber()], description=_l("Danish organisations."), default=""
    )
    website = URLField(
        _l("Website"),
        [Optional(), Length(max=500), WebAddress()],
        filters=[with_scheme],
        default="",
        render_kw={"autocomplete": "url"},
    )
    description_da = TextAreaField(_l("What it does, in Danish"), [Length(max=4000)], default="")
    description_en = TextAreaField(_l("What it does, in English"), [Length(max=4000)], default="")

    def __init__(self, *arguments: Any, municipalities: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.type.choices = [SelectChoice("", ""), *(SelectChoice(one.value, label(one)) for one in PartnerType)]
        self.country.choices = [SelectChoice(*one) for one in all_countries().items()]
        self.municipality.choices = [SelectChoice("", ""), *(SelectChoice(*one) for one in municipalities)]

    def proposal(self) -> Proposal:
        return Proposal(
            name=self.name.data,
            type=PartnerType(self.type.data),
            country=self.country.data,
            municipality_id=int(self.municipality.data) if self.municipality.data else None,
            website=self.website.data or "",
            cvr=self.cvr.data or "",
            description_da=self.description_da.data,
            description_en=self.description_en.data,
        )
