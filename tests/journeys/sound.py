"""What every page must be: without fault by axe-core, and no wider than the screen."""

import json
from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LOOKS = ((390, "dark"), (1440, "light"))
LANGUAGES = ("da", "en")


def prove(page: Page, look: str = "") -> None:
    """Look at a page as it is."""
    page.wait_for_load_state()
    found: Any = Axe().run(page, options=RULES).response["violations"]
    told = [
        f"{one['id']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]], ensure_ascii=False)}"
        for one in found
    ]
    assert told == [], f"{page.url} at {look}"
    fits(page)


def fits(page: Page, width: int = 0) -> None:
    """See that nothing is wider than the screen, as it is or at this width."""
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} at {page.viewport_size} is {wide} px too wide"


def prove_all(page: Page, paths: Iterable[str]) -> None:
    """Look at each page, on a phone in the dark and on a wide screen by day in turn; every second two in Danish.

    Paths are those behind the language. Looking costs a second a page: the frame and the components that all pages
    are made of are so seen in every look, each page in one.
    """
    site = "/".join(page.url.split("/")[:3])
    for number, path in enumerate(paths):
        width, scheme = LOOKS[number % 2]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"{site}/{LANGUAGES[number // 2 % 2]}{path}")
        assert answer is not None, path
        assert answer.ok, f"{page.url} answered {answer.status}"
        prove(page, f"{width} px, {scheme}")
