"""What sources say of several municipalities, one indicator beneath the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from portal.core.bilingual import Shown, text_of
from portal.core.db import read
from portal.municipalities.measures import decimals
from portal.municipalities.models import Indicator, Municipality, Observation
from portal.municipalities.queries import INDICATOR

PLACE = (
    Municipality.id,
    Municipality.slug,
    Municipality.code,
    Municipality.name_da,
    Municipality.name_en,
    Municipality.population,
    Municipality.population_date,
    Municipality.area_km2,
    Municipality.source_url,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one municipality: a number, or words; of another period than the others' where that is given."""

    number: Decimal | None
    words: Sequence[str]
    period: str
    source_url: str


@dataclass(frozen=True)
class Line:
    """An indicator and what it says of each municipality; one that it says nothing of is not among them."""

    about: Any
    period: str
    said: Mapping[int, Said]

    @property
    def name(self) -> Shown:
        return text_of(self.about, "name")

    @property
    def decimals(self) -> int:
        return decimals([one.number for one in self.said.values() if one.number is not None])

    @property
    def source_url(self) -> str:
        """Where the period's figures are from, where they are all from one place; else the indicator's own source."""
        urls = {one.source_url for one in self.said.values() if one.period == self.period and one.source_url}
        return urls.pop() if len(urls) == 1 else str(self.about.source_url)


_PLACES = select(*PLACE).where(Municipality.slug.in_(bindparam("slugs", expanding=True)))
_SAID = (
    select(
        *INDICATOR,
        Observation.municipality_id,
        Observation.number,
        Observation.word,
        Observation.period.label("observed"),
        Observation.source_url.label("observed_source"),
    )
    .outerjoin(
        Observation,
        (Observation.indicator_id == Indicator.id) & Observation.municipality_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(Indicator.position, Indicator.id, Observation.period, Observation.word)
)


def places(slugs: Sequence[str]) -> list[Any]:
    """The municipalities of these slugs, in their order."""
    rows = {row.slug: row for row in read(_PLACES, slugs=list(slugs))}
    return [rows[slug] for slug in slugs if slug in rows]


def lines(ids: Sequence[int]) -> list[Line]:
    """Every indicator with what it says of these municipalities, of the same period as far as that goes."""
    found: dict[int, list[Any]] = {}
    for row in read(_SAID, ids=list(ids)):
        found.setdefault(row.indicator_id, []).append(row)
    return [_line(rows) for rows in found.values()]


def _line(rows: Sequence[Any]) -> Line:
    of: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        if row.municipality_id is not None and (row.number is not None or row.word):
            of.setdefault((row.municipality_id, row.observed), []).append(row)
    period = shared_period(of) or rows[0].period
    said = {}
    for place in dict.fromkeys(place for place, _period in of):
        own = [one for there, one in of if there == place]
        observed = period if period in own else own[-1]
        here = of[place, observed]
        words = [row.word for row in here if row.word]
        said[place] = Said(here[0].number, words, observed, here[0].observed_source)
    return Line(rows[0], period, said)


def shared_period(known: Mapping[tuple[int, str], object]) -> str:
    """The period of which most municipalities are known, the latest of several; empty where nothing is known."""
    counts = Counter(period for _place, period in known)
    return max(counts, key=lambda period: (counts[period], period), default="")
