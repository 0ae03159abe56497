"""The map and table of the municipalities, and each one's page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock, listing
from portal.core.bilingual import text_of
from portal.core.listing import Choice, Listing
from portal.core.permissions import audience
from portal.core.templating import number
from portal.core.web import actor, address, pages, path_for, table_download
from portal.municipalities import labels, metadata, queries
from portal.municipalities.measures import LEVELS, Number, Ordered, Spread
from portal.municipalities.tiles import tile
from portal.news import queries as news
from portal.partners import queries as partners
from portal.progress import queries as progress
from portal.projects import queries as projects
from portal.webinars import queries as webinars

bp = pages("municipalities", __name__, "/municipalities")

DEFAULT = "co2e_per_capita"
PROJECTS = "projects"
POPULATION = "population"
TILES, BORDERS = "tiles", "borders"
RELATED = 6


@dataclass(frozen=True)
class Shown:
    """What the map is coloured by: an indicator, or the number of projects."""

    slug: str
    name: str
    spread: Spread
    figure: queries.Figure | None = None
    scale: Mapping[int, str] = field(default_factory=dict)
    """Where it is words: the place of each among them → what it is called."""

    answers: Mapping[int, str] = field(default_factory=dict)
    """Where it is words: municipality → all that is said of it."""

    cells: Mapping[int | str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    """On a small map: level, or "unknown" → the squares that have it."""

    @cached_property
    def unit(self) -> str:
        return labels.unit(self.figure.about.unit) if self.figure else ""

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


class Page:
    """What the table, its file and the map are made of."""

    def __init__(self) -> None:
        self.day = clock.today()
        self.tiles = queries.tiles()
        self.indicators = queries.indicators()
        self.projects = projects.count_by_municipality(Choice(), actor())
        self.partners = partners.count_by_seat(actor())
        self.wanted = request.args.get("indicator", "")
        self.wanted_period = request.args.get("period", "")
        self.shown = self._shown()
        self.plan = queries.plan(
            self.day, self.shown.spread.known, {"projects": self.projects, "partners": self.partners}
        )
        self.choice = listing.read(self.plan, request.args.items(multi=True))
        self.outline = queries.outline()
        self.wanted_map = request.args.get("map", TILES) or TILES

    @property
    def is_unknown(self) -> bool:
        """The address names an indicator that we do not have."""
        return bool(self.wanted) and self.wanted != self.shown.slug

    @property
    def map(self) -> str:
        """Which map is shown: where no boundaries are loaded, the tiles stand alone."""
        return BORDERS if self.wanted_map == BORDERS and self.outline else TILES

    @property
    def period(self) -> str:
        """The period that is shown, empty where things are counted as of today."""
        return self.shown.figure.period if self.shown.figure else ""

    @property
    def is_unknown_period(self) -> bool:
        """The address names a period of which there are no figures."""
        return bool(self.wanted_period) and self.wanted_period != self.period

    def squares(self) -> list[dict[str, Any]]:
        """What the map shows of each municipality; with its boundary, where the map is of those."""
        spread = self.shown.spread
        is_known = spread.known if self.shown.figure else {place for place, count in spread.known.items() if count}
        return [
            tile(
                place,
                path_for(".show", slug=place.slug),
                spread.level(place.id) if place.id in is_known else None,
                self.shown.value_of(place.id) or _("not reported"),
            )
            | {"path": self.outline.paths.get(place.id, "") if self.outline else ""}
            for place in self.tiles
        ]

    def _shown(self) -> Shown:
        if self.wanted == POPULATION and (people := queries.inhabitants(len(self.tiles), self.wanted_period)):
            return Shown(POPULATION, _("Population"), people.spread, people)
        known = {indicator.slug: indicator for indicator in self.indicators}
        indicator = known.get(self.wanted) or known.get(DEFAULT)
        if indicator is None or self.wanted == PROJECTS:
            counts = {place.id: self.projects.get(place.id, 0) for place in self.tiles}
            return Shown(PROJECTS, _("Projects"), Spread(counts, len(self.tiles), is_count=True))
        if not indicator.is_number:
            return _in_words(indicator, len(self.tiles))
        figure = queries.figure(indicator, len(self.tiles), self.wanted_period)
        return Shown(indicator.slug, str(figure.name), figure.spread, figure)


def _in_words(indicator: Any, in_all: int) -> Shown:
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
    return Shown(indicator.slug, str(figure.name), spread, figure, scale, answers)


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    page = Page()
    found = queries.listing_of(page.plan, page.choice, page.day, url_for(".index"))
    return render_template(
        "municipalities/index.html",
        listing=found,
        page=page,
        shown_measure=page.shown,
        groups=_by_theme(page.indicators),
        headers=_headers(found),
        words=labels,
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    page = Page()
    rows = queries.all_of(page.plan, page.choice, page.day)
    return table_download("municipalities", ending, _columns(page.shown), _cells(rows, page))


@bp.get("/figures")
@audience("everyone")
def figures() -> ResponseReturnValue:
    places = queries.tiles()
    groups: dict[str, list[Shown]] = {}
    for figure in queries.all_figures(len(places)):
        small = Shown(figure.about.slug, str(figure.name), figure.spread, figure, cells=_cells_by_level(places, figure))
        groups.setdefault(labels.theme(figure.about.theme), []).append(small)
    return render_template("municipalities/figures.html", groups=groups, words=labels)


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    municipality = queries.by_slug(slug)
    day = clock.today()
    cells = queries.tiles()
    region, coming = _regions(municipality, day)
    here = partners.of_municipality(municipality.id, actor())
    return render_template(
        "municipalities/show.html",
        municipality=municipality,
        region=region,
        coming=coming,
        last_day=region.valid_to - timedelta(days=1) if region and region.valid_to else None,
        cells=[(tile.tile_col, tile.tile_row) for tile in cells],
        figures=_figures_by_theme(queries.figures_of(municipality.id, len(cells))),
        answers=queries.answers_of(municipality.id),
        stages=progress.cells_of(municipality.id, day, actor()),
        stage_names=progress.STAGE_NAMES,
        own_partners=[row for row in here if row.is_own],
        partners=[row for row in here if not row.is_own],
        contacts=partners.contacts_in(municipality.id, actor()),
        projects=projects.of_municipality(municipality.id, actor()),
        news=news.of_municipality(municipality.id, actor(), limit=RELATED),
        webinars=webinars.of_municipality(municipality.id, actor(), limit=RELATED),
        words=labels,
        jsonld=metadata.jsonld(municipality, region.region if region else None),
    )


def _cells_by_level(places: Sequence[Any], figure: queries.Figure) -> dict[int | str, list[tuple[int, int]]]:
    cells: dict[int | str, list[tuple[int, int]]] = {}
    for place in places:
        level = figure.spread.level(place.id)
        cells.setdefault("unknown" if level is None else level, []).append((place.tile_col, place.tile_row))
    return cells


def _by_theme(indicators: Sequence[Any]) -> dict[str, list[Any]]:
    """Theme as readers call it → its indicators, in the order of the register."""
    groups: dict[str, list[Any]] = {}
    for indicator in indicators:
        groups.setdefault(labels.theme(indicator.theme), []).append(indicator)
    return groups


def _figures_by_theme(figures: Sequence[queries.Figure]) -> dict[str, list[queries.Figure]]:
    groups: dict[str, list[queries.Figure]] = {}
    for figure in figures:
        groups.setdefault(labels.theme(figure.about.theme), []).append(figure)
    return groups


def _regions(municipality: Any, day: date) -> tuple[Any, Any]:
    """The membership in force on a day, and the one that follows it."""
    stays = sorted(municipality.regions, key=lambda stay: stay.valid_from or date.min)
    now = next((one for one in stays if (one.valid_from or date.min) <= day < (one.valid_to or date.max)), None)
    coming = next((one for one in stays if one.valid_from and one.valid_from > day), None)
    return now, coming


DESCENDING = ("population", "area", "value-desc", "projects", "partners")


def _headers(found: Listing) -> Mapping[str, Any]:
    """Column → where its heading leads and how it is sorted now; on the sorted value it turns the order round."""
    now = found.choice.sort or found.plan.orders[0].name
    return {
        column: {
            "url": found.choice.url(found.path, sort="value-desc" if now == column == "value" else column),
            "sorted": ("descending" if now in DESCENDING else "ascending")
            if now.removesuffix("-desc") == column
            else "",
        }
        for column in ("name", "population", "area", "value", "projects", "partners")
    }


def _columns(shown: Shown) -> Sequence[str]:
    return (
        _("Code"),
        _("Municipality"),
        _("Region"),
        _("Population"),
        _("Population on"),
        _("Area (km²)"),
        f"{shown.name} ({shown.unit})" if shown.unit else shown.name,
        _("Period"),
        _("Source"),
        _("Projects"),
        _("Partners"),
        _("Address"),
    )


def _cells(rows: Sequence[Any], page: Page) -> Iterator[Sequence[Any]]:
    figure = page.shown.figure
    for row in rows:
        yield (
            row.code,
            str(text_of(row, "name")),
            str(text_of(row, "region")),
            row.population,
            row.population_date,
            row.area_km2,
            page.shown.cell(row.id),
            figure.period if figure else page.day.isoformat(),
            figure.source_url if figure else address(".index", indicator=PROJECTS),
            page.projects.get(row.id, 0),
            page.partners.get(row.id, 0),
            address(".show", slug=row.slug),
        )
