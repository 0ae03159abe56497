"""What pages ask about municipalities that are alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log
from typing import Any

from sqlalchemy import select

from portal.core.db import read
from portal.core.generations import remembered
from portal.municipalities.models import Indicator, Municipality, Observation
from portal.municipalities.peers.distance import EVEN, IN_PROPORTION, Distances, Measure, Peer, Profile, Weights
from portal.municipalities.queries import regions_on

GROWTH, GROUP = "population_growth_2020_2026", "municipality_group"
"""The indicators that tell how fast a municipality grows, and what group Statistics Denmark counts it to."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a municipality is compared by, as readers see it; a measure that is unknown is not among them."""

    place: Any
    values: Mapping[Measure, Any]


@dataclass(frozen=True)
class Register:
    """All municipalities as they can be compared on a day."""

    facts: Mapping[int, Facts]
    distances: Distances
    indicators: Mapping[str, Any]
    """Where growth and group come from: slug → its names, period and source."""

    def nearest(self, municipality_id: int, weights: Weights = EVEN) -> list[Peer]:
        return self.distances.nearest(municipality_id, weights)

    @property
    def unknown(self) -> dict[Measure, int]:
        """Of how many municipalities each measure is unknown, where it is."""
        profiles = self.distances.profiles.values()
        counts = {measure: sum(measure not in profile for profile in profiles) for measure in Measure}
        return {measure: count for measure, count in counts.items() if count}


def register(day: date) -> Register:
    """Everything that municipalities are compared by, made once for each state of the data and day."""
    return remembered(("peers", day), lambda: _register(day))


_PLACES = select(
    Municipality.id,
    Municipality.slug,
    Municipality.name_da,
    Municipality.name_en,
    Municipality.population,
    Municipality.area_km2,
    Municipality.website,
).order_by(Municipality.code)
_SAID = (
    select(
        Observation.municipality_id,
        Observation.number,
        Observation.word,
        Observation.period,
        Observation.source_url,
        Indicator.slug,
        Indicator.name_da,
        Indicator.name_en,
        Indicator.source_name,
    )
    .join(Indicator, Observation.indicator_id == Indicator.id)
    .where(Indicator.slug.in_([GROWTH, GROUP]))
    .order_by(Observation.period, Observation.id)
)


def _register(day: date) -> Register:
    regions: dict[int, str] = dict(read(regions_on(day)).all())
    said: dict[tuple[int, str], Any] = {}
    indicators: dict[str, Any] = {}
    for row in read(_SAID):
        # The latest period comes last and stays.
        said[row.municipality_id, row.slug] = indicators[row.slug] = row
    facts = {}
    for place in read(_PLACES):
        growth, group = said.get((place.id, GROWTH)), said.get((place.id, GROUP))
        values = {
            Measure.POPULATION: place.population,
            Measure.DENSITY: _density(place.population, place.area_km2),
            Measure.AREA: place.area_km2,
            Measure.GROWTH: growth.number if growth else None,
            Measure.REGION: regions.get(place.id),
            Measure.GROUP: group.word if group else None,
        }
        facts[place.id] = Facts(place, {measure: value for measure, value in values.items() if value not in (None, "")})
    return Register(facts, Distances({key: _profile(one.values) for key, one in facts.items()}), indicators)


def _density(population: int | None, area: Decimal | None) -> float | None:
    return population / float(area) if population is not None and area else None


def _profile(values: Mapping[Measure, Any]) -> Profile:
    """Numbers as they are compared. Nobody living there, or no land, is nothing to take a share of: unknown."""
    profile: dict[Measure, float | str] = {}
    for measure, value in values.items():
        if isinstance(value, str):
            profile[measure] = value
        elif measure not in IN_PROPORTION:
            profile[measure] = float(value)
        elif value > 0:
            profile[measure] = log(value)
    return profile
