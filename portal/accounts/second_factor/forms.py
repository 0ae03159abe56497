"""The shape of what people send to prove that it is they."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.accounts.forms import LONGEST_PASSWORD
from portal.accounts.second_factor.passkeys import NAME_LENGTH
from portal.core.forms import PortalForm


class CodeForm(PortalForm):
    code = StringField(
        _l("Code from your app"),
        [InputRequired(_l("Write the six digits that your app shows.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class AppForm(CodeForm):
    """`secret_token` is the new secret, sealed: it is kept nowhere until a code has shown that the app has it."""

    secret_token = HiddenField(validators=[Length(max=100)])


class RecoveryCodeForm(PortalForm):
    code = StringField(
        _l("Recovery code"),
        [InputRequired(_l("Write one of the recovery codes that you kept.")), Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"},
    )


class PasskeyForm(PortalForm):
    """`answer_token` is what the browser says of a passkey, as JSON; static/js/passkey.js asks for it."""

    answer_token = HiddenField(
        validators=[
            InputRequired(_l("Your browser has sent no passkey. Passkeys need JavaScript.")),
            Length(max=20_000, message=_l("Your browser has sent no passkey. Passkeys need JavaScript.")),
        ]
    )


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        _l("Name"),
        [Length(max=NAME_LENGTH)],
        description=_l("To tell your passkeys apart, for example “Office laptop”."),
        render_kw={"autocomplete": "off"},
    )


class ConfirmForm(PortalForm):
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Write your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
