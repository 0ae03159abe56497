"""How much two municipalities differ: one number over several measures, each counting the same unless weighted.

On each measure the squared difference of the two is divided by what it is on average over all pairs of municipalities.
The distance is the root of the weighted mean of those: 0 is alike in all that is compared, 1 as different as two
municipalities usually are. What is unknown of either is left out, and the distance says what it rests on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import variance
from types import MappingProxyType

LEAST_SHARE = 0.5
"""How much of the weight must be known of both for them to be compared at all."""


class Measure(StrEnum):
    """What municipalities are compared by. A large one differs from another by its share, not by its heads."""

    POPULATION = "population"
    DENSITY = "density"
    AREA = "area"
    GROWTH = "growth"
    REGION = "region"
    GROUP = "group"


IN_PROPORTION = frozenset({Measure.POPULATION, Measure.DENSITY, Measure.AREA})
"""Measures of which the logarithm is compared: twice as many is as far for a small place as for a large one."""

Weights = Mapping[Measure, float]
EVEN: Weights = MappingProxyType(dict.fromkeys(Measure, 1.0))
Profile = Mapping[Measure, float | str]
"""What is known of a municipality: numbers, and words that are the same or not."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another municipality, how far it is from ours, and what the two were compared by."""

    id: int
    distance: float
    compared: Sequence[Measure]


class Distances:
    """The distances between municipalities, by what is known of each."""

    def __init__(self, profiles: Mapping[int, Profile]) -> None:
        self.profiles = profiles
        self.usual = {measure: _usual(measure, profiles.values()) for measure in Measure}

    def between(self, one: int, other: int, weights: Weights = EVEN) -> Peer | None:
        """How far the other is from the one; nothing where too little is known of both."""
        ours, theirs = self.profiles.get(one, {}), self.profiles.get(other, {})
        compared = [measure for measure in Measure if weights[measure] and measure in ours and measure in theirs]
        weight = sum(weights[measure] for measure in compared)
        if not weight or weight < LEAST_SHARE * sum(weights.values()):
            return None
        parts = (weights[measure] * self._part(measure, ours[measure], theirs[measure]) for measure in compared)
        return Peer(other, sqrt(sum(parts) / weight), compared)

    def nearest(self, one: int, weights: Weights = EVEN) -> list[Peer]:
        """All that can be compared with a municipality, the most alike first."""
        found = (self.between(one, other, weights) for other in self.profiles if other != one)
        return sorted(filter(None, found), key=lambda peer: (peer.distance, peer.id))

    def _part(self, measure: Measure, ours: float | str, theirs: float | str) -> float:
        usual = self.usual[measure]
        return _squared(ours, theirs) / usual if usual else 0.0


def _squared(ours: float | str, theirs: float | str) -> float:
    if isinstance(ours, str) or isinstance(theirs, str):
        return float(ours != theirs)
    return (ours - theirs) ** 2


def _usual(measure: Measure, profiles: Iterable[Profile]) -> float:
    """The mean of the squared differences over all pairs of which both are known; 0 where there are none."""
    known = [profile[measure] for profile in profiles if measure in profile]
    if len(known) < 2:
        return 0.0
    numbers = [value for value in known if not isinstance(value, str)]
    if len(numbers) == len(known):
        return 2 * variance(numbers)
    alike = sum(count * (count - 1) for count in Counter(known).values())
    return 1 - alike / (len(known) * (len(known) - 1))
