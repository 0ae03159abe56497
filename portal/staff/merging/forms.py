"""Which two partners, and which one stays."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from portal.core.forms import PortalForm


class PairForm(PortalForm):
    stays = SelectField(_l("The one that stays"), [InputRequired()])
    goes = SelectField(_l("The one that is merged into it"), [InputRequired()])
