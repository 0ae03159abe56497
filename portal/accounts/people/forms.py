"""The shape of what is sent about the people of a partner."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.accounts.forms import EmailAddress
from portal.accounts.models import EMAIL_LENGTH, MembershipRole
from portal.core.forms import PortalForm
from portal.core.labels import label

LONGEST_MESSAGE = 2000
ACCEPT, REFUSE = "accept", "refuse"


def role_choices() -> list[SelectChoice]:
    return [SelectChoice(role.value, label(role)) for role in (MembershipRole.EDITOR, MembershipRole.ADMIN)]


class InviteForm(PortalForm):
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Write the person’s e-mail address.")), Length(max=EMAIL_LENGTH), EmailAddress()],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        _l("What may the person do?"),
        description=_l("Administering means also: the profile, people and invitations."),
        default=MembershipRole.EDITOR.value,
    )
    message = TextAreaField(
        _l("Message"), [Length(max=LONGEST_MESSAGE)], description=_l("Stands in the mail."), default=""
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = role_choices()


class RoleForm(PortalForm):
    role = RadioField(_l("What may the person do?"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = role_choices()


class ReasonForm(PortalForm):
    reason = TextAreaField(_l("Reason"), [Length(max=LONGEST_MESSAGE)], default="")


class DecisionForm(PortalForm):
    """Accept with a role, or refuse with a reason."""

    decision = RadioField(_l("Your answer"), [InputRequired(_l("Choose an answer."))])
    role = RadioField(_l("If you accept: what may the person do?"), default=MembershipRole.EDITOR.value)
    reason = TextAreaField(
        _l("If you refuse: why?"),
        [Length(max=LONGEST_MESSAGE)],
        description=_l("It is mailed to the person."),
        default="",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.decision.choices = [SelectChoice(ACCEPT, _l("Accept")), SelectChoice(REFUSE, _l("Refuse"))]
        self.role.choices = role_choices()

    def validate_reason(self, field: Any) -> None:
        if self.decision.data == REFUSE and not field.data:
            raise ValidationError(_l("Say why you refuse."))


class Button(PortalForm):
    """One decision as one button."""
