"""What the worker tells people: in time, once, what is so now; and when it forgets them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.webinars.models import State, Webinar
from portal.webinars.registration import upkeep
from portal.webinars.registration.models import Registration
from tests.make import Make
from tests.postbox import text_of
from tests.webinars.registration.conftest import ROOM


@pytest.fixture
def work(app: Flask) -> Callable[[datetime], None]:
    """The worker's look at a moment; twice, for it may come again at any time."""

    def look(at: datetime) -> None:
        for _ in range(2):
            with app.app_context():
                upkeep.work(at)

    return look


def invited(letter: EmailMessage) -> tuple[str, Event]:
    """The method and the event of a mail's entry, which stands in it twice: to be entered, and as a file."""
    parts = [part for part in letter.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert len(parts) == 2, letter.as_string()
    both = [Calendar.from_ical(part.get_payload(decode=True)) for part in parts]
    assert both[0].to_ical() == both[1].to_ical()
    assert str(both[0]["METHOD"]) == parts[0].get_param("method")
    return str(both[0]["METHOD"]), both[0].walk("VEVENT")[0]


def test_reminders_come_in_time_and_once(webinar: Webinar, person: Any, work: Any) -> None:
    assert webinar.starts_at is not None
    starts = webinar.starts_at
    ann, bo, cy = person("Ann"), person("Bo", "da"), person("Cy")
    for one in (ann, bo, cy):
        one.register()
        one.confirm()
    seen = []
    for before in (
        timedelta(days=7, minutes=1), timedelta(days=7), timedelta(days=1, minutes=1), timedelta(days=1),
        timedelta(hours=1, minutes=1), timedelta(hours=1), timedelta(0), timedelta(days=-1),
    ):  # fmt: skip
        work(starts - before)
        seen.append([one.partition(":")[0] for one in ann.subjects()[2:]])
    assert seen == [
        [],
        ["In a week"],
        ["In a week"],
        ["In a week", "Tomorrow"],
        ["In a week", "Tomorrow"],
        *[["In a week", "Tomorrow", "In an hour"]] * 3,
    ]
    assert len(bo.subjects()) == 5
    assert "Varme til to verdensdele" in bo.subjects()[-1]
    assert [one.partition(":")[0] for one in cy.subjects()[1:]] == ["You are on the waiting list"]
    letter = ann.postbox.fetch(ann.email)[-1]
    method, event = invited(letter)
    assert (method, str(event["UID"]), event["SEQUENCE"]) == ("REQUEST", webinar.uid, webinar.sequence)
    assert event["DTSTART"].dt == starts
    assert str(event["LOCATION"]) == ROOM
    assert str(event["ATTENDEE"]) == "mailto:ann@example.org"
    text = text_of(letter)
    assert ROOM in text
    assert "(Danish time)" in text
    assert "in New York" in text
    assert ROOM not in "".join(one.as_string() for one in cy.postbox.fetch(cy.email))


def test_who_comes_late_is_not_reminded_of_what_was_just_said(webinar: Webinar, person: Any, work: Any) -> None:
    assert webinar.starts_at is not None
    ann = person("Ann")
    ann.register()
    ann.confirm()
    work(clock.now() + timedelta(minutes=1))
    assert len(ann.subjects()) == 2
    # A worker that was away for days says the last thing alone.
    work(webinar.starts_at - timedelta(hours=2))
    assert [one.partition(":")[0] for one in ann.subjects()[2:]] == ["Tomorrow"]


def test_a_webinar_that_moves_takes_its_people_and_reminders_along(
    webinar: Webinar, revise: Any, person: Any, work: Any
) -> None:
    assert webinar.starts_at is not None
    assert webinar.ends_at is not None
    ann, bo, cy = person("Ann"), person("Bo"), person("Cy")
    for one in (ann, bo, cy):
        one.register()
        one.confirm()
    old, now = webinar.starts_at, clock.now()
    work(old - timedelta(days=7))
    new = old + timedelta(days=14)
    revise(starts_at=new, ends_at=new + timedelta(hours=1), held_on=new.date(), sequence=webinar.sequence + 1)
    work(old - timedelta(days=6))
    assert ann.subjects()[-1] == cy.subjects()[-1] == "New time: Heat for two continents"
    method, event = invited(ann.postbox.fetch(ann.email)[-1])
    assert (method, event["SEQUENCE"], event["DTSTART"].dt) == ("REQUEST", webinar.sequence + 1, new)
    count = len(ann.subjects())
    work(old - timedelta(hours=1))
    assert len(ann.subjects()) == count  # nothing reminds of the old time
    work(new - timedelta(days=7))
    assert ann.subjects()[-1].startswith("In a week")
    assert len(ann.subjects()) == count + 1
    # Postponed: out of the calendar, no reminder; the registration stands, and a new time brings it back.
    revise(state=State.POSTPONED, sequence=webinar.sequence + 2)
    work(new - timedelta(days=1))
    assert ann.subjects()[-1] == cy.subjects()[-1] == "Postponed: Heat for two continents"
    assert invited(ann.postbox.fetch(ann.email)[-1])[0] == "CANCEL"
    assert "Your registration stands" in ann.page().text
    again, count = new + timedelta(days=30), len(ann.subjects())
    revise(starts_at=again, ends_at=again + timedelta(hours=1), held_on=again.date())
    work(now)
    assert len(ann.subjects()) == count  # written down, and not said before it is decided
    revise(state=State.OPEN, sequence=webinar.sequence + 3)
    work(now)
    method, event = invited(ann.postbox.fetch(ann.email)[-1])
    assert (method, event["SEQUENCE"], str(event["UID"])) == ("REQUEST", webinar.sequence + 3, webinar.uid)
    # Called off for good: told once, reminded of nothing.
    revise(state=State.CANCELLED, reason_en="The speaker is ill.", sequence=webinar.sequence + 4)
    work(again - timedelta(days=6))
    work(again - timedelta(hours=1))
    assert ann.subjects()[-1] == "Cancelled: Heat for two continents"
    assert ann.subjects().count("Cancelled: Heat for two continents") == 1
    letter = ann.postbox.fetch(ann.email)[-1]
    method, event = invited(letter)
    assert (method, str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", webinar.sequence + 4)
    assert "The speaker is ill." in text_of(letter)
    assert "cancelled" in ann.page().text


def test_a_new_place_to_join_is_told_to_those_with_a_place(
    webinar: Webinar, revise: Any, person: Any, work: Any
) -> None:
    revise(join_url="", capacity=1)
    ann, bo = person("Ann"), person("Bo")
    for one in (ann, bo):
        one.register()
        one.confirm()
    assert "not known yet" in ann.page().text
    revise(join_url=ROOM)
    work(clock.now())
    assert ann.subjects()[-1] == "Changed: Heat for two continents"
    assert ROOM in text_of(ann.postbox.fetch(ann.email)[-1])
    assert len(bo.subjects()) == 2


def test_more_places_are_given_out_by_the_worker_too(
    webinar: Webinar, revise: Any, person: Any, states: Any, work: Any
) -> None:
    revise(capacity=1)
    for name in ("Ann", "Bo", "Cy"):
        one = person(name)
        one.register()
        one.confirm()
    revise(capacity=2)
    work(clock.now())
    assert states() == {"Ann": "confirmed", "Bo": "confirmed", "Cy": "waitlisted"}
    revise(capacity=None)
    work(clock.now())
    assert states()["Cy"] == "confirmed"


def test_the_recording_and_what_people_thought_of_it(
    app: Flask, client: Any, make: Make, host: Any, webinar: Webinar, revise: Any, person: Any, work: Any
) -> None:
    ann, bo = person("Ann"), person("Bo")
    for one in (ann, bo):
        one.register()
        one.confirm()
    link, now = bo.link(), clock.now()
    assert bo.client.get(f"{link}/feedback").status_code == 404
    revise(
        starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=2) + timedelta(hours=1), state=State.RECORDED
    )
    work(now)
    count = len(ann.subjects())
    revise(recording_url="https://video.example/heat")
    work(now)
    assert ann.subjects()[-1] == "The recording is there: Heat for two continents"
    assert len(ann.subjects()) == count + 1
    page = ann.link()
    assert page.endswith("/feedback")
    ann.client.submit(page, status=422, text="Nobody chose")
    ann.client.submit(page, rating="4", text="=cmd|' /C calc'!A0 More time for questions")
    assert "without your name" in ann.client.page(page).text
    bo.client.submit(f"{link}/feedback", rating="5")
    keeper = app.test_client().sign_in(make.account(admin_of=[host]))
    text = keeper.page("/en/webinars/heat-for-two-continents/registrations").text
    assert "2 answers, on average 4.5 of 5." in text
    assert "More time for questions" in text


def test_people_are_forgotten_on_the_day_they_were_told(app: Flask, webinar: Webinar, revise: Any, person: Any) -> None:
    assert webinar.ends_at is not None
    revise(retention_days=30)
    ann, bo = person("Ann"), person("Bo")
    for one in (ann, bo):
        one.register(organisation="Odense")
        one.confirm()
    link = ann.link()
    bo.client.submit(f"{bo.link()}/cancel", status=200)
    day = webinar.ends_at.astimezone(clock.COPENHAGEN).date() + timedelta(days=30)
    at = clock.start_of(day)

    def kept() -> list[Any]:
        with app.app_context():
            mine = select(Registration.email, Registration.name, Registration.organisation)
            return [tuple(one) for one in db.session.execute(mine.order_by(Registration.id))]

    for moment in (clock.now(), at - timedelta(minutes=1), at):
        with app.app_context(), transaction():
            upkeep.sweep(moment)
        if moment < at:
            assert kept()[0] == ("ann@example.org", "Ann", "Odense")
    assert kept() == [(None, "", ""), (None, "", "")]
    assert ann.client.get(link).status_code == 410
