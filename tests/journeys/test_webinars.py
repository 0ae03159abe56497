"""A webinar in a real browser: announced in a series, postponed, held and recorded; another one is cancelled."""

import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

SECRET = "https://meet.example.org/journey-room"


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def step(page: Page, base: str, name: str, why: str = "") -> None:
    """Take the webinar a step on."""
    page.goto(f"{base}/state")
    page.get_by_role("link", name=name, exact=True).click()
    if why:
        page.get_by_label("Why, in English").fill(why)
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/state")


def entry(base: str) -> Any:
    with urllib.request.urlopen(f"{base}.ics", timeout=10) as answer:
        data = answer.read()
    assert SECRET.encode() not in data
    made = Calendar.from_ical(data)
    return {**made.walk("VEVENT")[0], "METHOD": made["METHOD"]}


def write(page: Page, site: str, title: str, start: str, end: str) -> str:
    """Write a webinar; returns its address."""
    page.goto(f"{site}/en/webinars/new")
    page.get_by_label("Title in English").fill(title)
    page.get_by_label("What it is about, in English").fill("How **heat** moves.")
    page.get_by_label("Begins", exact=True).fill(start)
    page.get_by_label("Ends", exact=True).fill(end)
    page.get_by_role("combobox", name="Partners that hold it: Search by name").fill("DTU")
    page.get_by_role("listbox", name="Partners that hold it").get_by_role("option").first.click()
    page.get_by_label("Series", exact=True).select_option(label="Journey talks")
    page.get_by_label("Where to join").fill(SECRET)
    save(page)
    page.wait_for_url("**/state")
    return page.url.removesuffix("/state")


@pytest.mark.timeout(300)  # a long story, and a code of the second factor to wait for
def test_a_webinar_from_its_announcement_to_its_recording(
    site: str, people: Callable[..., str], sign_in: Callable[..., Page], visit: Callable[..., Page]
) -> None:
    page = sign_in(people("webinar-editor@example.org", "Editor", roles=["editor"]), "/en/staff")
    page.goto(f"{site}/en/staff/webinars/series/new")
    page.get_by_label("Title in English").fill("Journey talks")
    save(page)
    page.get_by_role("button", name="Publish the series").click()
    series = page.get_by_role("link", name="Public page").get_attribute("href")

    base = write(page, site, "Journey pumps", "2027-05-05T09:00", "2027-05-05T10:30")
    prove(page)
    for title, speakers in (("Opening", "Ane Ager; DTU\nBo Bek; Energinet"), ("Discussion", "")):
        page.goto(f"{base}/programme/new")
        page.get_by_label("Title in English").fill(title)
        page.get_by_label("Speakers", exact=True).fill(speakers)
        save(page)
        page.wait_for_url("**/programme#session-*")
    prove(page)
    for part in ("versions", "readers"):
        page.goto(f"{base}/{part}")
        prove(page)
    page.get_by_role("button", name="Make a preview link").click()
    draft = visit(re.findall(r"/en/webinars/preview/\S+", page.locator(".notice, .flash, main").first.inner_text())[0])
    expect(draft.get_by_text("This is a draft")).to_be_visible()
    prove(draft)
    step(page, base, "Announce it")
    reader = visit(str(series))
    reader.get_by_role("link", name="Journey pumps").click()
    reader.wait_for_load_state()
    expect(reader.get_by_text("Bo Bek")).to_be_visible()
    announced = entry(base)
    step(page, base, "Postpone it", "The speaker is ill.")
    reader.reload()
    expect(reader.get_by_text("The speaker is ill.")).to_be_visible()
    postponed = entry(base)
    assert (str(postponed["STATUS"]), str(postponed["UID"])) == ("TENTATIVE", str(announced["UID"]))
    assert postponed["SEQUENCE"] > announced["SEQUENCE"]

    other = write(page, site, "Journey lamps", "2027-06-05T09:00", "2027-06-05T10:00")
    step(page, other, "Announce it")
    step(page, other, "Cancel it", "Too few came.")
    cancelled = entry(other)
    assert (str(cancelled["STATUS"]), str(cancelled["METHOD"])) == ("CANCELLED", "CANCEL")

    # It was held after all, on an earlier day.
    page.goto(f"{base}/edit")
    prove(page)
    page.get_by_label("Begins", exact=True).fill("2026-05-05T09:00")
    page.get_by_label("Ends", exact=True).fill("2026-05-05T10:30")
    save(page)
    page.goto(f"{base}/recording")
    page.get_by_label("The recording is at").fill("https://www.youtube.com/watch?v=journey")
    page.get_by_label("Chapters in English").fill("0:00 Welcome\n12:30 Heat wells")
    prove(page)
    save(page)
    step(page, base, "Show the recording")
    reader.goto(base)
    expect(reader.get_by_role("link", name="Heat wells")).to_be_visible()
    prove(reader)
    recorded = entry(base)
    assert recorded["DTSTART"].dt.isoformat() == "2026-05-05T09:00:00+02:00"
    assert recorded["SEQUENCE"] > postponed["SEQUENCE"]
    assert SECRET not in reader.content()
