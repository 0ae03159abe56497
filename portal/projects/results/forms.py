"""The shape of a result."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from portal.core.fields import NumberField, longest, web_address
from portal.projects.parts.forms import ChoiceField, PartForm, VisibilityField

PLACES = 4


class ResultForm(PartForm):
    texts = ("claim_da", "claim_en", "indicator_da", "indicator_en")
    values = ("baseline", "value", "unit", "evidence_url", "deliverable_id", "document_id", "visibility")

    claim_da = TextAreaField(_l("What came of it, in Danish"), [longest(600)])
    claim_en = TextAreaField(_l("What came of it, in English"), [longest(600)])
    indicator_da = StringField(_l("What was measured, in Danish"), [longest(200)])
    indicator_en = StringField(_l("What was measured, in English"), [longest(200)])
    baseline = NumberField(_l("Before"), places=PLACES)
    value = NumberField(_l("After"), places=PLACES)
    unit = StringField(_l("Unit"), [longest(60)], description=_l("For instance %, kWh a year, minutes."))
    evidence_url = StringField(
        _l("Evidence on the web"), [longest(2000), web_address], description=_l("A web address or a DOI.")
    )
    deliverable_id = ChoiceField(_l("Evidence among the deliverables"))
    document_id = ChoiceField(_l("Evidence among the project's documents"))
    visibility = VisibilityField()
