"""Numbers of many municipalities: classes for the map and what a strip says. Never a rank."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil
from statistics import median

LEVELS = (0, 1, 2, 3, 4)

Number = Decimal | int


@dataclass(frozen=True, slots=True)
class Band:
    """One colour of the map: how many values lie from `low` to `high`, both among them."""

    level: int
    low: Number
    high: Number
    count: int


def bands(values: Collection[Number], levels: Sequence[int] = LEVELS) -> list[Band]:
    """Classes of as equal numbers as ties allow: equal values are never parted, the rest is shared out anew."""
    rest = sorted(values)
    groups: list[list[Number]] = []
    while rest:
        share = ceil(len(rest) / (len(levels) - len(groups)))
        taken = bisect_right(rest, rest[share - 1])
        groups.append(rest[:taken])
        rest = rest[taken:]
    return [
        Band(_spread(place, len(groups), levels), members[0], members[-1], len(members))
        for place, members in enumerate(groups)
    ]


def count_bands(values: Collection[int]) -> list[Band]:
    """Classes of numbers of things: none at all is the lightest and a class of its own."""
    some = [value for value in values if value]
    none = len(values) - len(some)
    return ([Band(0, 0, 0, none)] if none else []) + bands(some, LEVELS[1:])


def level_of(value: Number, among: Sequence[Band]) -> int:
    """The level of the class a value lies in; it must be one of those the classes were made of."""
    return next(band.level for band in among if value <= band.high)


def decimals(values: Collection[Number]) -> int:
    """How many decimals make the values readable: fewer for large ones, never more than they have."""
    typical = median([abs(float(value)) for value in values if value] or [0.0])
    readable = 0 if typical >= 100 else 1 if typical >= 10 else 2
    given = max((-int(Decimal(value).normalize().as_tuple().exponent) for value in values), default=0)
    return max(0, min(readable, given))


@dataclass(frozen=True)
class Spread:
    """The known values of one indicator among `in_all` municipalities."""

    known: Mapping[int, Number]
    in_all: int
    is_count: bool = False

    @property
    def unknown(self) -> int:
        return self.in_all - len(self.known)

    @property
    def lowest(self) -> Number:
        return min(self.known.values())

    @property
    def highest(self) -> Number:
        return max(self.known.values())

    @cached_property
    def middle(self) -> float:
        return median([float(value) for value in self.known.values()])

    @property
    def share_lowest(self) -> int:
        """How many have the lowest value."""
        return sum(value == self.lowest for value in self.known.values())

    @cached_property
    def decimals(self) -> int:
        return decimals(list(self.known.values()))

    @cached_property
    def bands(self) -> list[Band]:
        values = list(self.known.values())
        return count_bands([int(value) for value in values]) if self.is_count else bands(values)

    def level(self, municipality_id: int) -> int | None:
        """Its colour on the map; none where the value is unknown."""
        value = self.known.get(municipality_id)
        return None if value is None else level_of(value, self.bands)

    @property
    def ticks(self) -> list[float | None]:
        """Every value for a strip, and a none for each unknown one."""
        return [*map(float, self.known.values()), *[None] * self.unknown]


@dataclass(frozen=True)
class Ordered(Spread):
    """Words in an order instead of numbers: each known value is the place of its word.

    Each word is a class of its own; those beyond five share the last.
    """

    @cached_property
    def bands(self) -> list[Band]:
        places = sorted(set(self.known.values()))
        counts = Counter(self.known.values())
        groups = [group for group in [*([one] for one in places[:4]), places[4:]] if group]
        return [
            Band(_spread(number, len(groups), LEVELS), group[0], group[-1], sum(counts[place] for place in group))
            for number, group in enumerate(groups)
        ]

    @property
    def most_common(self) -> Number:
        return Counter(self.known.values()).most_common(1)[0][0]


@dataclass(frozen=True)
class Staged(Spread):
    """Stages instead of numbers: each has its own colour, also where no municipality has come so far."""

    @cached_property
    def bands(self) -> list[Band]:
        counts = Counter(self.known.values())
        return [Band(stage, stage, stage, counts[stage]) for stage in LEVELS]

    def level(self, municipality_id: int) -> int | None:
        stage = self.known.get(municipality_id)
        return None if stage is None else int(stage)


def _spread(place: int, groups: int, levels: Sequence[int]) -> int:
    """Few classes still use the whole scale from light to dark."""
    if groups == 1:
        return levels[len(levels) // 2]
    return levels[round(place * (len(levels) - 1) / (groups - 1))]
