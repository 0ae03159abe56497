"""The webinars of news.csv."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.webinars.models import State, Webinar
from tests.files import WEBINAR, Files, load


def webinar(app) -> Webinar:
    with app.app_context():
        return db.session.scalars(select(Webinar).options(selectinload(Webinar.partners))).one()


def take_in(app, tmp_path, **cells: str):
    return load(app, Files(tmp_path).add("news.csv", **{**WEBINAR, **cells}))


def test_a_webinar_starts_at_the_time_of_its_own_zone(app, tmp_path):
    take_in(app, tmp_path)
    found = webinar(app)
    assert (found.starts_at, found.zone) == (datetime(2020, 9, 30, 7, 30, tzinfo=UTC), "Europe/Berlin")
    assert (found.held_on, found.ends_at) == (date(2020, 9, 30), None)
    assert (found.state, found.uid, found.sequence, found.languages) == (State.ANNOUNCED, "webinar-w1", 0, "")


def test_a_date_without_a_time_and_neither_are_both_possible(app, tmp_path):
    take_in(app, tmp_path / "one", webinar_start="", timezone="")
    assert (webinar(app).held_on, webinar(app).starts_at) == (date(2020, 9, 30), None)
    take_in(app, tmp_path / "two", webinar_start="", timezone="", date="", date_precision="none")
    assert (webinar(app).held_on, webinar(app).starts_at) == (None, None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"timezone": ""}, "timezone: is blank although there is a time"),
        ({"timezone": "Europe/Atlantis"}, "timezone: is not a time zone such as Europe/Copenhagen: 'Europe/Atlantis'"),
        ({"timezone": "../etc/passwd"}, "timezone: is not a time zone such as Europe/Copenhagen: '../etc/passwd'"),
        ({"timezone": "Europe"}, "timezone: is not a time zone such as Europe/Copenhagen: 'Europe'"),
        ({"webinar_start": "9.30"}, "webinar_start: is not a time such as 2026-03-28T14:30: '9.30'"),
        (
            {"webinar_start": "2020-09-30T25:00"},
            "webinar_start: is not a time such as 2026-03-28T14:30: '2020-09-30T25:00'",
        ),
        ({"webinar_start": "2020-10-01T09:30"}, "webinar_start: is not on the date of the row: 2020-09-30"),
        ({"date": "2020-09", "date_precision": "month"}, "date: a webinar's date is a day or not known"),
        (
            {"date": "2027-03-28", "webinar_start": "2027-03-28T02:30"},
            "webinar_start: does not exist in Europe/Berlin: the clocks are put forward then",
        ),
        (
            {"date": "2026-10-25", "webinar_start": "2026-10-25T02:30"},
            "webinar_start: happens twice in Europe/Berlin: add the offset, e.g. +02:00",
        ),
    ],
)
def test_times_that_cannot_be_are_reported(app, tmp_path, cells, expected):
    assert [str(problem) for problem in take_in(app, tmp_path, **cells).problems] == [f"news.csv:3: {expected}"]


def test_hosts_that_are_partners_are_marked_and_the_others_named(app, tmp_path):
    take_in(app, tmp_path, host="City of Copenhagen; LUCIA project", speaker_organisations="City of Tallinn")
    found = webinar(app)
    assert [tie.is_host for tie in found.partners] == [True]
    assert (found.host_names, found.speaker_names) == ("LUCIA project", "City of Tallinn")


def test_a_moved_webinar_gets_a_higher_number_for_calendars_and_a_new_text_does_not(app, tmp_path):
    take_in(app, tmp_path)
    take_in(app, tmp_path, summary="A new word about it.")
    assert webinar(app).sequence == 0
    take_in(app, tmp_path, summary="A new word about it.", webinar_start="2020-09-30T10:00")
    assert webinar(app).sequence == 1


def test_the_real_webinars_have_the_times_of_their_sources(reference):
    with reference.app_context():
        found = {one.import_key: one for one in db.session.scalars(select(Webinar))}
    assert sum(one.starts_at is not None for one in found.values()) == 10
    assert sum(one.held_on is None for one in found.values()) == 1
    assert found["n018"].starts_at == datetime(2017, 6, 8, 12, 30, tzinfo=UTC)
    assert found["n053"].starts_at == datetime(2020, 11, 4, 8, 30, tzinfo=UTC)
