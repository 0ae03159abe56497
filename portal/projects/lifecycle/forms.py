"""The forms in which a project goes on, and says how it goes."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation

from portal.core.bilingual import Language
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.texts import gettext as _
from portal.projects.models import Health

SENTENCE = [Length(max=400, message=_l("Write at most %(max)d characters."))]


class StepForm(PortalForm):
    reason = TextAreaField(_l("Why"), [Length(max=2000, message=_l("Write at most %(max)d characters."))])
    wants_reason = False

    def validate_reason(self, field: Any) -> None:
        if self.wants_reason and not field.data:
            raise StopValidation(_("Say why, in a sentence: it stands in the history."))


class HealthForm(RevisionForm):
    health = RadioField(_l("How it goes"), [InputRequired(_l("Choose one."))])
    health_sentence_da = TextAreaField(_l("Why, in a sentence, in Danish"), SENTENCE)
    health_sentence_en = TextAreaField(_l("Why, in a sentence, in English"), SENTENCE)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.health.choices = [(one.value, label(one)) for one in Health]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.health_sentence_da.data or self.health_sentence_en.data:
            return is_valid
        self.health_sentence_da.errors = [_("Say why, in a sentence, in Danish or in English.")]
        return False

    def sentences(self) -> dict[Language, str]:
        return {"da": self.health_sentence_da.data or "", "en": self.health_sentence_en.data or ""}
