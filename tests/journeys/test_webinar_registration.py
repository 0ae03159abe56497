"""A visitor comes too late, waits, gets the place of somebody who leaves, and takes the webinar into a calendar."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.webinars.models import State
from tests.journeys.sound import prove
from tests.make import Make
from tests.postbox import Letters, text_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

SLUG = "one-seat-by-the-fjord"
ROOM = "https://meet.example/the-last-seat"
OPEN_LONG_ENOUGH = "new Promise(done => setTimeout(done, Math.max(0, 3200 - performance.now())))"
"""Nobody fills in a form in less than three seconds."""
EARLY, LATE = "early.bird@example.org", "late.riser@example.org"


@pytest.fixture
def _one_seat(inside: Flask) -> None:
    """A webinar with a single place, as its editors would have made it."""
    starts = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=40)
    Make(inside).webinar(
        "One seat by the fjord",
        slug=SLUG,
        state=State.OPEN,
        held_on=starts.date(),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        zone="Europe/Copenhagen",
        capacity=1,
        join_url=ROOM,
    )


@pytest.mark.usefixtures("_one_seat")
def test_from_the_waiting_list_to_a_place_and_out_again(
    visit: Callable[..., Page], letters: Letters, tmp_path: Path
) -> None:
    def register(page: Page, name: str, email: str, button: str) -> None:
        page.get_by_role("link", name=button).click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("E-mail").fill(email)
        page.evaluate(OPEN_LONG_ENOUGH)
        page.get_by_role("main").get_by_role("button", name=button).click()
        expect(page.locator("h1")).to_have_text("Look into your mail")

    def confirm(email: str) -> Page:
        page = visit(letters.link(email, about="Confirm"))
        page.get_by_role("button", name="Confirm my registration").click()
        return page

    register(visit(f"/en/webinars/{SLUG}"), "Early Bird", EARLY, "Register")
    early = confirm(EARLY)
    expect(early.locator(".notice--success")).to_contain_text("You have a place")

    late = visit(f"/en/webinars/{SLUG}", scripts=False)
    expect(late.locator("main")).to_contain_text("Full")
    late.get_by_role("link", name="Onto the waiting list").click()
    expect(late.locator("main")).to_contain_text("0 people are on it")
    late = visit(f"/en/webinars/{SLUG}")
    register(late, "Late Riser", LATE, "Onto the waiting list")
    late = confirm(LATE)
    expect(late.locator("main")).to_contain_text("You are number 1.")
    prove(visit(f"/en/webinars/{SLUG}/register"), "waiting list")
    assert ROOM not in late.content()

    early.get_by_role("link", name="Cancel my registration").click()
    early.get_by_role("button", name="Cancel my registration").click()
    expect(early.locator("h1")).to_have_text("You have cancelled")

    letter = letters.to(LATE, about="You have got a place")[0]
    assert ROOM in text_of(letter)
    page = visit(letters.link(LATE, about="You have got a place"), 390, dark=True)
    expect(page.get_by_role("link", name=re.compile("Join the webinar"))).to_have_attribute("href", ROOM)
    prove(page, "one's own registration")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    file = tmp_path / "webinar.ics"
    download.value.save_as(file)
    mailed = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    for body in (file.read_bytes(), mailed.get_payload(decode=True)):
        event: Any = Calendar.from_ical(body).walk("VEVENT")[0]
        assert (str(event["UID"]), str(event["LOCATION"])) == (f"webinar-{SLUG}", ROOM)
    page.get_by_role("link", name="Cancel my registration").click()
    page.get_by_role("button", name="Cancel my registration").click()
    gone = letters.to(LATE, about="Cancelled: your registration")[0]
    taken_out = next(part for part in gone.walk() if part.get_content_type() == "text/calendar")
    assert taken_out.get_param("method") == "CANCEL"
    expect(visit(f"/en/webinars/{SLUG}").get_by_role("link", name="Register")).to_be_visible()
