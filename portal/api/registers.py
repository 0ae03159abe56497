"""The municipalities, the indicators and the figures as the interface for programs gives them out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from portal.api.resources import Filter, Kind, Property, Resource, among
from portal.api.telling import OWN_RIGHTS, in_places
from portal.core import clock
from portal.core.db import AnySelect, db
from portal.core.permissions import VISITOR
from portal.core.provenance import addresses
from portal.core.web import address
from portal.municipalities.models import (
    EarlierValue,
    Indicator,
    Municipality,
    MunicipalityRegion,
    Observation,
    Region,
)
from portal.municipalities.permissions import seen_by
from portal.municipalities.queries import in_force
from portal.municipalities.words import bounds

CODE = Property("municipality", Kind.TEXT, _l("Municipality code"), lambda row: row.code, "observationAbout")
SOURCE_RIGHTS = _l(
    "Figures from Statistics Denmark and others are given under the terms of their sources, most of them CC BY 4.0. "
    "Each row names its source."
)


def page_of(row: Any) -> str:
    """The page of a municipality."""
    return address("municipalities.show", slug=row.slug)


def _municipalities() -> AnySelect:
    # An English name stands in the register only where it differs: for programs it is filled in.
    english = func.coalesce(func.nullif(Municipality.name_en, ""), Municipality.name_da).label("name_en")
    columns = (
        Municipality.id,
        Municipality.code,
        Municipality.slug,
        Municipality.name_da,
        english,
        Municipality.province_da,
        Municipality.nuts3,
        Municipality.population,
        Municipality.population_date,
        Municipality.area_km2,
        Municipality.lat,
        Municipality.lon,
        Municipality.website,
        Municipality.source_url,
        Municipality.retrieved,
        Region.slug.label("region"),
        Region.name_da.label("region_name_da"),
        Region.name_en.label("region_name_en"),
    )
    belongs = (MunicipalityRegion.municipality_id == Municipality.id) & in_force(clock.today())
    return (
        select(*columns)
        .select_from(Municipality)
        .outerjoin(MunicipalityRegion, belongs)
        .outerjoin(Region, MunicipalityRegion.region_id == Region.id)
        .where(seen_by(VISITOR))
        .order_by(Municipality.code)
    )


MUNICIPALITIES = Resource(
    "municipalities",
    _l("Municipalities of Denmark"),
    _l("The 98 municipalities with their region today, population, area and place."),
    _municipalities,
    lambda key: Municipality.code == key,
    lambda row: row.code,
    (
        Property("name", Kind.PAIR, _l("Name"), term="name"),
        Property("url", Kind.ADDRESS, _l("Page"), page_of, "url"),
        Property("region", Kind.TEXT, _l("Region")),
        Property("region_name", Kind.PAIR, _l("Name of the region")),
        Property("province", Kind.TEXT, _l("Province"), lambda row: row.province_da),
        Property("nuts3", Kind.TEXT, _l("NUTS 3 code")),
        Property("population", Kind.WHOLE, _l("Population")),
        Property("population_date", Kind.DAY, _l("Population on")),
        Property("area_km2", Kind.NUMBER, _l("Area (km²)")),
        Property("latitude", Kind.NUMBER, _l("Latitude"), lambda row: row.lat, "latitude"),
        Property("longitude", Kind.NUMBER, _l("Longitude"), lambda row: row.lon, "longitude"),
        Property("website", Kind.ADDRESS, _l("Website"), term="sameAs"),
        Property("source_url", Kind.ADDRESS, _l("Source"), term="isBasedOn"),
        Property("retrieved", Kind.TEXT, _l("Retrieved")),
    ),
    (Filter("region", _l("Region"), among(Region.slug)),),
    kind="municipality",
    term="AdministrativeArea",
    rights=SOURCE_RIGHTS,
    themes=("REGI",),
)


def _indicators() -> AnySelect:
    return select(Indicator.__table__).order_by(Indicator.position, Indicator.id)


def _bound(side: int) -> Any:
    return lambda row: bounds(row.unit, row.least, row.most)[side] if row.is_number else None


INDICATORS = Resource(
    "indicators",
    _l("Indicators of the municipalities"),
    _l("What is measured: name, unit, direction, source, terms and caveat of each indicator."),
    _indicators,
    lambda key: Indicator.slug == key,
    lambda row: row.slug,
    (
        Property("name", Kind.PAIR, _l("Name"), term="name"),
        Property("description", Kind.PAIR, _l("Description"), term="description"),
        Property("theme", Kind.TEXT, _l("Theme"), term="keywords"),
        Property("unit", Kind.TEXT, _l("Unit"), term="unitText"),
        Property("direction", Kind.TEXT, _l("Direction"), lambda row: row.direction or ""),
        Property("is_number", Kind.FLAG, _l("Its values are numbers")),
        Property("least", Kind.NUMBER, _l("Lowest possible value"), _bound(0), "minValue"),
        Property("most", Kind.NUMBER, _l("Highest possible value"), _bound(1), "maxValue"),
        Property("period", Kind.TEXT, _l("Period")),
        Property("source_name", Kind.TEXT, _l("Name of the source")),
        Property("source_url", Kind.ADDRESS, _l("Source"), term="isBasedOn"),
        Property("licence", Kind.TEXT, _l("Terms of the source")),
        Property("caveat", Kind.TEXT, _l("Caveat"), term="disambiguatingDescription"),
    ),
    (Filter("theme", _l("Theme"), among(Indicator.theme)),),
    term="StatisticalVariable",
    rights=OWN_RIGHTS,
    themes=("ENVI", "ENER", "TRAN"),
)


def _observations() -> AnySelect:
    columns = (
        Observation.id,
        Observation.period,
        Observation.number,
        Observation.word,
        Observation.missing,
        Observation.via,
        Observation.source_url,
        Observation.source_note,
        Observation.retrieved,
        Municipality.code,
        Indicator.slug.label("indicator"),
        Indicator.unit,
        Indicator.source_url.label("indicator_source"),
        Observation.import_key,
    )
    return (
        select(*columns)
        .join(Municipality, Observation.municipality_id == Municipality.id)
        .join(Indicator, Observation.indicator_id == Indicator.id)
        .where(seen_by(VISITOR))
        .order_by(Indicator.position, Indicator.id, Municipality.code, Observation.period, Observation.word)
    )


def observation_key(row: Any) -> str:
    return str(row.import_key or f"{row.code}/{row.indicator}/{row.period}")


def _by_observation_key(key: str) -> ColumnElement[bool]:
    code, _slash, rest = key.partition("/")
    slug, _slash, period = rest.partition("/")
    unnamed = Observation.import_key.is_(None) & (Municipality.code == code) & (Indicator.slug == slug)
    return (Observation.import_key == key) | (unnamed & (Observation.period == period))


def _earlier(rows: Sequence[Any]) -> Mapping[int, Mapping[str, Any]]:
    """Observation → what it said before its source corrected it, the latest first."""
    ids = [row.id for row in rows]
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    statement = select(EarlierValue).where(EarlierValue.observation_id.in_(ids)).order_by(EarlierValue.id.desc())
    for one in db.session.scalars(statement):
        told = {
            "value": float(one.number) if one.number is not None else one.word or None,
            "missing": one.missing.value if one.missing else None,
            "source_url": one.source_url,
            "retrieved": one.retrieved,
            "replaced_on": one.replaced_at.date().isoformat(),
        }
        found.setdefault(one.observation_id, {"earlier": []})["earlier"].append(told)
    return found


def _sources() -> list[str]:
    """The pages that the indicators are from."""
    named = db.session.scalars(select(Indicator.source_url).distinct().order_by(Indicator.source_url))
    return list(dict.fromkeys(url for several in named for url in addresses(several)))


EARLIER = {
    "value": Kind.ANY,
    "missing": Kind.TEXT,
    "source_url": Kind.ADDRESS,
    "retrieved": Kind.TEXT,
    "replaced_on": Kind.DAY,
}

OBSERVATIONS = Resource(
    "observations",
    _l("Figures of the municipalities"),
    _l(
        "One value for each indicator, municipality and period, with its source and the day it was read, or why there "
        "is none. What is not there is unknown, never zero."
    ),
    _observations,
    _by_observation_key,
    observation_key,
    (
        CODE,
        Property("indicator", Kind.TEXT, _l("Indicator"), term="variableMeasured"),
        Property("period", Kind.TEXT, _l("Period"), term="observationPeriod"),
        Property(
            "value",
            Kind.NUMBER,
            _l("Value, where it is a number"),
            lambda row: row.number,
            "value",
        ),
        Property("word", Kind.TEXT, _l("Value, where it is a word"), lambda row: row.word or None, "value"),
        Property("missing", Kind.TEXT, _l("Why there is no value")),
        Property("unit", Kind.TEXT, _l("Unit"), term="unitText"),
        Property(
            "source_url", Kind.ADDRESS, _l("Source"), lambda row: row.source_url or row.indicator_source, "isBasedOn"
        ),
        Property("via", Kind.TEXT, _l("Read from")),
        Property("note", Kind.TEXT, _l("Note"), lambda row: row.source_note),
        Property("retrieved", Kind.TEXT, _l("Retrieved")),
    ),
    (
        Filter("indicator", _l("Indicator"), among(Indicator.slug)),
        Filter("municipality", _l("Municipality code"), in_places),
        Filter("period", _l("Period"), among(Observation.period)),
    ),
    more=_earlier,
    details=(Property("earlier", Kind.LIST, _l("What it said before its source corrected it"), holds=EARLIER),),
    term="Observation",
    rights=SOURCE_RIGHTS,
    sources=_sources,
    themes=("ENVI", "ENER", "TRAN", "REGI"),
)
