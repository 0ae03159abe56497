"""What changed of a municipality since last time: its stages, its population and its figures."""

from datetime import UTC, datetime
from decimal import Decimal

import time_machine

from portal.core.db import db
from portal.core.generations import bump
from portal.municipalities.models import Direction, Indicator, Missing, Observation, Population
from tests.page import XHTML


def at(year: int, month: int = 3, day: int = 1) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def rows_of(page, section):
    found = next(one for one in page.all("section") if one.get("id") == section)
    return [["".join(cell.itertext()).strip() for cell in row] for row in found.iter(f"{XHTML}tr")][1:]


def test_a_page_says_what_changed_and_by_how_much(client, make, places, dimensions, judge):
    ballerup, vejle, _aarhus = places
    judge(ballerup, dimensions.data, 1, at(2026, 12))
    judge(ballerup, dimensions.data, 2, at(2027, 2))
    judge(ballerup, dimensions.mobility, 3, at(2026, 12))
    with make.writing():
        shared = {"is_number": True, "direction": Direction.LOWER_BETTER, "source_name": "Office", "source_url": ""}
        waste = Indicator(
            slug="waste", name_en="Waste", name_da="Affald", period="2025", unit="kg/inhabitant", **shared
        )
        plan = Indicator(slug="plan", name_en="Plan", name_da="Plan", period="2025", **{**shared, "is_number": False})
        db.session.add_all([waste, plan])
        db.session.flush()

        def said(place, period, **value):
            where = {"municipality_id": place.id, "indicator_id": waste.id, "period": period, "source_url": ""}
            db.session.add(Observation(**{**where, **value}))

        said(ballerup, "2023", number=Decimal(512))
        said(ballerup, "2025", number=Decimal("498.5"))
        said(vejle, "2023", number=Decimal(601))
        said(vejle, "2025", missing=Missing.NOT_REPORTED)
        said(vejle, "2025", missing=Missing.NOT_REPORTED, indicator_id=plan.id)
        for year, count in ((2025, 900), (2026, 1000), (2020, 1100)):
            db.session.add(Population(municipality_id=ballerup.id, year=year, inhabitants=count, source_url=""))
        bump("municipality")
    with time_machine.travel(at(2027, 3), tick=False):
        page = client.page("/en/municipalities/ballerup")
        assert rows_of(page, "changes") == [
            ["Data", "1 Plan · 1 December 2026", "2 Do · 1 February 2027", "–"],
            ["Population", "900 · 2025", "1,000 · 2026", "+100"],
            ["Waste", "512 kg per inhabitant · 2023", "498 kg per inhabitant · 2025", "−14"],
        ]
        plot = next(one for one in page.tree.iter() if one.get("class") == "strip__plot")
        assert plot.get("aria-label").endswith(", median 498; Ballerup: 498")

        # Without a figure of the latest period: why, and what it was before.
        other = client.page("/en/municipalities/vejle")
        figures = other.html.partition('id="figures"')[2]
        assert "Before, 2023: 601" in other.text
        assert "No figure or stage has an earlier one to compare with yet." in other.text
        assert "Vejle: " in figures
