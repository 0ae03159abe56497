"""The forms in which people come into a project."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

from portal.accounts.models import EMAIL_LENGTH
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.projects.models import TeamRole
from portal.projects.team.operations import SHARED_AS


class MemberForm(PortalForm):
    account = SelectField(_l("Person"), coerce=int)
    role = SelectField(_l("What they do"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.role.choices = [(one.value, label(one)) for one in TeamRole]


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
