"""The shape of what people send who have lost their password."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from portal.accounts.forms import EmailAddress, NewPassword
from portal.accounts.models import EMAIL_LENGTH
from portal.core.forms import PortalForm


class ResetForm(PortalForm):
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Write your e-mail address.")), Length(max=EMAIL_LENGTH), EmailAddress()],
        render_kw={"autocomplete": "username"},
    )


class SetPasswordForm(PortalForm):
    """`about` are the name and address of the account, which are no passwords."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password.")), NewPassword()],
        description=_l("At least 10 characters, better 15 or more: several words are easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *arguments: Any, about: tuple[str, ...] = (), **options: Any) -> None:
        self.about = about
        super().__init__(*arguments, **options)
