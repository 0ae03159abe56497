"""A small register: four municipalities, two regions that become one, three indicators."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.core.db import db
from portal.municipalities.models import Direction, Indicator, MunicipalityRegion, Observation, Region

MERGER = date(2027, 1, 1)


@pytest.fixture
def register(make):
    """Names of what was made; the values of `co2e_per_capita` are 1, 2, 3 and unknown."""
    places = [
        make.municipality("Aarhus", population=300, area_km2=Decimal("10.0")),
        make.municipality("Ballerup", population=200, area_km2=Decimal("20.0")),
        make.municipality("Ærø", population=None),
        make.municipality("København", name_en="Copenhagen", population=900, area_km2=Decimal("30.0")),
    ]
    with make.writing():
        regions = [
            Region(slug="region-vest", name_da="Region Vest", name_en="Western Region"),
            Region(slug="region-hovedstaden", name_da="Region Hovedstaden", name_en="Capital Region"),
            Region(slug="region-oestdanmark", name_da="Region Østdanmark", name_en="Region Østdanmark"),
        ]
        db.session.add_all(regions)
        db.session.flush()
        west, capital, east = regions
        for place in (places[0], places[2]):
            db.session.add(MunicipalityRegion(municipality_id=place.id, region_id=west.id))
        for place in (places[1], places[3]):
            db.session.add(MunicipalityRegion(municipality_id=place.id, region_id=capital.id, valid_to=MERGER))
            db.session.add(MunicipalityRegion(municipality_id=place.id, region_id=east.id, valid_from=MERGER))
        emissions = _indicator("co2e_per_capita", "Emissions", 1, unit="t CO2e/inhabitant")
        cars = _indicator("ev_share", "Electric cars", 2, unit="%")
        plan = _indicator("dk2020", "Climate plan", 3, is_number=False)
        db.session.add_all([emissions, cars, plan])
        db.session.flush()
        for place, number in zip(places, (1, 2, 3), strict=False):
            db.session.add(_observation(place, emissions, number=Decimal(number)))
        db.session.add(_observation(places[0], emissions, number=Decimal(4567), period="2019"))
        db.session.add(_observation(places[0], plan, word="round_1", period="2019"))
    return SimpleNamespace(places=places, regions=regions)


def _indicator(slug, name, position, *, unit="", is_number=True):
    return Indicator(
        slug=slug,
        name_en=name,
        name_da=f"{name} på dansk",
        theme="climate",
        unit=unit,
        direction=Direction.LOWER_BETTER,
        is_number=is_number,
        period="2023",
        source_name="Statistics Denmark",
        source_url="https://statistics.example/table",
        caveat="see waste_kg",
        position=position,
    )


def _observation(place, indicator, *, period="2023", **given):
    return Observation(
        municipality_id=place.id,
        indicator_id=indicator.id,
        period=period,
        source_url="https://statistics.example/table",
        import_key=f"{place.code}/{indicator.slug}/{period}",
        **given,
    )
