"""Series of webinars: their page and calendar, the filter of the list, and the one of the reference data."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, Role, allows
from portal.webinars.models import Series, SeriesState, State, Webinar
from portal.webinars.series.permissions import seen_by
from tests.files import WEBINAR, Files, load


def test_a_series_leads_to_its_webinars_and_they_to_it(client: Any, make: Any) -> None:
    host = make.partner("DTU")
    series = make.series("Heat talks", title_da="Varmesamtaler", host_names="DTU Wind", partners=[host])
    day = {"held_on": date(2026, 12, 8), "starts_at": datetime(2026, 12, 8, 13, 0, tzinfo=UTC), "zone": "Europe/Berlin"}
    make.webinar("Pumps", series_id=series.id, **day)
    make.webinar("Secret pumps", series_id=series.id, state=State.DRAFT, **day)
    make.webinar("Lamps", **day)
    page = client.page("/en/webinars/series/heat-talks")
    assert "/en/webinars/pumps" in page.links
    assert "Secret" not in page.text
    data = json.loads(next(e.text for e in page.all("script") if e.get("type") == "application/ld+json"))
    assert (data["@type"], len(data["subEvent"])) == ("EventSeries", 1)
    assert "/en/webinars/series/heat-talks" in client.page("/en/webinars/pumps").links
    assert "1 webinar" in client.page("/en/webinars?series=heat-talks").text
    assert "Varmesamtaler" in client.page("/da/webinars/series").text
    events = Calendar.from_ical(client.get("/en/webinars/series/heat-talks.ics").data).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["Pumps"]
    assert client.get("/en/webinars/heat-talks").location == "/en/webinars/series/heat-talks"


def test_drafts_and_withdrawn_series_are_for_staff(app: Any, client: Any, make: Any) -> None:
    draft = make.series("Draft series", state=SeriesState.DRAFT)
    gone = make.series("Gone series", state=SeriesState.WITHDRAWN)
    make.webinar("Public webinar", series_id=draft.id)
    for slug, status in (("draft-series", 404), ("gone-series", 410), ("no-series", 404)):
        client.page(f"/en/webinars/series/{slug}", status=status)
        assert client.get(f"/en/webinars/series/{slug}.ics").status_code == status
    assert "Draft series" not in client.page("/en/webinars/public-webinar").text
    assert "Draft series" not in client.page("/en/webinars").text
    member = app.test_client().sign_in(make.account(editor_of=[make.partner()]))
    assert "Draft series" not in member.page("/en/webinars/new").text
    actors = [VISITOR, *(Actor(account_id=1, roles=frozenset({role})) for role in Role)]
    with app.app_context():
        for actor in actors:
            seen = set(db.session.scalars(select(Series.id).where(seen_by(actor))))
            assert seen == {one.id for one in (draft, gone) if allows(actor, "series.see", one)}


def test_a_series_is_loaded_once_and_takes_the_place_of_its_webinar(app: Any, tmp_path: Any) -> None:
    row = {**WEBINAR, "date": "", "date_precision": "none", "webinar_start": "", "timezone": ""}
    files = Files(tmp_path)
    with app.app_context():
        assert load(app, files.add("news.csv", **{**row, "title": "Light lessons"})).tallies["news.csv"].added
        assert db.session.scalars(select(Webinar.slug)).all() == ["light-lessons"]
    again = Files(tmp_path / "again").add("news.csv", **{**row, "kind": "series", "title": "Light lessons"})
    for _turn in range(2):
        load(app, again)
        with app.app_context():
            assert db.session.scalars(select(Webinar.slug)).all() == []
            assert db.session.scalars(select(Series.slug)).all() == ["light-lessons"]
    dated = Files(tmp_path / "dated").add("news.csv", **{**WEBINAR, "kind": "series"})
    assert "a series has no date" in str(load(app, dated).problems[0])


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_series_of_dtu_and_boston_says_that_its_dates_are_not_reported(reference: Any, language: str) -> None:
    client = reference.test_client()
    page = client.page(f"/{language}/webinars/series/ny-webinar-serie-danmark-og-usa-kan-laere-af-hinanden")
    for slug in ("dtu", "icdk-boston", "orsted", "mit", "tufts", "energinet", "energy-cluster-denmark"):
        assert f"/{language}/partners/{slug}" in page.links
    if language == "en":
        assert "The dates are not reported." in page.text
    assert clock.today().isoformat() not in page.text
