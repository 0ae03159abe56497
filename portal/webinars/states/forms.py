"""The form of a step that wants a reason."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from portal.core.fields import filled_in, longest
from portal.core.forms import PortalForm
from portal.core.texts import gettext as _
from portal.webinars.states.rules import Reason


class StepForm(PortalForm):
    reason_da = StringField(_l("Why, in Danish"), [longest(300)], description=_l("One sentence. Readers see it."))
    reason_en = StringField(_l("Why, in English"), [longest(300)], description=_l("One sentence. Readers see it."))
    reason = TextAreaField(_l("Why"), [longest(2000)])
    wants = Reason.NONE

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.wants is Reason.FOR_READERS and not self.reason_da.data and not self.reason_en.data:
            self.reason_da.errors = [_("Say why, in Danish or in English.")]
            is_valid = False
        return is_valid

    def validate_reason(self, field: Any) -> None:
        if self.wants is Reason.FOR_STAFF:
            filled_in(_l("Say why, in a sentence: it stands in the history."))(self, field)

    def reasons(self) -> dict[str, str]:
        return {"reason_da": self.reason_da.data or "", "reason_en": self.reason_en.data or ""}
