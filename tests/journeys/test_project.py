"""A project in a real browser: begun, joined by another partner, taken to running; and written by two at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.postbox import Letters

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def begin(page: Page, title: str) -> str:
    """Begin a project from the demonstration's outline; its address."""
    page.goto(re.sub(r"/en/.*", "/en/projects/new", page.url))
    page.get_by_label("Title in English").fill(title)
    page.get_by_label("Demonstration", exact=True).check()
    page.get_by_role("button", name="Begin the project").click()
    expect(page.get_by_text("Your project is begun")).to_be_visible()
    return page.url.removesuffix("/edit")


def test_a_project_is_begun_joined_and_runs(
    site: str, people: Callable[..., str], sign_in: Callable[..., Page], letters: Letters
) -> None:
    first = people("first-admin@example.org", partner="dtu", admin=True)
    second = people("second-admin@example.org", partner="aarhus-kommune", admin=True)
    lead = sign_in(first)
    desk = begin(lead, "Warm streets")

    lead.goto(f"{desk}/partners/invite")
    lead.get_by_label("Partner", exact=True).select_option(label="City of Aarhus")
    lead.get_by_label("What you want to say to them").fill("Join us.")
    lead.get_by_role("button", name="Ask them").click()
    expect(lead.get_by_text("They are asked")).to_be_visible()

    other = sign_in(second)
    other.goto(f"{site}{letters.link(second)}")
    expect(other.get_by_text("Join us.")).to_be_visible()
    other.get_by_role("button", name="Yes, we take part").click()
    other.get_by_role("link", name="Open the project").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Warm streets")

    lead.goto(f"{desk}/facts")
    lead.get_by_label("Start").fill("2026")
    lead.get_by_role("button", name="Save").click()
    for step in ("Propose it", "Approve it", "Let it run"):
        lead.goto(f"{desk}/state")
        lead.get_by_role("link", name=step).click()
        lead.get_by_role("button", name=step).click()
    expect(lead.get_by_text("The project is now: running.")).to_be_visible()

    lead.goto(f"{desk}/history")
    expect(lead.get_by_role("heading", name="Invitation accepted")).to_be_visible()


def test_two_browsers_write_one_project_at_once(people: Callable[..., str], sign_in: Callable[..., Page]) -> None:
    writer = people("project-writer@example.org", partner="dtu", admin=True)
    mine, theirs = sign_in(writer), sign_in(writer)
    desk = begin(mine, "Two writers")
    for page in (mine, theirs):
        page.goto(f"{desk}/edit")
    theirs.get_by_label("Summary in English").fill("Written by the other.")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Your changes are saved.")).to_be_visible()

    mine.get_by_label("Summary in English").fill("Written by me.")
    mine.get_by_label("The challenge, in English").fill("Only mine.")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Somebody else changed this meanwhile")
    expect(mine.get_by_text("Written by the other.").first).to_be_visible()
    mine.get_by_label("Summary in English").last.fill("Written by both.")
    mine.get_by_role("button", name="Save what I chose").click()
    expect(mine.get_by_text("Your changes are saved.")).to_be_visible()
    summary: Any = mine.get_by_label("Summary in English")
    expect(summary).to_have_value("Written by both.")
    expect(mine.get_by_label("The challenge, in English")).to_have_value("Only mine.")
