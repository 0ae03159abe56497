"""A day at the news desk in a real browser: an article from draft to withdrawal, and a proposal that is taken."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.strangers import Pace
from tests.journeys.conftest import Running
from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

EDITOR, MEMBER, REVIEWER = "news-editor@example.org", "news-member@example.org", "news-reviewer@example.org"


def _sound(page: Page) -> None:
    """Proven on a phone."""
    page.set_viewport_size({"width": 390, "height": 900})
    prove(page)
    page.set_viewport_size({"width": 1440, "height": 900})


def _step(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name=name, exact=True).click()


def test_a_day_at_the_news_desk(
    running_site: Running,
    people: Callable[..., str],
    sign_in: Callable[..., Page],
    visit: Callable[..., Page],
    letters: Any,
) -> None:
    people(EDITOR, "Edith Editor", roles=("editor",))
    page = sign_in(EDITOR, "/en/staff/news")
    page.get_by_role("link", name="Write an article").click()
    page.get_by_label("Title in Danish").fill("Fjernvarme fra journalisten")
    page.get_by_label("Standfirst in Danish").fill("En prøve på et skrivebord.")
    page.get_by_label("Text in Danish").fill("Det er **helt** nyt.")
    expect(page.locator("[data-preview-of=body_da] strong")).to_have_text("helt")
    page.get_by_label("Heat", exact=True).check()
    _sound(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("The draft is saved")
    desk = page.url.removesuffix("/edit")

    # A reviewer without an account
    page.goto(f"{desk}/readers")
    page.get_by_label("Name", exact=True).fill("Rie")
    page.get_by_label("E-mail", exact=True).fill(REVIEWER)
    page.get_by_role("button", name="Make the link").click()
    _sound(page)
    reviewer = visit(letters.link(REVIEWER))
    opened = time.monotonic()
    expect(reviewer.locator("h1")).to_have_text("Fjernvarme fra journalisten")
    _sound(reviewer)
    reviewer.get_by_label("Comment").fill("Der mangler et tal.")
    reviewer.wait_for_timeout(1000 * max(0.0, Pace.least_s + 0.2 - (time.monotonic() - opened)))
    reviewer.get_by_role("button", name="Send", exact=True).click()
    expect(reviewer.get_by_role("status").first).to_contain_text("The editors have your comment")
    page.goto(f"{desk}/talk")
    expect(page.locator(".comment")).to_contain_text("Der mangler et tal.")
    page.get_by_role("button", name="It is dealt with").click()
    _sound(page)

    # Scheduled: nobody outside sees it. Then published at once.
    page.goto(f"{desk}/edit")
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(clock.COPENHAGEN)
    page.get_by_label("Comes out").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(desk)
    _step(page, "Schedule it")
    expect(page.get_by_role("status").first).to_contain_text("scheduled")
    page.goto(f"{running_site.address}/en/staff/calendar?month={tomorrow:%Y-%m}")
    expect(page.get_by_role("link", name=re.compile("^Fjernvarme fra journalisten"))).to_be_visible()
    _sound(page)
    public = "/da/news/fjernvarme-fra-journalisten"
    visitor = visit(public)
    assert "Fjernvarme" not in visitor.content()
    page.goto(desk)
    _step(page, "Publish it now")
    visitor.goto(f"{running_site.address}{public}")
    expect(visitor.locator("h1")).to_have_text("Fjernvarme fra journalisten")

    # Corrected, then withdrawn
    page.goto(f"{desk}/edit")
    page.get_by_label("Correction in Danish").fill("Tallet var 7.")
    page.get_by_role("button", name="Save", exact=True).click()
    visitor.reload()
    expect(visitor.get_by_text("Tallet var 7.")).to_be_visible()
    page.goto(f"{desk}/versions")
    expect(page.get_by_role("link", name="Version 3")).to_be_visible()
    _sound(page)
    page.goto(desk)
    page.get_by_role("link", name="Withdraw it", exact=True).click()
    page.get_by_label("Why").fill("It was a trial.")
    page.get_by_role("button", name="Withdraw it", exact=True).click()
    answer = visitor.reload()
    assert answer is not None
    assert answer.status == 410

    # A partner's proposal
    people(MEMBER, "Mia Member", partner="dtu")
    member = sign_in(MEMBER, "/en/my/news")
    member.get_by_role("link", name="Write an article").click()
    member.get_by_label("Title in English").fill("A proposal from the university")
    member.get_by_label("Text in English").fill("We *measured* it.")
    member.get_by_role("button", name="Save", exact=True).click()
    member.get_by_role("button", name="Hand it in").click()
    expect(member.get_by_role("status").first).to_contain_text("It is handed in")
    _sound(member)
    page.goto(f"{running_site.address}/en/staff")
    page.get_by_role("link", name="Submitted articles").click()
    _sound(page)
    page.get_by_role("link", name=re.compile("^A proposal from the university")).click()
    page.get_by_role("button", name="Take it", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("You are responsible for the article")
    _sound(page)
    member.reload()
    expect(member.get_by_role("main")).to_contain_text("In review")
