"""The shape of what people decide about their own accounts."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.accounts.forms import LONGEST_PASSWORD, EmailAddress, NewPassword
from portal.accounts.models import EMAIL_LENGTH, NAME_LENGTH, MailChoice
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.web import LANGUAGE_NAMES


@dataclass(frozen=True)
class Profile:
    """What a person says of themselves and how the portal shall write to them."""

    name: str
    locale: str
    time_zone: str
    mail_choice: MailChoice


@lru_cache(maxsize=1)
def time_zones() -> list[str]:
    """The places whose clocks people go by (IANA), without the database's old and technical names."""
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return sorted(zone for zone in available_timezones() if zone.split("/")[0] in regions and "/" in zone)


class ProfileForm(RevisionForm):
    name = StringField(
        _l("Name"),
        [InputRequired(_l("Write your name.")), Length(max=NAME_LENGTH)],
        description=_l("Colleagues see it beside what you do here."),
        render_kw={"autocomplete": "name"},
    )
    locale = RadioField(_l("Language of mails"), choices=[SelectChoice(*one) for one in LANGUAGE_NAMES.items()])
    time_zone = SelectField(_l("Time zone"))
    mail_choice = RadioField(
        _l("Mail about what happens in your projects and at the desk"),
        description=_l("What concerns your account itself, such as a new password, is always mailed."),
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.time_zone.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in time_zones()]
        self.mail_choice.choices = [SelectChoice(choice.value, label(choice)) for choice in MailChoice]

    def details(self) -> Profile:
        return Profile(
            name=self.name.data,
            locale=self.locale.data,
            time_zone=self.time_zone.data,
            mail_choice=MailChoice(self.mail_choice.data),
        )


class Button(PortalForm):
    """One decision as one button."""


class OwnerForm(PortalForm):
    """A change that asks for the present password, where the account has one."""

    present_password = PasswordField(
        _l("Your present password"),
        [Optional(), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password", "required": True},
    )


class EmailForm(OwnerForm):
    email = EmailField(
        _l("New e-mail address"),
        [InputRequired(_l("Write the new e-mail address.")), Length(max=EMAIL_LENGTH), EmailAddress()],
        render_kw={"autocomplete": "email"},
    )


class PasswordForm(OwnerForm):
    """`about` are the name and address of the account, which are no passwords."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password.")), NewPassword()],
        description=_l("At least 10 characters, better 15 or more: several words are easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *arguments: object, about: tuple[str, ...], **options: object) -> None:
        self.about = about
        super().__init__(*arguments, **options)
