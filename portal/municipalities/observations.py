"""What has been observed of one municipality: its figures against all others, and what sources say of it in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal.core import generations
from portal.core.db import db
from portal.municipalities.measures import Number, Spread
from portal.municipalities.models import EarlierValue, Indicator, Missing, Observation
from portal.municipalities.queries import INDICATOR, Answer, Earlier, Figure, indicators


def figures_of(municipality_id: int, in_all: int) -> list[Figure]:
    """Every numeric indicator with its latest numbers and this municipality's own."""
    numbers = generations.remembered("latest numbers", _latest_numbers)
    own = _own(municipality_id, is_number=True)
    corrected = _corrected(municipality_id)
    figures = []
    for indicator_id, observations in own.items():
        latest = numbers.get(indicator_id, Latest())
        # One that has no number of the latest period is unknown then, whatever it had before.
        said = next((one for one in reversed(observations) if one.observed == latest.period), None)
        last = said or observations[-1]
        earlier = [one for one in observations if one.number is not None and one.observed != latest.period]
        figures.append(
            Figure(
                last,
                Spread(latest.numbers, in_all),
                latest.period or last.observed or last.period,
                last.observed_source or last.source_url,
                last.retrieved or "",
                latest.numbers.get(municipality_id),
                missing=Missing(last.missing) if last.missing else None,
                before=Earlier(earlier[-1].observed, earlier[-1].number) if earlier else None,
                corrected=corrected.get(said.observation_id, ()) if said else (),
            )
        )
    return figures


def all_figures(in_all: int) -> list[Figure]:
    """Every numeric indicator with its latest numbers."""
    numbers = generations.remembered("latest numbers", _latest_numbers)
    return [
        Figure(one, Spread(latest.numbers, in_all), latest.period or one.period, one.source_url, "")
        for one in indicators()
        if one.is_number
        for latest in (numbers.get(one.indicator_id, Latest()),)
    ]


def answers_of(municipality_id: int) -> list[Answer]:
    """What the indicators that are words say of this municipality; no observations where nothing is known."""
    own = _own(municipality_id, is_number=False)
    return [Answer(rows[0], [row for row in rows if row.word], _why(rows)) for rows in own.values()]


def _why(observations: Sequence[Any]) -> Missing | None:
    """Why there is no word, where the source says so."""
    said = [Missing(row.missing) for row in observations if row.missing]
    return said[-1] if said and not any(row.word for row in observations) else None


def _corrected(municipality_id: int) -> dict[int, list[Any]]:
    """Observation → what it said earlier, the latest first."""
    columns = (EarlierValue.observation_id, EarlierValue.number, EarlierValue.retrieved, EarlierValue.replaced_at)
    statement = (
        select(*columns)
        .join(Observation, EarlierValue.observation_id == Observation.id)
        .where(Observation.municipality_id == municipality_id)
        .order_by(EarlierValue.id.desc())
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.observation_id, []).append(row)
    return found


@dataclass(frozen=True)
class Latest:
    """The numbers of an indicator's latest period: municipality → number."""

    period: str = ""
    numbers: Mapping[int, Number] = field(default_factory=dict)


def _latest_numbers() -> Mapping[int, Latest]:
    """Indicator → its latest numbers: two thousand that all pages share."""
    latest = (
        select(Observation.indicator_id, func.max(Observation.period).label("period"))
        .where(Observation.number.is_not(None))
        .group_by(Observation.indicator_id)
        .subquery()
    )
    statement = (
        select(Observation.indicator_id, Observation.municipality_id, Observation.number, Observation.period)
        .join(
            latest,
            (latest.c.indicator_id == Observation.indicator_id) & (latest.c.period == Observation.period),
        )
        .where(Observation.number.is_not(None))
    )
    numbers: dict[int, dict[int, Number]] = {}
    periods: dict[int, str] = {}
    for indicator_id, where, number, period in db.session.execute(statement):
        if number is not None:
            numbers.setdefault(indicator_id, {})[where] = number
            periods[indicator_id] = period
    return {indicator_id: Latest(periods[indicator_id], known) for indicator_id, known in numbers.items()}


def _own(municipality_id: int, *, is_number: bool) -> dict[int, list[Any]]:
    """Indicator → its rows with this municipality's observations, oldest first; one bare row without any."""
    statement = (
        select(
            *INDICATOR,
            Observation.id.label("observation_id"),
            Observation.missing,
            Observation.number,
            Observation.word,
            Observation.period.label("observed"),
            Observation.source_url.label("observed_source"),
            Observation.source_note.label("observed_note"),
            Observation.retrieved,
        )
        .outerjoin(
            Observation,
            (Observation.indicator_id == Indicator.id) & (Observation.municipality_id == municipality_id),
        )
        .where(Indicator.is_number == is_number)
        .order_by(Indicator.position, Indicator.id, Observation.period, Observation.word)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.indicator_id, []).append(row)
    return found
