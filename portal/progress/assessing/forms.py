"""The shape of a judgement, and of what it rests on."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.fields import DayField, filled_in, longest, web_address
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.picking import PickerField
from portal.core.texts import gettext as _
from portal.progress.assessing.operations import HOLDS_YEARS, Judgement, Piece
from portal.progress.labels import STAGES
from portal.progress.models import Dimension, EvidenceKind

UNKNOWN = "unknown"
LONGEST_REMARK = 2000
OFFERED = (EvidenceKind.URL, EvidenceKind.DOCUMENT, EvidenceKind.PROJECT, EvidenceKind.DATASET)


class StageField(RadioField):
    """One of the five stages as its dimension words them, or that nobody knows; `data` is a number or none."""

    data: Any

    def __init__(self, text: Any = None, **options: Any) -> None:
        super().__init__(text or _l("Stage"), choices=[], coerce=str, **options)
        self.unknown: Any = _l("Unknown: nobody knows")

    def offer(self, dimension: Dimension) -> None:
        """Offer the stages with what each means in the dimension."""
        meanings = {one.stage: one for one in dimension.stages}
        self.choices = [
            (
                str(number),
                f"{number} {name}: {text_of(meanings[number], 'meaning')}"
                if number in meanings
                else f"{number} {name}",
            )
            for number, name in enumerate(STAGES)
        ]
        self.choices.append((UNKNOWN, str(self.unknown)))

    def process_data(self, value: Any) -> None:
        self.data = UNKNOWN if value is None else str(value)

    @property
    def number(self) -> int | None:
        return None if self.data == UNKNOWN else int(self.data)


class JudgementForm(RevisionForm):
    stage = StageField()
    assessed_on = DayField(_l("Judged on"), [filled_in(_l("Write the day on which it was judged."))])
    valid_until = DayField(
        _l("Holds until"), description=_l("After this day it is shown as out of date. Empty: it does not age.")
    )
    remark_da = TextAreaField(_l("Why this stage, in Danish"), [longest(LONGEST_REMARK)])
    remark_en = TextAreaField(_l("Why this stage, in English"), [longest(LONGEST_REMARK)])

    def __init__(self, *arguments: Any, dimension: Dimension, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.stage.offer(dimension)
        if options.get("obj") is None and not self.is_submitted() and self.assessed_on.data is None:
            today = clock.today()
            self.assessed_on.data = today
            self.valid_until.data = years_on(today, HOLDS_YEARS)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        judged, until = self.assessed_on.data, self.valid_until.data
        if judged and judged > clock.today():
            self.assessed_on.errors = [_("Write a day that has been.")]
            return False
        if judged and until and until <= judged:
            self.valid_until.errors = [_("Write a day after the one on which it was judged.")]
            return False
        return is_valid

    def judgement(self) -> Judgement:
        return Judgement(
            self.stage.number,
            self.assessed_on.data,
            self.valid_until.data,
            self.remark_da.data or "",
            self.remark_en.data or "",
        )


def years_on(day: date, years: int) -> date:
    """The same day some years later; the day before where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class EvidenceForm(PortalForm):
    kind = RadioField(_l("What it is"), choices=[], default=EvidenceKind.URL.value)
    sentence_da = StringField(_l("What it shows, in Danish"), [longest(300)])
    sentence_en = StringField(_l("What it shows, in English"), [longest(300)])
    url = StringField(_l("Web address"), [web_address], description=_l("Where a reader can check it."))
    project = PickerField(_l("Project"), kind="project", most=1)
    period = DayField(_l("It is from"), description=_l("The day of the decision, the document or the figures."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kind.choices = [(one.value, label(one)) for one in OFFERED]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        is_project = self.kind.data == EvidenceKind.PROJECT
        if is_project and not self.project.data:
            self.project.errors = [*self.project.errors, _("Choose the project.")]
            return False
        if not is_project and not (self.sentence_da.data or self.sentence_en.data):
            self.sentence_da.errors = [_("Write in Danish or in English what it shows; the other language can follow.")]
            return False
        if self.kind.data in (EvidenceKind.URL, EvidenceKind.DATASET) and not self.url.data:
            self.url.errors = [*self.url.errors, _("Write the web address.")]
            return False
        if self.period.data and self.period.data > clock.today():
            self.period.errors = [_("Write a day that has been.")]
            return False
        return is_valid

    def piece(self, project: Any = None) -> Piece:
        """What is said; where it is a project, that leads to its page and is called by its title."""
        kind = EvidenceKind(self.kind.data)
        said_da, said_en = self.sentence_da.data or "", self.sentence_en.data or ""
        if kind is EvidenceKind.PROJECT and project is not None and not (said_da or said_en):
            said_da, said_en = project.title_da, project.title_en
        return Piece(
            kind,
            said_da,
            said_en,
            (self.url.data or "") if kind is not EvidenceKind.PROJECT else "",
            self.period.data.isoformat() if self.period.data else "",
            project.slug if kind is EvidenceKind.PROJECT and project is not None else "",
        )
