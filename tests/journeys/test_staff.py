"""The staff desk in a real browser: two partners become one, and every page can be used by everyone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.partners.models import PartnerState
from tests.journeys.sound import prove_all
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

PAGES = (
    "",
    "/applications",
    "/changes",
    "/confirmations",
    "/project-confirmations",
    "/consents",
    "/corrections",
    "/descriptions",
    "/join-requests",
    "/silent",
    "/partners",
    "/partners/dtu",
    "/partners/dtu/left",
    "/merge",
    "/merge/duplicates",
    "/merge/dtu/aau",
    "/partners/new",
    "/partners/dtu/dormant",
    "/imports",
    "/imports/many?type=university",
    "/links",
)
ADMINISTRATORS = ("/accounts", "/accounts/1", "/trail", "/system")


@pytest.fixture(scope="module")
def curator(inside: Flask, people: Callable[..., str]) -> str:
    """A curator, and what waits for one."""
    make = Make(inside)
    make.partner("Applicant", state=PartnerState.SUGGESTED)
    make.partner("Doorstep")
    make.partner("Doorstep ApS")
    return people("staff-curator@example.org", roles=("curator",))


def test_two_partners_become_one(curator: str, sign_in: Callable[..., Page], visit: Callable[..., Page]) -> None:
    page = sign_in(curator, "/en/staff")
    page.get_by_role("link", name="Partners that may be the same").click()
    row = page.get_by_role("listitem").filter(has_text="Doorstep ApS").first
    row.get_by_role("link", name=re.compile("^Look at them side by side")).click()
    expect(page.locator("h1")).to_have_text("Merge Doorstep ApS into Doorstep")
    page.get_by_label(re.compile("^Doorstep ApS")).first.check()
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("Doorstep ApS is part of Doorstep now")).to_be_visible()
    visitor = visit("/en/partners/doorstep-aps")
    expect(visitor).to_have_url(re.compile("/en/partners/doorstep$"))


def test_a_queue_is_decided_by_keyboard_one_after_the_other(
    curator: str, inside: Flask, sign_in: Callable[..., Page]
) -> None:
    make = Make(inside)
    for name in ("Waits first", "Waits next"):
        make.partner(name, state=PartnerState.SUGGESTED)
    page = sign_in(curator, "/en/staff")
    page.get_by_role("link", name="Applications").click()
    here = page.locator(".queue__item:focus")
    expect(here).to_have_count(1)
    while "Waits first" not in here.inner_text():
        page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.get_by_text("Waits first is in the directory now")).to_be_in_viewport()
    expect(page.locator(".queue__item:focus")).to_have_count(1)
    expect(page.locator(".queue__item").filter(has_text="Waits first")).to_have_count(0)


def test_every_page_of_the_desk_can_be_used_by_everyone(
    curator: str, people: Callable[..., str], sign_in: Callable[..., Page]
) -> None:
    administrator = people("staff-administrator@example.org", roles=("administrator",))
    for who, paths in ((curator, PAGES), (administrator, ADMINISTRATORS)):
        prove_all(sign_in(who, "/en/staff"), [f"/staff{path}" for path in paths])
