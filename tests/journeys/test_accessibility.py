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


LOOKS = {"da": (390, True), "en": (1440, False)}  # each language on one screen, each screen in one light


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LOOKS)
def test_a_page_can_be_used_by_everyone(visit: Callable[..., Page], language: str, path: str) -> None:
    width, dark = LOOKS[language]
    page = visit(f"/{language}{path}", width, dark=dark)
    prove(page, f"{width} px{', dark' if dark else ''}")
    fits(page, 768)


@pytest.mark.parametrize("kind", ["news", "webinars"])
@pytest.mark.parametrize("language", LOOKS)
def test_an_article_and_a_webinar_can_be_used_by_everyone(visit: Callable[..., Page], language: str, kind: str) -> None:
    width, dark = LOOKS[language]
    page = visit(f"/{language}/{kind}", width, dark=dark)
    page.locator(f"#results a[href^='/{language}/{kind}/']").first.click()
    prove(page, f"{width} px{', dark' if dark else ''}")
    fits(page, 768)
