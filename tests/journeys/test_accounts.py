"""Whole stories of people who have an account, in a real browser, by the mails that a real worker sends."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.test_accessibility import _prove
from tests.postbox import Letters

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def test_somebody_registers_and_proposes_the_own_organisation(
    visit: Callable[..., Page], site: str, letters: Letters
) -> None:
    page = visit("/en/account/sign-in")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Name").fill("Newcomer")
    page.get_by_label("E-mail").fill("newcomer@example.org")
    page.get_by_label("Password", exact=True).fill("password1234")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("alert")).to_contain_text("too easy to guess")
    _prove(page, "with an error")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look in your mail")

    page.goto(site + letters.link("newcomer@example.org"))
    _prove(page, "verify")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("status")).to_contain_text("verified")
    _prove(page, "your partners")

    page.get_by_role("link", name="Propose a new partner").click()
    page.get_by_label("Name of the organisation").fill("Fjord Laboratory")
    page.get_by_label("Type").select_option(label="Company")
    page.get_by_label("CVR number").fill("12345678")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.get_by_role("alert")).to_contain_text("CVR number")
    page.get_by_label("CVR number").fill("10150817")
    _prove(page, "propose")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.get_by_role("main")).to_contain_text("Fjord Laboratory")


def test_an_admin_invites_a_colleague_who_joins_and_becomes_an_admin(
    visit: Callable[..., Page], site: str, letters: Letters, people: Callable[..., str], sign_in: Callable[..., Page]
) -> None:
    people("head@example.org", "Head of department", partner="dtu", admin=True)
    desk = sign_in("head@example.org", "/en/account/partners/dtu/people")
    desk.get_by_role("link", name="Invite somebody").click()
    desk.get_by_label("E-mail").fill("joiner@example.org")
    desk.get_by_label("Message").fill("Welcome aboard")
    _prove(desk, "invite")
    desk.get_by_role("button", name="Send the invitation").click()
    expect(desk.get_by_role("main")).to_contain_text("joiner@example.org")

    link = letters.link("joiner@example.org")
    guest = visit(link)
    expect(guest.locator("h1")).to_contain_text("Invitation to act for")
    expect(guest.get_by_role("main")).to_contain_text("Welcome aboard")
    _prove(guest, "invitation")
    guest.get_by_label("Name").fill("Joining colleague")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Create the account and accept").click()
    expect(guest.get_by_role("main")).to_contain_text("Edits for the partner")
    assert "accepted" in letters.to("head@example.org", about="accepted")[-1]["Subject"]

    desk.reload()
    desk.get_by_role("link", name="Change Joining colleague").click()
    desk.get_by_label("Administers the partner").check()
    _prove(desk, "member")
    desk.get_by_role("button", name="Save").click()
    _prove(desk, "people")
    guest.goto(f"{site}/en/account/partners/dtu/people")
    expect(guest.get_by_role("link", name="Invite somebody")).to_be_visible()
    assert visit(link).locator("h1").inner_text() == "This link can no longer be used"


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
    page = sign_in(people("writer@example.org", partner="dtu", admin=True), "/en/account/partners/dtu/invite")
    page.clock.install()
    page.reload()
    page.get_by_label("Message").fill("half a sentence")
    with page.expect_response(re.compile("/account/drafts$")):
        page.clock.fast_forward(21_000)
    expect(page.get_by_role("status")).to_contain_text("Draft kept at")
    page.goto(f"{site}/en/about")
    page.goto(f"{site}/en/account/partners/dtu/invite")
    _prove(page, "with a draft")
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_label("Message")).to_have_value("half a sentence")


SETTINGS = ("", "/partners", "/email", "/password", "/devices", "/data")


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "da"), (1440, True, "en")])
def test_every_account_page_can_be_used_by_everyone(
    site: str,
    visit: Callable[..., Page],
    people: Callable[..., str],
    sign_in: Callable[..., Page],
    width: int,
    *,
    dark: bool,
    language: str,
) -> None:
    for path in ("sign-in", "register", "register/sent", "reset", "reset/sent", "deleted", "reset/nothing"):
        _prove(visit(f"/{language}/account/{path}", width, dark=dark), path)
    page = sign_in(people(f"axe-{width}@example.org", partner="dtu", admin=True), width=width, dark=dark)
    of_partner = ["account/partners/dtu/people", "account/partners/dtu/invite", "partners/dtu/trace"]
    pages = [*(f"account/settings{part}" for part in SETTINGS), "account/contacts", "account/join", "account/propose"]
    for path in pages + of_partner:
        page.goto(f"{site}/{language}/{path}")
        _prove(page, f"{path} at {width}")
