"""What pages ask about municipalities."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import listing, slugs
from portal.core.bilingual import Shown, chosen, text_of
from portal.core.db import db, read
from portal.core.generations import remembered
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order, among
from portal.core.permissions import VISITOR
from portal.core.provenance import addresses
from portal.municipalities.measures import Number, Spread
from portal.municipalities.models import (
    Boundary,
    BoundarySource,
    Direction,
    Indicator,
    Missing,
    Municipality,
    MunicipalityRegion,
    Observation,
    Population,
    Region,
)
from portal.municipalities.permissions import seen_by

# What a row of the table shows. Columns, not objects: a list of twenty costs a third.
ROW = (
    Municipality.id,
    Municipality.slug,
    Municipality.code,
    Municipality.name_da,
    Municipality.name_en,
    Municipality.population,
    Municipality.population_date,
    Municipality.area_km2,
    Region.slug.label("region_slug"),
    Region.name_da.label("region_da"),
    Region.name_en.label("region_en"),
)
TILE = (
    Municipality.id,
    Municipality.slug,
    Municipality.name_da,
    Municipality.name_en,
    Municipality.tile_col,
    Municipality.tile_row,
)
INDICATOR = (
    Indicator.id.label("indicator_id"),
    Indicator.slug,
    Indicator.name_da,
    Indicator.name_en,
    Indicator.description_da,
    Indicator.description_en,
    Indicator.theme,
    Indicator.unit,
    Indicator.direction,
    Indicator.is_number,
    Indicator.period,
    Indicator.source_name,
    Indicator.source_url,
    Indicator.licence,
    Indicator.caveat,
)


@dataclass(frozen=True)
class Counted:
    """What a figure that is no indicator says of itself."""

    unit: str
    source_name: str
    direction: Direction | None = None
    caveat: str = ""
    description_da: str = ""
    description_en: str = ""


POPULATION = Counted("inhabitants", "Statistics Denmark", Direction.NEUTRAL)


@dataclass(frozen=True)
class Earlier:
    """A number of a period that is past."""

    period: str
    number: Number


@dataclass(frozen=True)
class Figure:
    """An indicator's latest numbers: how they spread, and the one of a municipality where it is known."""

    about: Any
    spread: Spread
    period: str
    source_url: str
    retrieved: str
    ours: Number | None = None
    periods: Sequence[str] = ()
    """All that there are numbers of, the oldest first."""

    missing: Missing | None = None
    """Why there is no number of ours, where the source says so."""

    before: Earlier | None = None
    """Ours of the period before."""

    corrected: Sequence[Any] = ()
    """What was said of ours before it was corrected (number, retrieved, replaced_at), the latest first."""

    @property
    def name(self) -> Shown:
        return text_of(self.about, "name")

    @property
    def description(self) -> Shown:
        return text_of(self.about, "description")

    @property
    def direction(self) -> Direction | None:
        return Direction(self.about.direction) if self.about.direction else None


@dataclass(frozen=True)
class Answer:
    """What sources say of a municipality in words: one indicator, the observations of it."""

    about: Any
    observations: Sequence[Any]
    missing: Missing | None = None
    """Why there are none, where the source says so."""

    @property
    def name(self) -> Shown:
        return text_of(self.about, "name")

    @property
    def description(self) -> Shown:
        return text_of(self.about, "description")


def alphabetical() -> Any:
    """The order a reader expects of the names as the page shows them: Danish letters last, or plain English."""
    if chosen() == "da":
        return Municipality.sort_key
    return func.lower(func.coalesce(func.nullif(Municipality.name_en, ""), Municipality.name_da))


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → name in the page's language of the municipalities among the values, in alphabetical order."""
    return among(values, remembered(("municipality names", chosen()), _names))


def _names() -> dict[str, str]:
    columns = Municipality.slug, Municipality.name_da, Municipality.name_en
    return {row.slug: str(text_of(row, "name")) for row in read(select(*columns).order_by(alphabetical()))}


def tiles() -> Sequence[Any]:
    """Every municipality's place on the tile map: id, slug, names, tile_col, tile_row; alphabetical."""
    return _register().places


