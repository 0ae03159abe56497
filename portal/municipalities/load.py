"""Taking in regions.csv, municipalities.csv, indicator_definitions.csv and indicators.csv."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from portal.core import generations, intake, slugs, tables
from portal.core.db import db
from portal.core.intake import Intake, Outcome
from portal.core.sorting import sort_key
from portal.core.tables import Column, Row, Table
from portal.municipalities.models import (
    Indicator,
    Municipality,
    MunicipalityRegion,
    Observation,
    Population,
    Region,
)
from portal.municipalities.operations import Said, say
from portal.municipalities.words import DIRECTIONS, LISTS, MISSING, THEMES, VALUE_TYPES, bounds
from portal.search import outbox

KIND = "municipality"
CODE = tables.pattern("[0-9]{4}", "a code of four digits")
_OLDER_POPULATION = re.compile("population_([0-9]{4})")


def _period_in_order(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if values["valid_from"] and values["valid_to"] and values["valid_from"] >= values["valid_to"]:
        yield "valid_to", "is not after valid_from"
    if values["successor"] and not values["valid_to"]:
        yield "successor", "needs a valid_to"


REGIONS = Table(
    "regions.csv",
    (
        Column("slug", tables.key(), required=True),
        Column("code", CODE),
        Column("name_da", tables.text(120), required=True),
        Column("name_en", tables.text(120), blank=""),
        Column("valid_from", tables.day),
        Column("valid_to", tables.day),
        Column("successor", tables.key()),
        Column("source_url", tables.addresses, required=True),
        Column("note", tables.text(), optional=True, blank=""),
    ),
    key=("slug",),
    check=_period_in_order,
)


def _dated_population(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if values["population"] is not None and values["population_date"] is None:
        yield "population_date", "is blank although there is a population"


def _older_population(header: str) -> Column | None:
    """`population_2020` and the like: inhabitants on 1 January of that year."""
    return Column(header, tables.whole()) if _OLDER_POPULATION.fullmatch(header) else None


MUNICIPALITIES = Table(
    "municipalities.csv",
    (
        Column("kommunekode", CODE, required=True),
        Column("name_da", tables.text(120), required=True),
        Column("name_en", tables.text(120), blank=""),
        Column("region_code", tables.text(120), required=True),
        Column("landsdel_da", tables.text(120), blank=""),
        Column("nuts3", tables.pattern("DK[0-9A-Z]{3}", "a NUTS 3 code such as DK011"), blank=""),
        Column("population", tables.whole()),
        Column("population_date", tables.day),
        Column("area_km2", tables.number(0, 100_000)),
        Column("lat", tables.number(-90, 90)),
        Column("lon", tables.number(-180, 180)),
        Column("website", tables.address, blank=""),
        Column("tile_col", tables.whole(0, 99), required=True),
        Column("tile_row", tables.whole(0, 99), required=True),
        Column("source_url", tables.addresses, required=True),
        Column("source_note", tables.text(), blank=""),
        Column("retrieved", tables.text(200), blank=""),
    ),
    key=("kommunekode",),
    check=_dated_population,
    more=_older_population,
)

INDICATORS = Table(
    "indicator_definitions.csv",
    (
        Column("indicator_id", tables.key(60), required=True),
        Column("name_en", tables.text(200), blank=""),
        Column("name_da", tables.text(200), required=True),
        Column("theme", tables.word(THEMES), blank=""),
        Column("unit", tables.text(60), blank=""),
        Column("direction", tables.word(DIRECTIONS)),
        Column("value_type", tables.word(VALUE_TYPES), required=True),
        Column("period", tables.text(40), blank=""),
        Column("source_name", tables.text(200), blank=""),
        Column("source_url", tables.addresses, required=True),
        Column("licence", tables.text(200), blank=""),
        Column("description_en", tables.text(), blank=""),
        Column("description_da", tables.text(), blank=""),
        Column("caveat", tables.text(), blank=""),
        Column("least", tables.number(), optional=True),
        Column("most", tables.number(), optional=True),
    ),
    key=("indicator_id",),
)


def _observation_key(values: Mapping[str, Any]) -> str:
    key = f"{values['kommunekode']}/{values['indicator_id']}/{values['period']}"
    return f"{key}/{values['value']}" if values["indicator_id"] in LISTS else key


def _value_or_reason(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not values["value"] and values["missing"] is None:
        yield "value", "is blank"
    if values["value"] and values["missing"] is not None:
        yield "missing", "says why there is no value although there is one"


OBSERVATIONS = Table(
    "indicators.csv",
    (
        Column("kommunekode", CODE, required=True),
        Column("indicator_id", tables.key(60), required=True),
        Column("value", tables.text(120), blank=""),
        Column("missing", tables.word(MISSING), optional=True),
        Column("unit", tables.text(60), blank=""),
        Column("period", tables.text(40), blank=""),
        Column("source_url", tables.addresses, required=True),
        Column("via", tables.text(), blank=""),
        Column("note", tables.text(), blank=""),
        Column("retrieved", tables.text(200), blank=""),
    ),
    key=_observation_key,
    check=_value_or_reason,
)


@dataclass(frozen=True, slots=True)
class Stay:
    """A region that a municipality belongs to, and when."""

    region: str
    valid_from: date | None
    valid_to: date | None


def stays(first: str, regions: Mapping[str, Row]) -> list[Stay]:
    """The regions one after the other, from the one the file names to its last successor."""
    chain: list[Stay] = []
    slug: str | None = first
    while slug and slug in regions and all(stay.region != slug for stay in chain):
        chain.append(Stay(slug, regions[slug]["valid_from"], regions[slug]["valid_to"]))
        slug = regions[slug]["successor"]
    return chain


def load_regions(rows: Sequence[Row], at: Intake) -> list[Row]:
    """Add or correct the regions; returns the rows that hold. They are reference data: nobody edits them here."""
    known = {row.key: row.line for row in rows}
    there = {region.slug: region for region in db.session.scalars(select(Region))}
    rows = _unlike(at.resolve(rows, "successor", known, "region", REGIONS.file), ("code",), "code", at)
    changed = False
    for row in rows:
        is_new = row.key not in there
        region = there.setdefault(row.key, Region(slug=row.key))
        for column in ("code", "name_da", "name_en", "valid_from", "valid_to", "source_url"):
            setattr(region, column, row[column])
        region.source_note = row["note"]
        db.session.add(region)
        is_changed = not is_new and db.session.is_modified(region)
        at.count(row, "added" if is_new else "changed" if is_changed else "unchanged")
        changed = changed or is_new or is_changed
    if changed:
        generations.bump(KIND)
    db.session.flush()
    return rows


def load_municipalities(rows: Sequence[Row], regions: Sequence[Row], at: Intake) -> None:
    """Add or update municipalities with their regions in time and their inhabitants by year."""
    by_slug = {row.key: row for row in regions}
    slug_of = {**{row["code"]: row.key for row in regions if row["code"]}, **{row.key: row.key for row in regions}}
    rows = at.resolve(rows, "region_code", slug_of, "region", REGIONS.file)
    rows = _unlike(rows, ("tile_col", "tile_row"), "tile", at)
    chains = {row.key: stays(slug_of[row["region_code"]], by_slug) for row in rows}
    options = (selectinload(Municipality.regions), selectinload(Municipality.populations))
    there = intake.existing(Municipality, rows, Municipality.code, *options)

    def digest(row: Row) -> str:
        return row.digest(*chains[row.key])

    rows = _on_free_tiles(rows, there, digest, at)
    taken = slugs.in_use(KIND, Municipality.slug)
    region_ids = dict(db.session.execute(select(Region.slug, Region.id)).all())
    outcomes = at.upsert(
        rows,
        there,
        lambda row: Municipality(code=row.key, slug=slugs.free(row["name_da"], row.key, taken)),
        lambda thing, row: _fill(thing, row, chains[row.key], region_ids, at),
        digest,
    )
    outbox.touch_all(KIND, at.record(KIND, outcomes))


def _unlike(rows: Sequence[Row], columns: tuple[str, ...], what: str, at: Intake) -> list[Row]:
    """The rows that share these cells with no row above them; blank cells are shared by nobody."""
    lines: dict[tuple[Any, ...], int] = {}
    good = []
    for row in rows:
        cells = tuple(row[column] for column in columns)
        if cells in lines:
            shown = ", ".join(str(cell) for cell in cells)
            at.reject(row, columns[0], f"the {what} {shown} is already used on line {lines[cells]}")
            continue
        if None not in cells:
            lines[cells] = row.line
        good.append(row)
    return good


def _on_free_tiles(
    rows: Sequence[Row], there: Mapping[str, Municipality], digest: Callable[[Row], str], at: Intake
) -> list[Row]:
    """The rows whose tile is not held by a municipality that stays where it is.

    Those that move are set aside first: two may change places, and the database looks at each
    row as it is written.
    """
    moving = {
        there[row.key].id: row
        for row in rows
        if row.key in there and there[row.key].import_digest != digest(row) and _tile(row) != _held_by(there[row.key])
    }
    tiles = select(Municipality.id, Municipality.tile_col, Municipality.tile_row)
    held = {(col, line): id for id, col, line in db.session.execute(tiles)}
    good = list(rows)
    while lost := [row for row in good if _is_taken(row, held, there, moving)]:
        for row in lost:
            at.reject(row, "tile_col", f"the tile {row['tile_col']}, {row['tile_row']} is used by another municipality")
            good.remove(row)
            moving = {id: moved for id, moved in moving.items() if moved is not row}
    stmt = update(Municipality).where(Municipality.id.in_(moving)).values(tile_col=-Municipality.id, tile_row=-1)
    db.session.execute(stmt.execution_options(synchronize_session=False))
    return good


def _is_taken(
    row: Row, held: Mapping[tuple[int, int], int], there: Mapping[str, Municipality], moving: Mapping[int, Row]
) -> bool:
    if row.key in there and there[row.key].id not in moving:
        return False  # stays where it is, whatever the file says
    holder = held.get(_tile(row))
    return holder is not None and holder not in moving


def _tile(row: Row) -> tuple[int, int]:
    return row["tile_col"], row["tile_row"]


def _held_by(municipality: Municipality) -> tuple[int, int]:
    return municipality.tile_col, municipality.tile_row


def _fill(
    municipality: Municipality, row: Row, chain: Sequence[Stay], region_ids: Mapping[str, int], at: Intake
) -> Collection[Any]:
    municipality.write(at.now, name_da=row["name_da"], name_en=row["name_en"])
    municipality.sort_key = sort_key(row["name_da"])
    municipality.province_da = row["landsdel_da"]
    municipality.lat = None if row["lat"] is None else float(row["lat"])
    municipality.lon = None if row["lon"] is None else float(row["lon"])
    columns = ("nuts3", "population", "population_date", "area_km2", "website", "tile_col", "tile_row")
    for column in (*columns, "source_url", "source_note", "retrieved"):
        setattr(municipality, column, row[column])
    _stay(municipality, chain, region_ids)
    _count_people(municipality, row)
    return [*municipality.regions, *municipality.populations]


def _stay(municipality: Municipality, chain: Sequence[Stay], region_ids: Mapping[str, int]) -> None:
    wanted = {region_ids[stay.region]: stay for stay in chain}
    intake.keep(
        municipality.regions,
        {id: partial(MunicipalityRegion, region_id=id) for id in wanted},
        lambda stay: stay.region_id,
    )
    for stay in municipality.regions:
        stay.valid_from = wanted[stay.region_id].valid_from
        stay.valid_to = wanted[stay.region_id].valid_to


def _count_people(municipality: Municipality, row: Row) -> None:
    inhabitants = {int(found[1]): row[name] for name in row.values if (found := _OLDER_POPULATION.fullmatch(name))}
    if row["population"] is not None:
        inhabitants[row["population_date"].year] = row["population"]
    inhabitants = {year: number for year, number in inhabitants.items() if number is not None}
    intake.keep(
        municipality.populations,
        {year: partial(Population, year=year) for year in inhabitants},
        lambda population: population.year,
    )
    for population in municipality.populations:
        population.inhabitants = inhabitants[population.year]
        population.source_url = row["source_url"]
        population.source_note = row["source_note"]
        population.retrieved = row["retrieved"]


def load_indicators(rows: Sequence[Row], at: Intake) -> None:
    """Add or update what is measured, in the order of the file."""
    there = intake.existing(Indicator, rows, Indicator.slug)
    position = {row.key: number for number, row in enumerate(rows)}

    def fill(indicator: Indicator, row: Row) -> None:
        pairs = ("name_da", "name_en", "description_da", "description_en")
        indicator.write(at.now, **{pair: row[pair] for pair in pairs})
        indicator.is_number = row["value_type"]
        indicator.position = position[row.key]
        columns = ("theme", "unit", "direction", "period", "source_name", "licence", "caveat", "source_url")
        for column in (*columns, "least", "most"):
            setattr(indicator, column, row[column])

    outcomes = at.upsert(
        rows, there, lambda row: Indicator(slug=row.key), fill, lambda row: row.digest(position[row.key])
    )
    at.record("indicator", outcomes)
    if outcomes:
        generations.bump(KIND)


def load_observations(rows: Sequence[Row], at: Intake) -> None:
    """Add or update the values; each municipality's change leaves one entry in the trace."""
    municipalities = intake.keys_of(Municipality, Municipality.code)
    indicators = {row.slug: row for row in _indicators()}
    rows = at.resolve(rows, "kommunekode", municipalities, "municipality", MUNICIPALITIES.file)
    rows = at.resolve(rows, "indicator_id", indicators, "indicator", INDICATORS.file)
    numbers = _numbers(rows, indicators, at)
    rows = [row for row in rows if row.key in numbers]

    def fill(observation: Observation, row: Row) -> None:
        number = numbers[row.key]
        said = Said(
            number,
            "" if number is not None else row["value"],
            row["missing"],
            row["source_url"],
            row["note"],
            row["via"],
            row["retrieved"],
        )
        say(observation, said, at.now)
        observation.municipality_id = municipalities[row["kommunekode"]]
        observation.indicator_id = indicators[row["indicator_id"]].id
        observation.period = row["period"]

    there = intake.existing(Observation, rows, Observation.import_key)
    _trace(at.upsert(rows, there, lambda _row: Observation(), fill), at)


def _indicators() -> Any:
    columns = (Indicator.slug, Indicator.id, Indicator.is_number, Indicator.unit, Indicator.least, Indicator.most)
    return db.session.execute(select(*columns))


def _numbers(rows: Sequence[Row], indicators: Mapping[str, Any], at: Intake) -> dict[str, Any]:
    """Row key → its number (none where the indicator's values are words); rows that should hold one are rejected."""
    numbers: dict[str, Any] = {}
    for row in rows:
        indicator = indicators[row["indicator_id"]]
        is_number = indicator.is_number and row["missing"] is None
        try:
            numbers[row.key] = tables.number(*bounds(*indicator[3:]))(row["value"]) if is_number else None
        except ValueError as error:
            at.reject(row, "value", str(error))
    return numbers


def _trace(outcomes: Sequence[Outcome[Observation]], at: Intake) -> None:
    of: dict[int, list[Outcome[Observation]]] = {}
    for outcome in outcomes:
        of.setdefault(outcome.thing.municipality_id, []).append(outcome)
    for municipality_id, theirs in of.items():
        added = sum(outcome.is_new for outcome in theirs)
        at.trace("municipality.observed", KIND, municipality_id, added=added, changed=len(theirs) - added)
    outbox.touch_all(KIND, of)
