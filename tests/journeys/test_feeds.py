"""A curator takes a feed in, an editor sifts what it brings by keyboard, and it is a bilingual article at last."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

TITLES = ("DTU varmer Nordhavn op", "Aarhus Kommune åbner sine data", "Stillingsopslag: ingeniør", "Julefrokost")
FOUND_WITHIN_S = 5


@pytest.fixture
def feed_url(newsstand: Any) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>https://havn.example/{number}</link>"
        f"<description>Det skriver vi om {title}.</description>"
        f"<pubDate>Fri, 27 Nov 2026 0{number}:00:00 GMT</pubDate></item>"
        for number, title in enumerate(TITLES, start=1)
    )
    rss = f'<rss version="2.0"><channel><title>Havnenyt</title><language>da</language>{items}</channel></rss>'
    newsstand.expect_request("/feed.xml").respond_with_data(rss, content_type="application/rss+xml")
    address: str = newsstand.url_for("/feed.xml")
    return address


def test_what_a_feed_brings_becomes_an_article_that_is_found(
    sign_in: Callable[..., Page], people: Callable[..., str], visit: Callable[..., Page], feed_url: str
) -> None:
    curator = sign_in(people("feeds-curator@example.org", roles=["curator"]), "/en/staff/feeds/new")
    curator.get_by_label("Address", exact=True).fill(feed_url)
    curator.get_by_label("Energy", exact=True).check()
    curator.get_by_role("button", name="Enter the feed").click()
    until_shown(curator, "4 new entries would come.")
    prove(curator, "a feed that was tested")
    curator.get_by_role("button", name="Approve").click()
    expect(curator.get_by_text("The feed is approved.")).to_be_visible()

    editor = sign_in(people("feeds-editor@example.org", roles=["editor"]), "/en/staff/entries")
    until_shown(editor, TITLES[0])
    prove(editor, "what waits")
    stories = editor.locator(".sift__story")
    expect(stories).to_have_count(len(TITLES))
    expect(stories.filter(has_text=TITLES[0]).locator(".sift__names input").first).to_be_checked()
    for title, key, said in (
        (TITLES[3], "x", "Passed over:"),
        (TITLES[2], "x", "Passed over:"),
        (TITLES[1], "n", "Published:"),
    ):
        go_to(editor, title)
        editor.keyboard.press(key)
        expect(editor.locator("#sift-status")).to_contain_text(f"{said} {title}")
    expect(stories).to_have_count(1)
    editor.keyboard.press("d")
    expect(stories).to_have_count(0)

    # What is decided leaves the list before the portal has answered, and is taken though the editor goes on.
    editor.goto(editor.url.split("/en/")[0] + "/en/staff/news")
    until_shown(editor, TITLES[0])
    editor.get_by_role("link", name=TITLES[0]).first.click()
    editor.get_by_role("link", name="Edit", exact=True).click()
    editor.get_by_label("Title in English").fill("DTU warms up Nordhavn")
    editor.get_by_label("Standfirst in English").fill("A heat pump for the harbour.")
    editor.get_by_role("button", name="Save").click()
    editor.goto(editor.url.removesuffix("/edit"))
    editor.get_by_role("link", name="Publish it now", exact=True).click()
    editor.get_by_role("button", name="Publish it now", exact=True).click()
    expect(editor.get_by_text("The article is now: published.")).to_be_visible()
    published = time.monotonic()
    reader = visit("/en/search?q=nordhavn+warms")
    until_shown(reader, "DTU warms up Nordhavn", within_s=FOUND_WITHIN_S)
    assert time.monotonic() - published < FOUND_WITHIN_S + 5
    reader.goto(reader.url.replace("/en/", "/da/"))
    expect(reader.get_by_text(TITLES[0]).first).to_be_visible()


def go_to(page: Page, title: str) -> None:
    """Step to the story by its key, from the first on."""
    page.locator(".sift__story").first.focus()
    for _step in range(len(TITLES)):
        if title in (page.evaluate("document.activeElement.querySelector('h2')?.textContent") or ""):
            return
        page.keyboard.press("j")
    pytest.fail(f"j does not reach {title!r}")


def until_shown(page: Page, words: str, within_s: float = 30) -> None:
    """Load the page again until it says so."""
    until = time.monotonic() + within_s
    while not page.get_by_text(words).count():
        assert time.monotonic() < until, f"{page.url} does not say {words!r}"
        page.wait_for_timeout(300)
        page.reload()
