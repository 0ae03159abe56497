"""The staff desk in a real browser: two partners become one, and every page can be used by everyone."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Running
from tests.journeys.sound import prove_all

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

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
    "/imports/many?type=university",
    "/links",
)
ADMINISTRATORS = ("/accounts", "/accounts/1", "/trail", "/system")
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
    return people("staff-curator@example.org", roles=("curator",))


def test_two_partners_become_one(curator: str, sign_in: Callable[..., Page], visit: Callable[..., Page]) -> None:
    page = sign_in(curator, "/en/staff")
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
    curator: str, people: Callable[..., str], sign_in: Callable[..., Page]
) -> None:
    administrator = people("staff-administrator@example.org", roles=("administrator",))
    for who, paths in ((curator, PAGES), (administrator, ADMINISTRATORS)):
        prove_all(sign_in(who, "/en/staff"), [f"/staff{path}" for path in paths])
