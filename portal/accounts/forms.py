"""The shape of what people send about their accounts, and what its validators have in common."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.accounts.models import EMAIL_LENGTH
from portal.accounts.operations import ADDRESS
from portal.accounts.passwords import weakness
from portal.core.forms import PortalForm
from portal.core.labels import label

LONGEST_PASSWORD = 1000


class EmailAddress:
    """What looks like an e-mail address."""

    def __call__(self, _form: Any, field: Field) -> None:
        if not re.fullmatch(ADDRESS, field.data or ""):
            raise ValidationError(_l("Write an e-mail address, like name@example.org."))


class NewPassword:
    """A password that is neither short, nor common, nor what the form's `about` already says."""

    def __call__(self, form: Any, field: Field) -> None:
        if len(field.data) > LONGEST_PASSWORD:
            raise ValidationError(_l("Choose a password of at most 1,000 characters."))
        if found := weakness(field.data, *(one for one in form.about if one)):
            raise ValidationError(label(found))


class SignInForm(PortalForm):
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Write your e-mail address.")), Length(max=EMAIL_LENGTH)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Write your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
