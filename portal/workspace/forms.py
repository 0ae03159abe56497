"""The shape of what people keep of their workspace."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.core.forms import PortalForm
from portal.workspace.models import NAME_LENGTH


class SaveViewForm(PortalForm):
    name = StringField(_l("Name of the view"), [InputRequired(_l("Give the view a name.")), Length(max=NAME_LENGTH)])


class DropViewForm(PortalForm):
    """One button."""
