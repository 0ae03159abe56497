"""The shape of what administrators send about an account."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectMultipleField, StringField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.permissions import Role
from portal.staff.people.operations import is_mixed


class EraseForm(PortalForm):
    """A button alone would be pressed too easily for what nobody can undo."""

    email = StringField(
        _l("The person’s e-mail address"),
        [Length(max=254)],
        description=_l("Write it to show that you mean this account."),
        render_kw={"autocomplete": "off"},
        default="",
    )


class RolesForm(PortalForm):
    roles = SelectMultipleField(
        _l("Staff roles"),
        description=_l("Every session of the person ends when the roles change. Staff need a second factor."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    reason = StringField(
        _l("Reason"),
        [Length(max=300)],
        description=_l("Needed for an administrator who also looks after content. The person is mailed it."),
        default="",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.roles.choices = [SelectChoice(role.value, label(role)) for role in Role]

    @property
    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(one) for one in self.roles.data or ())

    def validate_for(self, before: frozenset[Role], *, is_last: bool) -> bool:
        """What the fields alone cannot know."""
        if is_last and Role.ADMINISTRATOR not in self.chosen:
            self.roles.errors = [_("This is the last administrator.")]
        if is_mixed(self.chosen) and not is_mixed(before) and not self.reason.data:
            self.reason.errors = [_("Write why one person shall look after both accounts and content.")]
        return not (self.roles.errors or self.reason.errors)
