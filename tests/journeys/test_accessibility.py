"""axe-core finds nothing on any page type, at any width, light or dark; nothing is wider than the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PAGES = (
    "/",
    "/municipalities",
    "/municipalities?indicator=dk2020",
    "/municipalities/figures",
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
LOOKS = ((390, False), (768, True), (1440, False), (1440, True))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_page_can_be_used_by_everyone(visit: Callable[..., Page], language: str, path: str) -> None:
    # Danish at the narrow widths, English at the wide ones: each look is seen, each language too.
    for width, dark in LOOKS[:2] if language == "da" else LOOKS[2:]:
        page = visit(f"/{language}{path}", width, dark=dark)
        prove(page, f"{width} px{', dark' if dark else ''}")


@pytest.mark.parametrize("kind", ["news", "webinars"])
def test_an_article_and_a_webinar_can_be_used_by_everyone(visit: Callable[..., Page], kind: str) -> None:
    for width, dark in LOOKS:
        page = visit(f"/da/{kind}", width, dark=dark)
        page.locator(f"#results a[href^='/da/{kind}/']").first.click()
        page.wait_for_load_state()
        prove(page, f"{width} px{', dark' if dark else ''}")
