"""Whole stories of people who have an account, in a real browser, by the mails that a real worker sends."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.sound import prove, prove_all

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def test_signing_in_needs_no_mouse(visit: Callable[..., Page], people: Callable[..., str]) -> None:
    email = people("keyboard@example.org", partner="dtu")
    page = visit("/en/account/sign-in?next=/en/account/settings")
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/account/settings(#content)?$"))


def test_what_is_being_written_is_kept_and_offered_again(
    site: str, people: Callable[..., str], sign_in: Callable[..., Page]
) -> None:
    page = sign_in(people("inviting-writer@example.org", partner="dtu", admin=True), "/en/account/partners/dtu/invite")
    page.clock.install()
    page.reload()
    page.get_by_label("Message").fill("half a sentence")
    with page.expect_response(re.compile("/account/drafts$")):
        page.clock.fast_forward(21_000)
    expect(page.get_by_role("status")).to_contain_text("Draft kept at")
    page.goto(f"{site}/en/about")
    page.goto(f"{site}/en/account/partners/dtu/invite")
    prove(page, "with a draft")
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_label("Message")).to_have_value("half a sentence")


SETTINGS = ("", "/partners", "/email", "/password", "/devices", "/data")


def test_every_account_page_can_be_used_by_everyone(
    visit: Callable[..., Page], people: Callable[..., str], sign_in: Callable[..., Page]
) -> None:
    doors = ("sign-in", "register", "register/sent", "reset", "reset/sent", "deleted")
    prove_all(visit("/en/about"), [f"/account/{path}" for path in doors])
    prove(visit("/da/account/reset/nothing", 390), "a spent link")
    newcomer = sign_in(people("axe-newcomer@example.org"), "/da/my", width=390)
    expect(newcomer.get_by_role("heading", name="Din vej ind")).to_be_visible()
    prove(newcomer, "of a newcomer")
    page = sign_in(people("axe@example.org", partner="dtu", admin=True))
    settings = [f"/account/settings{part}" for part in SETTINGS]
    rooms = ("contacts", "join", "propose", "partners/dtu/people", "partners/dtu/invite")
    prove_all(page, [*settings, *(f"/account/{path}" for path in rooms), "/partners/dtu/trace"])
