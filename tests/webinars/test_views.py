"""Webinars as visitors get them: pages, feeds, calendars and files."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from portal.core import clock, listing
from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.core.slugs import renamed
from portal.core.themes import Theme
from portal.partners.models import PartnerType
from portal.search.outbox import touch
from portal.webinars import queries
from portal.webinars.models import State, Webinar, WebinarPartner

BOSTON = {
    "held_on": date(2026, 12, 8),
    "starts_at": datetime(2026, 12, 8, 23, 0, tzinfo=UTC),
    "ends_at": datetime(2026, 12, 9, 0, 0, tzinfo=UTC),
    "zone": "America/New_York",
}
ENDINGS = ("atom", "rss", "json", "ics", "csv")
ODD = ("%00", "🙂", "a" * 10_000, "%22%27%3B--", "%E2%80%AE")


@pytest.fixture
def webinar(make: Any) -> Any:
    host = make.partner("DTU")
    made = make.webinar(
        "Heat for two continents",
        title_da="Varme til to verdensdele",
        abstract_en="Boston and Odense.",
        host_names="Innovation Centre; MIT",
        speaker_names="Energinet",
        languages="en",
        themes=[Theme.HEAT],
        partners=[host],
        projects=[make.project("CITIES")],
        **BOSTON,
    )
    with make.writing():
        db.session.get(WebinarPartner, (made.id, host.id)).is_host = True
    return made


def _events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_list_and_the_page_stand_in_both_languages(client: Any, webinar: Any, language: str) -> None:
    title = webinar.text("title", language).text
    assert title in client.page(f"/{language}/webinars").text
    page = client.page(f"/{language}/webinars/{webinar.slug}")
    assert page.h1 == title
    for path in ("partners/dtu", "projects/cities", f"webinars/{webinar.slug}.ics"):
        assert f"/{language}/{path}" in page.links


def test_a_webinar_elsewhere_is_told_in_both_times(client: Any, webinar: Any) -> None:
    text = client.page(f"/en/webinars/{webinar.slug}").text
    assert "Wednesday 9 December 2026, at 00:00–01:00 Danish time" in text
    assert "Tuesday 8 December 2026, 18:00–19:00 in New York" in text
    assert "Innovation Centre" in text
    assert "Energinet" in text


def test_a_webinar_on_danish_clocks_is_told_once(client: Any, make: Any) -> None:
    make.webinar(
        "Light", held_on=date(2020, 10, 7), starts_at=datetime(2020, 10, 7, 7, 30, tzinfo=UTC), zone="Europe/Berlin"
    )
    text = client.page("/en/webinars/light").text
    assert "Wednesday 7 October 2020, at 09:30 Danish time" in text
    assert "Berlin" not in text


def test_what_is_not_known_is_said(client: Any, make: Any) -> None:
    make.webinar("No hour", held_on=date(2023, 12, 13))
    make.webinar("No date")
    assert "The hour is not reported." in client.page("/en/webinars/no-hour").text
    page = client.page("/en/webinars/no-date")
    assert "Date not reported" in page.text
    assert not [link for link in page.links if link.endswith("/no-date.ics")]
    assert client.get("/en/webinars/no-date.ics").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.CANCELLED, "This webinar is cancelled."), (State.POSTPONED, "This webinar is postponed.")],
)
def test_what_is_called_off_stays_and_says_so(client: Any, make: Any, state: State, words: str) -> None:
    make.webinar("Off", state=state, **BOSTON)
    page = client.page("/en/webinars/off")
    assert words in page.text
    data = json.loads(next(e.text for e in page.all("script") if e.get("type") == "application/ld+json"))
    assert data["eventStatus"] == f"https://schema.org/Event{state.value.capitalize()}"
    assert data["eventAttendanceMode"].endswith("OnlineEventAttendanceMode")
    [event] = _events(client.get("/en/webinars.ics").data)
    assert event["STATUS"] == {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}[state.value]


def test_machines_get_the_times_in_the_zone_of_the_webinar(client: Any, webinar: Any) -> None:
    page = client.page(f"/en/webinars/{webinar.slug}")
    data = json.loads(next(e.text for e in page.all("script") if e.get("type") == "application/ld+json"))
    assert data["startDate"] == "2026-12-08T18:00:00-05:00"
    assert data["endDate"] == "2026-12-08T19:00:00-05:00"
    assert [one["name"] for one in data["organizer"]] == ["DTU", "Innovation Centre", "MIT"]


@pytest.mark.parametrize(
    ("state", "publish_in", "status"),
    [
        (State.DRAFT, None, 404),
        (State.ANNOUNCED, timedelta(hours=1), 404),
        (State.ANNOUNCED, -timedelta(hours=1), 200),
        (State.RECORDED, None, 200),
        (State.WITHDRAWN, None, 410),
        (State.WITHDRAWN, timedelta(hours=1), 404),
    ],
)
def test_nothing_shows_before_its_time_or_after(
    client: Any, make: Any, state: State, publish_in: timedelta | None, status: int
) -> None:
    publish_at = clock.now() + publish_in if publish_in else None
    make.webinar("Secret plan", state=state, publish_at=publish_at, **BOSTON)
    client.page("/en/webinars/secret-plan", status=status)
    assert client.get("/en/webinars/secret-plan.ics").status_code == status
    for path in ("webinars", *(f"webinars.{ending}" for ending in ENDINGS)):
        assert ("Secret plan" in client.get(f"/en/{path}").get_data(as_text=True)) is (status == 200), path


def test_a_renamed_webinar_redirects(client: Any, make: Any) -> None:
    make.webinar("New name", **BOSTON)
    with make.writing():
        renamed("webinar", "old-name", "new-name", now=clock.now())
    for path in ("old-name", "old-name.ics"):
        answer = client.get(f"/da/webinars/{path}")
        assert answer.status_code == 301
        assert answer.location.endswith(f"/da/webinars/{path.replace('old', 'new')}")


def test_upcoming_stand_first_then_past_then_undated(client: Any, make: Any) -> None:
    today = clock.today()
    make.webinar("Undated")
    for name, days in (("Long past", -90), ("Just past", -2), ("Far off", 90), ("Tomorrow", 1)):
        make.webinar(name, held_on=today + timedelta(days=days))
    text = client.page("/en/webinars").text
    places = [text.index(name) for name in ("Tomorrow", "Far off", "Just past", "Long past", "Undated")]
    assert places == sorted(places)


def test_counts_are_those_of_counting_by_hand(app: Any, make: Any) -> None:
    town = make.municipality("Albertslund")
    council = make.partner("Albertslund Kommune", type=PartnerType.MUNICIPALITY, municipality_id=town.id)
    today, states = clock.today(), list(State)
    for n in range(28):
        make.webinar(
            state=states[n % len(states)],
            held_on=today + timedelta(days=(n - 14) * 30) if n % 5 else None,
            themes=list(Theme)[: n % 3],
            partners=[council] if n % 2 else [],
        )
    with app.test_request_context("/en/"):
        plan = queries.plan(clock.now())
        everything = queries.listing_of(listing.read(plan, []), VISITOR, "/en/webinars")
        assert {facet.name for facet in everything.facets if facet.options} >= {
            "state",
            "theme",
            "year",
            "municipality",
        }
        for facet in everything.facets:
            for option in facet.options:
                choice = listing.read(plan, [(facet.name, option.value)])
                assert option.count == len(queries.all_of(choice, VISITOR)), (facet.name, option.value)


def test_other_pages_find_the_webinars_of_their_things(app: Any, make: Any) -> None:
    town = make.municipality("Albertslund")
    council = make.partner("Albertslund Kommune", type=PartnerType.MUNICIPALITY, municipality_id=town.id)
    project = make.project("DOLL")
    made = make.webinar("Light", partners=[council], projects=[project])
    make.webinar("Other")
    with app.app_context():
        for found in (
            queries.of_partner(council.id, VISITOR),
            queries.of_project(project.id, VISITOR),
            queries.of_municipality(town.id, VISITOR),
        ):
            assert [row.id for row in found] == [made.id]


def test_unknown_filters_show_nothing_and_say_so(client: Any, webinar: Any) -> None:
    page = client.page("/en/webinars?state=alchemy")
    assert "alchemy" in page.text
    assert webinar.title_en not in page.text
    assert client.get("/en/webinars?page=2").status_code == 404
    assert client.get("/en/webinars.ics?theme=alchemy").status_code == 200


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "path", ["webinars?theme={0}&year={0}&state={0}", "webinars?page={0}", "webinars/{0}", "webinars/{0}.ics"]
)
def test_odd_input_is_no_error(client: Any, path: str, odd: str) -> None:
    assert client.get("/da/" + path.format(odd)).status_code in (200, 404)


def test_the_list_costs_the_same_for_two_as_for_forty(app: Any, make: Any, count_queries: Any) -> None:
    def cost(address: str) -> int:
        with count_queries() as seen:
            assert app.test_client().get(address).status_code == 200
        return len(seen)

    partner = make.partner()
    addresses = ("/en/webinars", "/en/webinars.atom", "/en/webinars.ics", "/en/webinars.csv", "/en/webinars/first")
    make.webinar("First", themes=[Theme.DATA], partners=[partner], **BOSTON)
    make.webinar(themes=[Theme.DATA], partners=[partner], **BOSTON)
    with_two = [cost(address) for address in addresses]
    for _ in range(38):
        make.webinar(themes=[Theme.DATA, Theme.HEAT], partners=[partner], **BOSTON)
    assert [cost(address) for address in addresses] == with_two


def test_a_calendar_knows_its_zones_and_leaves_out_what_has_no_day(client: Any, make: Any, webinar: Any) -> None:
    make.webinar("No hour", held_on=date(2023, 12, 13))
    make.webinar("No date")
    answer = client.get("/en/webinars.ics")
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]
    first, second = _events(answer.data)
    assert str(first["UID"]) == webinar.uid
    assert first.decoded("DTSTART").isoformat() == "2026-12-08T18:00:00-05:00"
    assert first.decoded("DTEND") - first.decoded("DTSTART") == timedelta(hours=1)
    assert first["SUMMARY"] == "Heat for two continents"
    assert first["SUMMARY"].params["LANGUAGE"] == "en"
    assert first["SEQUENCE"] == 0
    assert second.decoded("DTSTART") == date(2023, 12, 13)
    assert second.decoded("DTEND") == date(2023, 12, 14)


def test_a_calendar_takes_the_filters_of_the_list(client: Any, make: Any, webinar: Any) -> None:
    make.webinar("Water", themes=[Theme.WATER], held_on=date(2026, 1, 1))
    answer = client.get("/en/webinars.ics?theme=heat")
    assert [str(event["SUMMARY"]) for event in _events(answer.data)] == ["Heat for two continents"]
    assert "Heat" in Calendar.from_ical(answer.data)["X-WR-CALNAME"]


def test_one_webinar_for_ones_own_calendar(client: Any, webinar: Any) -> None:
    answer = client.get(f"/da/webinars/{webinar.slug}.ics")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{webinar.slug}.ics"'
    [event] = _events(answer.data)
    assert event["SUMMARY"] == "Varme til to verdensdele"
    assert event["URL"] == f"http://localhost/da/webinars/{webinar.slug}"


def test_a_change_raises_the_sequence_and_keeps_the_uid(client: Any, make: Any, webinar: Any) -> None:
    with make.writing():
        changed = db.session.get(Webinar, webinar.id)
        changed.sequence, changed.state = 1, State.CANCELLED
        touch("webinar", webinar.id)
    [event] = _events(client.get("/en/webinars.ics").data)
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == (webinar.uid, 1, "CANCELLED")


def test_text_cannot_break_out_of_a_calendar(client: Any, make: Any) -> None:
    make.webinar("A\r\nATTENDEE:mailto:x@example.org;\x0b,\\", slug="odd", held_on=date(2026, 1, 1))
    [event] = _events(client.get("/en/webinars.ics").data)
    assert "ATTENDEE" not in event
    assert "\x0b" not in event["SUMMARY"]


@pytest.mark.parametrize("ending", ["atom", "rss"])
def test_feed_readers_learn_when_it_is(client: Any, webinar: Any, ending: str) -> None:
    read = feedparser.parse(client.get(f"/en/webinars.{ending}?theme=heat").data)
    assert not read.bozo
    assert read.feed.title == "Webinars from Smart Society · Heat"
    [entry] = read.entries
    assert entry.summary.startswith("Wednesday 9 December 2026, 00:00 (Danish time).")
    assert entry.authors[0].name == "DTU"


@pytest.mark.parametrize(
    "path", ["webinars", "webinars/heat-for-two-continents", "webinars.ics", "webinars.atom", "webinars.json"]
)
def test_what_has_not_changed_is_not_sent_again(client: Any, make: Any, webinar: Any, path: str) -> None:
    first = client.get(f"/en/{path}")
    assert first.status_code == 200
    assert first.last_modified
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/en/{path}", headers=again).status_code == 304
    with make.writing():
        db.session.get(Webinar, webinar.id).title_en = "Heat for three continents"
        touch("webinar", webinar.id)
    assert client.get(f"/en/{path}", headers=again).status_code == 200


def test_the_table_holds_what_the_list_shows(client: Any, make: Any, webinar: Any) -> None:
    make.webinar("Water", themes=[Theme.WATER])
    [row] = csv.DictReader(io.StringIO(client.get("/en/webinars.csv?theme=heat").data.decode("utf-8-sig")))
    assert row["Title"] == "Heat for two continents"
    assert row["Hosts"] == "DTU; Innovation Centre; MIT"
    assert row["Date"] == "2026-12-08"
    assert client.get("/en/webinars.xlsx?theme=heat").data.startswith(b"PK")


def test_search_holds_what_a_visitor_may_read(app: Any, make: Any, webinar: Any) -> None:
    from portal.webinars.search import source

    draft = make.webinar("Draft", state=State.DRAFT)
    with app.app_context():
        [document] = source.documents(None)
        assert document.key == f"webinar:{webinar.id}"
        assert document.title_da == "Varme til to verdensdele"
        assert "Energinet" in document.body_en
        assert document.partners == ("dtu",)
        assert document.date == date(2026, 12, 8)
        assert source.visible([webinar.id, draft.id], VISITOR) == {webinar.id}
        assert set(source.versions()) == {webinar.id}


def test_the_page_of_a_recorded_webinar_leads_to_its_recording(client: Any, make: Any) -> None:
    make.webinar("Seen", state=State.RECORDED, recording_url="https://video.example.org/1", held_on=date(2020, 1, 1))
    page = client.page("/en/webinars/seen")
    assert "https://video.example.org/1" in page.links
    assert "Watch the recording at video.example.org (opens another site)" in page.text
