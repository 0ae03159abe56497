"""The forms in which people come into a project."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from portal.accounts.models import EMAIL_LENGTH
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.texts import gettext as _
from portal.projects.models import TeamRole
from portal.projects.parts.forms import ChoiceField
from portal.projects.team.operations import SHARED_AS


class MemberForm(PortalForm):
    account = ChoiceField(_l("Person"))
    role = SelectField(_l("What they do"), default=TeamRole.CONTRIBUTOR.value)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = [(one.value, label(one)) for one in TeamRole]

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer the people who can be taken in; nobody is, whom nobody chose."""
        self.account.offer(people, _("Choose a person"))

    def validate_account(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Choose one from the list."))


class RoleForm(PortalForm):
    role = SelectField(_l("What they do"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = [(one.value, label(one)) for one in TeamRole]


class ShareForm(PortalForm):
    email = StringField(
        _l("E-mail address"),
        [
            InputRequired(_l("Write an e-mail address.")),
            Length(max=EMAIL_LENGTH, message=_l("Write at most %(max)d characters.")),
            Email(_l("Write an e-mail address, for instance name@example.org.")),
        ],
    )
    role = SelectField(_l("What they do"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = [(one.value, label(one)) for one in SHARED_AS]
