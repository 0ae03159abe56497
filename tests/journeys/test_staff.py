"""Whole stories of the staff desk, in a real browser: an application is approved, two partners become one."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Running

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = (
    "",
    "/applications",
    "/changes",
    "/confirmations",
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
    "/imports/many",
    "/links",
)
ADMINISTRATORS = ("/accounts", "/trail", "/system")
LOOKS = ((390, "dark"), (1440, "light"))
ENTER = """
from portal import create_app
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.sorting import sort_key
from portal.partners.models import Partner, PartnerState, PartnerType
from portal.search.outbox import touch

with create_app().app_context(), transaction():
    for slug, name, state in (
        ("applicant", "Applicant", PartnerState.SUGGESTED),
        ("doorstep", "Doorstep", PartnerState.PUBLISHED),
        ("doorstep-aps", "Doorstep ApS", PartnerState.PUBLISHED),
    ):
        partner = Partner(
            slug=slug, name=name, sort_key=sort_key(name), type=PartnerType.COMPANY, state=state, country="DK",
            created_at=clock.now(),
        )
        db.session.add(partner)
        db.session.flush()
        touch("partner", partner.id)
"""


@pytest.fixture(scope="module")
def curator(running_site: Running, people: Callable[..., str]) -> str:
    """A curator, and what waits for one."""
    subprocess.run([sys.executable, "-c", ENTER], env=running_site.environment, check=True, timeout=60)
    people("applicant@example.org", partner="applicant", admin=True)
    return people("staff-curator@example.org", roles=("curator",))


def test_a_day_at_the_desk(
    curator: str, sign_in: Callable[..., Page], visit: Callable[..., Page], letters: Any
) -> None:
    page = sign_in(curator, "/en/staff")
    page.get_by_role("link", name="Applications").click()
    page.get_by_role("button", name="Approve Applicant").click()
    expect(page.get_by_role("status")).to_contain_text("Applicant is in the directory now")
    assert letters.link("applicant@example.org") == "/en/partners/applicant"

    page.goto(page.url.replace("/applications", ""))
    page.get_by_role("link", name="Partners that may be the same").click()
    row = page.get_by_role("listitem").filter(has_text="Doorstep ApS").first
    row.get_by_role("link", name=re.compile("^Look at them side by side")).click()
    expect(page.locator("h1")).to_have_text("Merge Doorstep ApS into Doorstep")
    page.get_by_label(re.compile("^Doorstep ApS")).first.check()
    page.get_by_role("button", name="Merge them").click()
    expect(page.locator("h1")).to_have_text("Doorstep ApS")
    visitor = visit("/en/partners/doorstep-aps")
    expect(visitor).to_have_url(re.compile("/en/partners/doorstep$"))


def test_every_page_of_the_desk_can_be_used_by_everyone(
    curator: str, people: Callable[..., str], sign_in: Callable[..., Page], site: str
) -> None:
    """Each page narrow and dark, wide and light; one of the two in Danish."""
    administrator = people("staff-administrator@example.org", roles=("administrator",))
    for who, paths in ((curator, PAGES), (administrator, ADMINISTRATORS)):
        page = sign_in(who, "/en/staff")
        for number, path in enumerate(paths):
            for turn, (width, scheme) in enumerate(LOOKS):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{site}/{('da', 'en')[(number + turn) % 2]}/staff{path}")
                found: Any = Axe().run(page, options=RULES).response["violations"]
                seen = f"{page.url} at {width} px, {scheme}"
                assert [one["id"] for one in found] == [], seen
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide <= 0, seen
