"""The shape of what is said about a barrier."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.core.fields import longest
from portal.projects.models import BarrierState, Severity
from portal.projects.parts.forms import PartForm, VisibilityField, WordField


class BarrierForm(PartForm):
    texts = ("note_da", "note_en")
    values = ("severity", "state", "visibility")

    note_da = StringField(_l("What stands in the way, in Danish"), [longest(300)], description=_l("One line."))
    note_en = StringField(_l("What stands in the way, in English"), [longest(300)], description=_l("One line."))
    severity = WordField(_l("How much"), Severity, _l("Not reported"))
    state = WordField(_l("How it stands"), BarrierState, default=BarrierState.OPEN)
    visibility = VisibilityField()
