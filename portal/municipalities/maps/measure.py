"""What a map and the table beneath it show of every municipality: a figure, words, a count or a stage."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.bilingual import Shown, text_of
from portal.core.templating import number
from portal.municipalities import labels, queries
from portal.municipalities.measures import LEVELS, Number, Ordered, Spread, Staged
from portal.municipalities.tiles import tile

STAGE = "stage-"
"""Before the name of a dimension, where an indicator could be named as well."""

Cells = Mapping[int | str, Sequence[tuple[int, int]]]
"""On a small map: level, "unknown" or "old" → the squares that have it."""


@dataclass(frozen=True)
class Measure:
    """What the map is coloured by: an indicator, or the number of projects."""

    slug: str
    name: str
    spread: Spread
    figure: queries.Figure | None = None
    scale: Mapping[int, str] = field(default_factory=dict)
    """Where it is words: the place of each among them → what it is called."""

    answers: Mapping[int, str] = field(default_factory=dict)
    """Where it is words: municipality → all that is said of it."""

    @cached_property
    def unit(self) -> str:
        return labels.unit(self.figure.about.unit) if self.figure else ""

    @property
    def is_told(self) -> bool:
        """That it is unknown of a municipality means that nobody has told; a count is never told."""
        return self.figure is not None

    @property
    def period(self) -> str:
        """The period that is shown, empty where things are counted as of today."""
        return self.figure.period if self.figure else ""

    @property
    def periods(self) -> Sequence[str]:
        """All that can be shown, the oldest first."""
        return self.figure.periods if self.figure else ()

    def period_name(self, period: str) -> str:
        return labels.period(period)

    def say(self, value: Number | float, *, unit: bool = False) -> str:
        if self.scale:
            return self.scale[int(value)]
        said = number(value, self.spread.decimals)
        if not unit or not self.unit:
            return said
        return _("%(number)s %(unit)s", number=said, unit=self.unit)

    def cell(self, municipality_id: int) -> Number | str | None:
        """A municipality's value for a file: a number, words, or nothing."""
        return self.answers.get(municipality_id) or self.spread.known.get(municipality_id)

    def value_of(self, municipality_id: int) -> str:
        """A municipality's value in words, empty where it is unknown."""
        value = self.spread.known.get(municipality_id)
        if value is None:
            return ""
        if self.answers:
            return self.answers[municipality_id]
        if self.figure is None:
            return ngettext("%(num)d project", "%(num)d projects", int(value))
        return self.say(value, unit=True)

    def is_old(self, _municipality_id: int) -> bool:
        """Whether what is known of a municipality is out of date."""
        return False


@dataclass(frozen=True)
class Stages(Measure):
    """How far the municipalities had come in a dimension at the end of a year."""

    spread: Staged
    about: Any = None
    least: frozenset[int] = frozenset()
    old: frozenset[int] = frozenset()
    years: Sequence[str] = ()
    year: str = ""

    @property
    def is_told(self) -> bool:
        return True

    @property
    def period(self) -> str:
        return self.year

    @property
    def periods(self) -> Sequence[str]:
        return self.years

    @property
    def asks(self) -> Shown:
        return text_of(self.about, "asks")

    @property
    def counts(self) -> list[tuple[int, str, int]]:
        """(stage, what it is called, how many have come so far), all stages."""
        return [(band.level, self.scale[band.level], band.count) for band in self.spread.bands]

    def period_name(self, period: str) -> str:
        return _("today") if period == self.years[-1] else period

    def value_of(self, municipality_id: int) -> str:
        stage = self.spread.known.get(municipality_id)
        if stage is None:
            return ""
        name = self.say(stage)
        return _("%(stage)s, at least", stage=name) if municipality_id in self.least else name

    def is_old(self, municipality_id: int) -> bool:
        return municipality_id in self.old


def in_words(indicator: Any, in_all: int) -> Measure:
    """What sources say in words: in the order the words have, or counted where they name things."""
    said = queries.words_of(indicator.indicator_id)
    answers = {place: ", ".join(labels.word(row.word) for row in rows) for place, rows in said.items()}
    if all(row.word in labels.ORDER for rows in said.values() for row in rows):
        spread: Spread = Ordered({place: labels.ORDER.index(rows[-1].word) for place, rows in said.items()}, in_all)
        scale = {place: labels.word(labels.ORDER[place]) for place in map(int, spread.known.values())}
    else:
        spread = Ordered({place: min(len(rows), len(LEVELS)) for place, rows in said.items()}, in_all)
        scale = {count: ngettext("%(num)d named", "%(num)d named", count) for count in map(int, spread.known.values())}
    first = next((rows[0] for rows in said.values()), None)
    source = (first.source_url if first else "") or indicator.source_url
    figure = queries.Figure(indicator, spread, indicator.period, source, first.retrieved if first else "")
    return Measure(indicator.slug, str(figure.name), spread, figure, scale, answers)


def of_numbers(figure: queries.Figure) -> Measure:
    """An indicator whose values are numbers."""
    return Measure(figure.about.slug, str(figure.name), figure.spread, figure)


def of_stages(told: Any, names: Sequence[Any], in_all: int) -> Stages:
    """A dimension as it stood at the end of a year (`progress.whole.queries.at_end_of`); `names` are its stages'."""
    return Stages(
        STAGE + told.dimension.slug,
        str(text_of(told.dimension, "name")),
        Staged({one.municipality_id: one.stage for one in told.standing}, in_all),
        about=told.dimension,
        scale={stage: str(name) for stage, name in enumerate(names)},
        least=frozenset(one.municipality_id for one in told.standing if one.is_least),
        old=frozenset(one.municipality_id for one in told.standing if one.is_old),
        years=told.years,
        year=told.year,
    )


def squares(places: Sequence[Any], measure: Measure, href: Callable[[Any], str]) -> list[dict[str, Any]]:
    """A square for `tile_map` of each municipality, in the order of `places`."""
    spread = measure.spread
    is_known = spread.known if measure.is_told else {place for place, count in spread.known.items() if count}
    is_staged = isinstance(measure, Stages)
    made = []
    for place in places:
        level = spread.level(place.id) if place.id in is_known else None
        is_old = measure.is_old(place.id)
        value = measure.value_of(place.id) or _("not reported")
        square = tile(place, href(place), level, _("%(value)s, out of date", value=value) if is_old else value)
        made.append(square | {"step": level if is_staged else None, "is_old": is_old})
    return made


def cells_by_level(places: Sequence[Any], measure: Measure) -> Cells:
    """Where the squares of each colour lie, and under "old" once more those that are out of date."""
    cells: dict[int | str, list[tuple[int, int]]] = {}
    for place in places:
        level = measure.spread.level(place.id)
        square = (place.tile_col, place.tile_row)
        cells.setdefault("unknown" if level is None else level, []).append(square)
        if measure.is_old(place.id):
            cells.setdefault("old", []).append(square)
    return cells
