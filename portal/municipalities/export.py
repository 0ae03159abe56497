"""Giving out municipalities.csv, as `load` reads it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.municipalities.models import Municipality, MunicipalityRegion, Region


def rows() -> Iterator[dict[str, Any]]:
    """A row for each municipality, in the order of their codes."""
    options = (
        selectinload(Municipality.regions).joinedload(MunicipalityRegion.region),
        selectinload(Municipality.populations),
    )
    for municipality in db.session.scalars(select(Municipality).order_by(Municipality.code).options(*options)):
        yield _row(municipality)


def _row(municipality: Municipality) -> dict[str, Any]:
    year = municipality.population_date.year if municipality.population_date else None
    older = [population for population in municipality.populations if population.year != year]
    first = _first_region(municipality)
    return {
        "kommunekode": municipality.import_key or municipality.code,
        "name_da": municipality.name_da,
        "name_en": municipality.name_en,
        "region_code": (first.code or first.slug) if first else "",
        "region_da": first.name_da if first else "",
        "region_en": first.name_en if first else "",
        "landsdel_da": municipality.province_da,
        "nuts3": municipality.nuts3,
        "population": municipality.population,
        "population_date": municipality.population_date,
        **{f"population_{population.year}": population.inhabitants for population in older},
        "area_km2": municipality.area_km2,
        "lat": municipality.lat,
        "lon": municipality.lon,
        "website": municipality.website,
        "tile_col": municipality.tile_col,
        "tile_row": municipality.tile_row,
        "source_url": municipality.source_url,
        "source_note": municipality.source_note,
        "retrieved": municipality.retrieved,
    }


def _first_region(municipality: Municipality) -> Region | None:
    """The region that the chain of successors begins with: the file names that one."""
    stays = sorted(municipality.regions, key=lambda stay: stay.valid_from.isoformat() if stay.valid_from else "")
    return stays[0].region if stays else None
