"""What is known of all municipalities together: stages as they stood at a time, and how knowledge grew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import any_of, read
from portal.core.generations import remembered
from portal.core.permissions import VISITOR
from portal.municipalities import queries as municipalities
from portal.progress.models import Assessment, Basis, Dimension, Evidence, Framework, Reply
from portal.progress.operations import beginning
from portal.progress.permissions import OUT, seen_by

DIMENSION = (
    Dimension.id,
    Dimension.slug,
    Dimension.name_da,
    Dimension.name_en,
    Dimension.asks_da,
    Dimension.asks_en,
    Framework.version,
    Framework.valid_from,
)
_DIMENSIONS = (
    select(*DIMENSION)
    .join(Framework, Dimension.framework_id == Framework.id)
    .where(Framework.valid_from.is_not(None))
    .order_by(Framework.valid_from, Framework.id, Dimension.position, Dimension.id)
)
# What everybody reads, for whoever reads it: the page of all municipalities tells no one more.
_SERIES = (
    select(
        Assessment.id,
        Assessment.municipality_id,
        Assessment.dimension_id,
        Assessment.stage,
        Assessment.is_least,
        Assessment.basis,
        Assessment.assessed_on,
        Assessment.reply,
        Assessment.valid_until,
        Assessment.published_at,
        Assessment.superseded_at,
    )
    .where(any_of(Assessment.state, OUT), Assessment.published_at.is_not(None), seen_by(VISITOR))
    .order_by(Assessment.published_at, Assessment.id)
)
_PERIODS = (
    select(Evidence.assessment_id, Evidence.period)
    .join(Assessment, Evidence.assessment_id == Assessment.id)
    .where(any_of(Assessment.state, OUT), seen_by(VISITOR))
)

MONTHS = 24
"""How far back the picture of what is known goes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a municipality had come in a dimension, as far as was known on a day."""

    assessment_id: int
    municipality_id: int
    stage: int
    is_least: bool
    is_old: bool
    """What it rests on was so longer ago than it holds."""

    basis: Basis
    assessed_on: date
    reply: Reply | None


def dimensions(day: date) -> Sequence[Any]:
    """The dimensions in force on a day, in their order: slug, name and question as pairs, version."""
    rows = remembered("dimensions of all versions", lambda: read(_DIMENSIONS).all())
    begun = [row for row in rows if row.valid_from <= day]
    return [row for row in begun if row.version == begun[-1].version]


def years() -> Sequence[int]:
    """The years at whose end something was in force, the first one first, and this year last."""
    first = min((row.published_at for row in _series()), default=None)
    this_year = clock.today().year
    return range(first.astimezone(clock.COPENHAGEN).year, this_year + 1) if first else [this_year]


def end_of(year: int) -> date:
    """The day that stands for a year: its last one, or today in the year that runs."""
    return min(date(year, 12, 31), clock.today())


def standing(day: date) -> Mapping[int, Sequence[Standing]]:
    """Dimension → what was in force at the end of a day, by the version that was; what was judged unknown is left out.

    Made of the series, so what later replaced it does not matter.
    """
    return remembered(("standing", day), lambda: _standing(day))


@dataclass(frozen=True, slots=True)
class YearEnd:
    """How far the municipalities had come in a dimension at the end of a year, or have come by today."""

    dimension: Any
    years: Sequence[str]
    """All that can be asked for, the last one stands for today."""

    year: str
    standing: Sequence[Standing]


def at_end_of(dimension: Any, wanted: str = "") -> YearEnd:
    """A dimension at the end of the year that is wanted; today, where nothing is known of such a year."""
    known = {str(year): year for year in years()}
    year = wanted if wanted in known else max(known)
    day = end_of(known[year])
    # Another version may have been in force then, with a dimension of the same name.
    then = next((one.id for one in dimensions(day) if one.slug == dimension.slug), 0)
    return YearEnd(dimension, list(known), year, standing(day).get(then, ()))


def _standing(day: date) -> Mapping[int, Sequence[Standing]]:
    end = _after(day)
    found: dict[int, list[Standing]] = {one.id: [] for one in dimensions(day)}
    for row in _series():
        if row.dimension_id in found and row.stage is not None and _held(row, end):
            is_old = row.valid_until is not None and row.valid_until < day
            said = (row.stage, row.is_least, is_old, row.basis, row.assessed_on, row.reply)
            found[row.dimension_id].append(Standing(row.id, row.municipality_id, *said))
    return found


def _series() -> Sequence[Any]:
    """Every assessment that holds or held, in the order in which they came into force."""
    return remembered("series of assessments", lambda: read(_SERIES).all())


def _held(row: Any, moment: datetime) -> bool:
    """It had come into force before a moment, and nothing had taken its place."""
    return row.published_at < moment and (row.superseded_at is None or row.superseded_at >= moment)


def _after(day: date) -> datetime:
    """The first moment of the day after."""
    return clock.start_of(day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Reading:
    """How much was known of a dimension at the end of a day."""

    dimension: Any
    day: date
    in_all: int
    known: int
    old: int

    @property
    def unknown(self) -> int:
        return self.in_all - self.known

    @property
    def up_to_date(self) -> int:
        return self.known - self.old


def growth() -> Sequence[Sequence[Reading]]:
    """At each month's end and today, the oldest first: how much was known of each dimension. Nothing without any."""
    return remembered("growth of what is known", lambda: [readings(day) for day in _month_ends()])


def readings(day: date) -> list[Reading]:
    """How much was known of each dimension at the end of a day."""
    in_all, held = len(municipalities.tiles()), standing(day)
    return [
        Reading(one, day, in_all, len(held[one.id]), sum(cell.is_old for cell in held[one.id]))
        for one in dimensions(day)
    ]


def _month_ends() -> list[date]:
    first = min((row.published_at for row in _series()), default=None)
    if first is None:
        return []
    today, end = clock.today(), _month_end(first.astimezone(clock.COPENHAGEN).date())
    days = []
    while end < today:
        days.append(end)
        end = _month_end(end + timedelta(days=1))
    return [*days, today][-MONTHS:]


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Age:
    """How old is what the known stages of today rest on."""

    known: int
    young: int
    """From the last twelve months."""

    undated: int

    @property
    def older(self) -> int:
        return self.known - self.young - self.undated


def age(day: date) -> Mapping[int, Age]:
    """Dimension → the age of what is known today. A register's word is as old as its period, a judgement as its day."""
    return remembered(("age of what is known", day), lambda: _age(day))


def _age(day: date) -> Mapping[int, Age]:
    of = {row.id: row for row in _series()}
    said: dict[int, list[date]] = {}
    for row in read(_PERIODS):
        if began := beginning(row.period):
            said.setdefault(row.assessment_id, []).append(began)
    found = {}
    for dimension_id, cells in standing(day).items():
        dates = [_latest(of[cell.assessment_id], said) for cell in cells]
        young = sum(one is not None and one > day - timedelta(days=365) for one in dates)
        found[dimension_id] = Age(len(dates), young, dates.count(None))
    return found


def _latest(assessment: Any, said: Mapping[int, Sequence[date]]) -> date | None:
    if assessment.basis == Basis.REGISTER:
        return max(said.get(assessment.id, ()), default=None)
    found: date = assessment.assessed_on
    return found
