"""Whole stories of a visitor, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def test_from_the_map_to_a_municipality_to_a_project_and_its_partner(visit: Callable[..., Page]) -> None:
    page = visit("/da/")
    page.get_by_role("link", name=re.compile("^Bornholm")).first.click()
    expect(page.locator("h1")).to_contain_text("Bornholm")
    page.get_by_role("link", name=re.compile("EcoGrid")).first.click()
    expect(page.locator("h1")).to_contain_text("EcoGrid")
    page.locator("#partners a").first.click()
    expect(page).to_have_url(re.compile(r"/da/partners/"))


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_from_the_front_page_into_the_picture_of_who_works_with_whom(visit: Callable[..., Page], width: int) -> None:
    page = visit("/en/", width)
    page.get_by_role("link", name="Who works with whom").click()
    panel = page.locator("[data-web-panel]")
    expect(panel).to_be_hidden()
    # The keyboard: one sign has its turn, the arrows lead on, and Enter opens the page of the one that is chosen.
    picture = page.locator("[data-web]")
    expect(picture.locator("a[tabindex='0']")).to_have_count(1)
    picture.get_by_role("link", name="Aarhus", exact=True).focus()
    expect(panel.locator("h3")).to_have_text("Aarhus")
    expect(panel.get_by_role("link", name="Aarhus University")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(panel.locator("h3")).not_to_have_text("Aarhus")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    # The pointer: the first choice tells, the second one goes there.
    sonderborg = picture.get_by_role("link", name="Sønderborg", exact=True)
    sonderborg.locator("rect").click()
    expect(panel.locator("h3")).to_have_text("Sønderborg")
    sonderborg.locator("rect").click()
    expect(page.locator("h1")).to_contain_text("Sønderborg")


def test_search_finds_a_town_however_it_is_spelled(visit: Callable[..., Page]) -> None:
    for spelling in ("aarhus", "Århus", "århus", "AARHUS"):
        page = visit("/da/")
        page.locator("main input[name=q]").fill(spelling)
        page.locator("main input[name=q]").press("Enter")
        expect(page.locator("#results h2").first).to_contain_text(re.compile("Aarhus"))


def test_a_reader_changes_language_and_stays_on_the_page(visit: Callable[..., Page]) -> None:
    page = visit("/da/projects?theme=water")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/en/projects\?theme=water$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scripts", [True, False])
def test_filters_work_with_and_without_scripts(visit: Callable[..., Page], *, scripts: bool) -> None:
    page = visit("/en/projects", scripts=scripts)
    page.get_by_label(re.compile("^Water")).check()
    if not scripts:
        page.get_by_role("button", name="Show results").click()
    expect(page.locator(".result-count")).to_contain_text("7 projects")
    expect(page).to_have_url(re.compile("theme=water"))


def test_the_theme_switch_is_remembered(visit: Callable[..., Page]) -> None:
    page = visit("/en/")
    page.get_by_role("button", name="Dark theme").click()
    page.goto(page.url.replace("/en/", "/en/about"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_page_asks_nobody_else_and_reports_no_error(visit: Callable[..., Page], site: str) -> None:
    page = visit("/da/about")
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in ("/da/", "/da/municipalities", "/da/projects/cities", "/da/search?q=data"):
        page.goto(f"{site}{path}")
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert errors == []


def test_the_first_view_is_light(visit: Callable[..., Page], site: str) -> None:
    page = visit("/da/about")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(f"{site}/da/", wait_until="networkidle")
    assert 0 < sum(received) < 150_000


def test_the_keyboard_reaches_the_content_first(visit: Callable[..., Page]) -> None:
    page = visit("/en/projects")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