@dataclass(frozen=True)
class Outline:
    """The boundaries of the municipalities: paths by their ids in an SVG picture, and whom they are owed to."""

    width: int
    height: int
    frame: str
    attribution: str
    source_url: str
    dated: date | None
    paths: Mapping[int, str]


def outline() -> Outline | None:
    """The boundaries, if some are loaded."""
    return _register().outline


@dataclass(frozen=True)
class _Register:
    """What the maps of all pages are made of, and what the regions are called; read at once."""

    places: Sequence[Any]
    outline: Outline | None
    regions: Mapping[str, Any]


def _register() -> _Register:
    return remembered(("register", chosen()), _read_register)


def _read_register() -> _Register:
    source, region = BoundarySource, (Region.slug.label("region"), Region.name_da.label("region_da"))
    columns = (source.width, source.height, source.frame, source.attribution, source.source_url, source.dated)
    statement = (
        select(*TILE, Boundary.path, *region, Region.name_en.label("region_en"), *columns)
        .outerjoin(Boundary, Boundary.municipality_id == Municipality.id)
        .outerjoin(source, Boundary.source_id == source.id)
        .outerjoin(MunicipalityRegion, MunicipalityRegion.municipality_id == Municipality.id)
        .outerjoin(Region, MunicipalityRegion.region_id == Region.id)
        .order_by(alphabetical(), Municipality.id, Region.id)
    )
    # Once for each region that the municipality is, was or will be in.
    rows = read(statement).all()
    places = list({row.id: row for row in reversed(rows)}.values())[::-1]
    drawn = [row for row in places if row.path]
    return _Register(
        places,
        _outline(drawn) if drawn else None,
        {row.region: row for row in sorted(rows, key=lambda row: row.region_da or "") if row.region},
    )


def _outline(drawn: Sequence[Any]) -> Outline:
    of = drawn[0]
    paths = {row.id: row.path for row in drawn}
    return Outline(of.width, of.height, of.frame, of.attribution, of.source_url, of.dated, paths)


def in_force(day: date) -> ColumnElement[bool]:
    """The municipality belongs to the region on that day."""
    return or_(MunicipalityRegion.valid_from.is_(None), MunicipalityRegion.valid_from <= day) & or_(
        MunicipalityRegion.valid_to.is_(None), MunicipalityRegion.valid_to > day
    )


def regions_on(day: date) -> Any:
    """(municipality, slug of its region on that day)."""
    return (
        select(MunicipalityRegion.municipality_id, Region.slug)
        .join(Region, MunicipalityRegion.region_id == Region.id)
        .where(in_force(day))
    )


def region_names(values: Iterable[str]) -> dict[str, str]:
    """Slug → name in the page's language of the regions among the values, in alphabetical order."""
    return {slug: str(text_of(row, "region")) for slug, row in among(values, _register().regions).items()}


def plan(day: date, values: Mapping[int, Number], counts: Mapping[str, Mapping[int, int]]) -> ListingPlan:
    """The table of municipalities as the regions are on a day.

    It can be sorted by the `values` of the indicator it shows and by `counts` of other slices' things.
    """
    by_value, name = _by(values), alphabetical()
    return ListingPlan(
        key=Municipality.id,
        facets=(Facet("region", _l("Region"), regions_on(day), region_names),),
        orders=(
            Order("name", _l("Name"), (name,)),
            Order(
                "population",
                _l("Population"),
                (Municipality.population.desc().nulls_last(), name),
            ),
            Order("area", _l("Area"), (Municipality.area_km2.desc().nulls_last(), name)),
            Order("value", _l("Lowest value"), (by_value.asc().nulls_last(), name)),
            Order("value-desc", _l("Highest value"), (by_value.desc().nulls_last(), name)),
            *(Order(things, things, (_by(numbers).desc().nulls_last(), name)) for things, numbers in counts.items()),
        ),
        extra=("indicator", "period", "map"),
    )


def listing_of(plan_: ListingPlan, choice: Choice, day: date, path: str) -> Listing:
    """One page of the table as chosen."""
    return listing.show(plan_, choice, _rows(day), seen_by(VISITOR), path, VISITOR)


