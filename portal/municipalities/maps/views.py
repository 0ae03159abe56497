"""All municipalities on a map and in a table, one measure at a time, and all measures as small maps."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, listing
from portal.core.bilingual import text_of
from portal.core.listing import Listing
from portal.core.permissions import audience
from portal.core.web import actor, address, path_for, table_download
from portal.municipalities import labels, observations, queries
from portal.municipalities.blueprint import bp
from portal.municipalities.maps.measure import (
    STAGE,
    Measure,
    Stages,
    cells_by_level,
    in_words,
    of_numbers,
    of_stages,
    squares,
)
from portal.municipalities.measures import Spread
from portal.progress import queries as progress
from portal.progress.whole import queries as whole
from portal.projects import queries as projects

DEFAULT = "co2e_per_capita"
PROJECTS = "projects"
POPULATION = "population"
TILES, BORDERS = "tiles", "borders"


class Page:
    """What the table, its file and the map are made of."""

    def __init__(self) -> None:
        self.day = clock.today()
        self.tiles = queries.tiles()
        self.indicators = queries.indicators()
        self.dimensions = whole.dimensions(self.day)
        self.projects, self.partners = projects.counts_by_municipality(actor())
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
    def is_unknown_period(self) -> bool:
        """The address names a period of which there are no figures."""
        return bool(self.wanted_period) and self.wanted_period != self.shown.period

    def squares(self) -> list[dict[str, Any]]:
        """What the map shows of each municipality; with its boundary, where the map is of those."""
        made = squares(self.tiles, self.shown, lambda place: path_for(".show", slug=place.slug))
        paths = self.outline.paths if self.outline else {}
        return [square | {"path": paths.get(place.id, "")} for place, square in zip(self.tiles, made, strict=True)]

    def _shown(self) -> Measure:
        dimension = next((one for one in self.dimensions if STAGE + one.slug == self.wanted), None)
        if dimension is not None:
            return _stages(dimension, len(self.tiles), self.wanted_period)
        if self.wanted == POPULATION and (people := queries.inhabitants(len(self.tiles), self.wanted_period)):
            return Measure(POPULATION, _("Population"), people.spread, people)
        known = {indicator.slug: indicator for indicator in self.indicators}
        indicator = known.get(self.wanted) or known.get(DEFAULT)
        if indicator is None or self.wanted == PROJECTS:
            counts = {place.id: self.projects.get(place.id, 0) for place in self.tiles}
            return Measure(PROJECTS, _("Projects"), Spread(counts, len(self.tiles), is_count=True))
        if not indicator.is_number:
            return in_words(indicator, len(self.tiles))
        return of_numbers(queries.figure(indicator, len(self.tiles), self.wanted_period))


def _stages(dimension: Any, in_all: int, wanted: str = "") -> Stages:
    """How far the municipalities had come at the end of the year that is wanted, or have come by today."""
    return of_stages(whole.at_end_of(dimension, wanted), progress.STAGE_NAMES, in_all)


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
        is_staged=isinstance(page.shown, Stages),
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
    groups: dict[str, list[Measure]] = {}
    for figure in observations.all_figures(len(places)):
        groups.setdefault(labels.theme(figure.about.theme), []).append(of_numbers(figure))
    stages = [_stages(dimension, len(places)) for dimension in whole.dimensions(clock.today())]
    return render_template(
        "municipalities/figures.html",
        stages=stages,
        groups=groups,
        cells={one.slug: cells_by_level(places, one) for one in (*stages, *chain(*groups.values()))},
        words=labels,
    )


def _by_theme(indicators: Sequence[Any]) -> dict[str, list[Any]]:
    """Theme as readers call it → its indicators, in the order of the register."""
    groups: dict[str, list[Any]] = {}
    for indicator in indicators:
        groups.setdefault(labels.theme(indicator.theme), []).append(indicator)
    return groups


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


def _columns(shown: Measure) -> Sequence[str]:
    return (
        _("Code"),
        _("Municipality"),
        _("Region"),
        _("Population"),
        _("Population on"),
        _("Area (km²)"),
        *_value_columns(shown),
        _("Period"),
        _("Source"),
        _("Projects"),
        _("Partners"),
        _("Address"),
    )


def _value_columns(shown: Measure) -> Sequence[str]:
    if isinstance(shown, Stages):
        return f"{shown.name} ({_('Stage (0–4)')})", _("Stage"), _("At least"), _("Out of date")
    return (f"{shown.name} ({shown.unit})" if shown.unit else shown.name,)


def _value_cells(shown: Measure, place: int) -> Sequence[Any]:
    if not isinstance(shown, Stages):
        return (shown.cell(place),)
    stage = shown.spread.known.get(place)
    if stage is None:
        return None, _("not reported"), "", ""
    said = {True: _("Yes"), False: _("No")}
    return stage, shown.say(stage), said[place in shown.least], said[place in shown.old]


def _cells(rows: Sequence[Any], page: Page) -> Iterator[Sequence[Any]]:
    period, source = _taken_from(page)
    for row in rows:
        yield (
            row.code,
            str(text_of(row, "name")),
            str(text_of(row, "region")),
            row.population,
            row.population_date,
            row.area_km2,
            *_value_cells(page.shown, row.id),
            period,
            source,
            page.projects.get(row.id, 0),
            page.partners.get(row.id, 0),
            address(".show", slug=row.slug),
        )


def _taken_from(page: Page) -> tuple[str, str]:
    """The period and the source of what is shown."""
    shown = page.shown
    if isinstance(shown, Stages):
        return whole.end_of(int(shown.year)).isoformat(), address("progress.export", ending="csv")
    if shown.figure:
        return shown.period, shown.figure.source_url
    return page.day.isoformat(), address(".index", indicator=PROJECTS)
