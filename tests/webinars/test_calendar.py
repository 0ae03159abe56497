"""Calendars as programs read them: zones, and what is called off."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from portal.webinars import zones
from portal.webinars.models import State


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("zone", "spring", "autumn"),
    [
        ("Europe/Copenhagen", "20260329T020000", "20261025T030000"),
        ("America/New_York", "20260308T020000", "20261101T020000"),
    ],
)
def test_a_zone_changes_its_clocks_at_the_time_that_they_show_before(zone: str, spring: str, autumn: str) -> None:
    made = zones.component(zone, 2026, 2026)
    changes = [part for part in made.subcomponents if part["TZOFFSETFROM"] != part["TZOFFSETTO"]]
    onsets = {part.name: part["DTSTART"].to_ical().decode() for part in changes}
    assert onsets == {"DAYLIGHT": spring, "STANDARD": autumn}


@pytest.mark.sqlite_only
def test_a_zone_without_summer_time_has_one_rule() -> None:
    [part] = zones.component("Asia/Tokyo", 2026, 2027).subcomponents
    assert (part.name, part["TZNAME"]) == ("STANDARD", "JST")


def test_what_is_called_off_is_told_to_calendars(client: Any, make: Any) -> None:
    day = {"held_on": date(2026, 12, 8), "starts_at": datetime(2026, 12, 8, 13, tzinfo=UTC), "zone": "Europe/Berlin"}
    make.webinar("Pumps", state=State.CANCELLED, reason_en="Too few.", sequence=3, **day)
    make.webinar("Lamps", state=State.POSTPONED, **day)
    made = Calendar.from_ical(client.get("/en/webinars/pumps.ics").data)
    [event] = made.walk("VEVENT")
    assert (str(made["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert str(event["SUMMARY"]) == "Cancelled: Pumps"
    assert str(event["DESCRIPTION"]).startswith("Too few.")
    made = Calendar.from_ical(client.get("/en/webinars/lamps.ics").data)
    [event] = made.walk("VEVENT")
    assert (str(made["METHOD"]), str(event["STATUS"]), str(event["TRANSP"])) == ("PUBLISH", "TENTATIVE", "TRANSPARENT")
    assert str(Calendar.from_ical(client.get("/en/webinars.ics").data)["METHOD"]) == "PUBLISH"