def all_of(plan_: ListingPlan, choice: Choice, day: date) -> Sequence[Any]:
    """Every municipality as chosen, in its order, for exports."""
    chosen_ones = listing.condition(plan_, choice, seen_by(VISITOR))
    return db.session.execute(_rows(day).where(chosen_ones).order_by(*listing.order_of(plan_, choice))).all()


def by_slug(slug: str) -> Municipality:
    """The municipality with its regions in time and its populations. `Moved`, `Gone` or `NotFound` without."""
    statement = (
        select(Municipality)
        .where(Municipality.slug == slug, seen_by(VISITOR))
        .options(
            joinedload(Municipality.regions).joinedload(MunicipalityRegion.region),
            selectinload(Municipality.populations),
        )
    )
    if "\x00" not in slug and (municipality := db.session.scalars(statement).unique().one_or_none()):
        return municipality
    raise slugs.missing("municipality", slug)


def indicators() -> Sequence[Any]:
    """What is measured or asked, in its order."""
    statement = select(*INDICATOR).order_by(Indicator.position, Indicator.id)
    return db.session.execute(statement).all()


def words_of(indicator_id: int) -> Mapping[int, Sequence[Any]]:
    """Municipality → what sources say of it (word, period, source_url, retrieved), for an indicator that is words."""
    statement = (
        select(Observation.municipality_id, Observation.word, *_TAKEN_FROM)
        .where(Observation.indicator_id == indicator_id, Observation.word != "")
        .order_by(Observation.municipality_id, Observation.period, Observation.word)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.municipality_id, []).append(row)
    return found


def inhabitants(in_all: int, year: str = "") -> Figure | None:
    """How many live in each municipality, in a year that was counted or the latest; nothing where none was."""
    sources = (Population.source_url, Population.retrieved)
    statement = select(Population.municipality_id, Population.year, Population.inhabitants, *sources)
    rows = db.session.execute(statement.order_by(Population.municipality_id)).all()
    years = [str(one) for one in sorted({row.year for row in rows})]
    if not years:
        return None
    wanted = year if year in years else years[-1]
    rows = [row for row in rows if str(row.year) == wanted]
    known = {row.municipality_id: row.inhabitants for row in rows}
    if wanted != years[-1]:
        # The address stands for the latest count; the older ones may be from elsewhere, which only a note tells.
        return Figure(
            replace(POPULATION, source_name="", caveat="see each municipality"),
            Spread(known, in_all),
            wanted,
            "",
            rows[0].retrieved,
            periods=years,
        )
    source = next(iter(addresses(rows[0].source_url)), "")
    return Figure(POPULATION, Spread(known, in_all), wanted, source, rows[0].retrieved, periods=years)


def figure(indicator: Any, in_all: int, period: str = "") -> Figure:
    """The numbers of one of `indicators()`: those of the period, or of the latest where it has none."""
    statement = (
        select(Observation.municipality_id, Observation.number, *_TAKEN_FROM)
        .where(Observation.indicator_id == indicator.indicator_id, Observation.number.is_not(None))
        .order_by(Observation.municipality_id)
    )
    rows = db.session.execute(statement).all()
    periods = sorted({row.period for row in rows})
    wanted = period if period in periods else periods[-1] if periods else indicator.period
    rows = [row for row in rows if row.period == wanted]
    first = rows[0] if rows else None
    return Figure(
        indicator,
        Spread({row.municipality_id: row.number for row in rows}, in_all),
        wanted,
        (first.source_url if first else "") or indicator.source_url,
        first.retrieved if first else "",
        periods=periods,
    )


_TAKEN_FROM = (Observation.period, Observation.source_url, Observation.retrieved)


def _rows(day: date) -> Any:
    return (
        select(*ROW)
        .select_from(Municipality)
        .outerjoin(MunicipalityRegion, (MunicipalityRegion.municipality_id == Municipality.id) & in_force(day))
        .outerjoin(Region, MunicipalityRegion.region_id == Region.id)
    )


def _by(numbers: Mapping[int, Number]) -> ColumnElement[Any]:
    """A column to sort by made of numbers that other queries brought."""
    return case({key: float(number) for key, number in numbers.items()} or {0: 0.0}, value=Municipality.id)
