"""axe-core finds nothing on any page type, on a phone in the dark or on a wide screen by day; nothing is too wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.sound import fits, prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PAGES = (
    "/",
    "/municipalities",
    "/municipalities?indicator=dk2020",
    "/municipalities?indicator=stage-data",
    "/municipalities/figures",
    "/municipalities/progress",
    "/municipalities/collaboration?municipality=aarhus",
    "/municipalities/vejle",
    "/municipalities/method",
    "/partners",
    "/partners?view=map",
    "/partners/dtu",
    "/projects",
    "/projects?view=timeline",
    "/projects?view=map",
    "/projects/cities",
    "/news",
    "/news?theme=alchemy",
    "/webinars",
    "/search?q=data",
    "/search?q=xqzzy",
    "/about",
    "/accessibility",
    "/privacy",
    "/nothing-here",
)


LISTS = ("news", "webinars")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "width", "dark"), [("da", 390, True), ("en", 1440, False)])
def test_everyone_can_use_what_is_public(visit: Callable[..., Page], language: str, width: int, *, dark: bool) -> None:
    page = visit(f"/{language}/", width, dark=dark)
    site = page.url.removesuffix(f"/{language}/")
    for path in PAGES:
        page.goto(f"{site}/{language}{path}")
        _proven(page, width)
    for things in LISTS:
        page.goto(f"{site}/{language}/{things}")
        page.locator(f"#results a[href^='/{language}/{things}/']").first.click()
        page.wait_for_url(f"**/{language}/{things}/*")
        _proven(page, width)


def _proven(page: Page, width: int) -> None:
    """Without fault as it is shown, and no wider than a tablet either."""
    prove(page, f"{width} px")
    fits(page, 768)
    page.set_viewport_size({"width": width, "height": 900})
