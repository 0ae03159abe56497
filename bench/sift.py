"""How long a hundred items from feeds take at the desk, by keyboard alone, in Chromium: `python -m bench.sift`.

A portal with the reference data has a hundred stories that wait. An editor signs in and decides about each: most are
passed over, some published as links, a few taken as drafts. Nobody reads meanwhile, so what is measured is what the
desk itself takes; what is left of the two minutes is for reading. It needs Chromium and playwright.
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import servers

STORIES = 100
GOAL_S = 120
SEED = 11
EDITOR, PASSWORD = "editor@example.org", "seven green tiles by the fjord"
KEYS = "x" * 6 + "n" * 3 + "d"
"""Of ten items six are passed over, three published, one taken as a draft."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main() -> None:
    argparse.ArgumentParser(prog="python -m bench.sift", description=__doc__).parse_args()
    print(measure())


def measure() -> str:
    """What was measured, in a line for a person."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        settings = {**servers.instance(Path(folder)), "PORTAL_ENV": "development"}
        _fill(settings)
        servers.flask(settings, "users", "create", EDITOR, "--name", "Editor", "--language", "en", "--role=editor",
                      "--password-stdin", said=PASSWORD)  # fmt: skip
        with servers.serving("wsgi:app", settings, "/healthz") as address:
            whole, took = _sift(address)
    p50, p95 = statistics.median(took) * 1000, statistics.quantiles(took, n=20)[18] * 1000
    said = "met" if whole <= GOAL_S else "missed"
    return (
        f"{STORIES} items from feeds decided by keyboard in {whole:.1f} s (from a key to the next item p50 {p50:.0f} "
        f"ms, p95 {p95:.0f} ms); goal ≤ {GOAL_S} s: {said}, with {(GOAL_S - whole) / STORIES:.2f} s left to read each."
    )


def _fill(settings: dict[str, str]) -> None:
    """A hundred stories of five feeds that wait, with the names of partners in them."""
    from sqlalchemy import select

    from portal import create_app  # after the settings are known
    from portal.core import clock
    from portal.core.db import db, transaction
    from portal.core.themes import Theme
    from portal.feeds.fetching.store import digest_of
    from portal.feeds.models import EntryState, Feed, FeedEntry, FeedState, FeedTheme, Story
    from portal.partners.models import Partner

    chance = random.Random(SEED)
    with create_app(settings).app_context():
        names = list(db.session.scalars(select(Partner.name).order_by(Partner.id).limit(200)))
        with transaction():
            feeds = []
            for number in range(5):
                url = f"https://f{number}.example/feed"
                feed = Feed(url=url, url_digest=digest_of(url), title=f"Nyt {number}", state=FeedState.SUSPENDED)
                feed.created_at, feed.language, feed.themes = clock.now(), "da", [FeedTheme(theme=Theme.ENERGY)]
                feeds.append(feed)
            db.session.add_all(feeds)
            db.session.flush()
            for number in range(STORIES):
                story = Story(created_at=clock.now())
                db.session.add(story)
                db.session.flush()
                some = chance.sample(names, 3)
                url = f"https://f{number % 5}.example/nyt/{number}"
                db.session.add(
                    FeedEntry(
                        feed_id=feeds[number % 5].id,
                        story_id=story.id,
                        key=digest_of(url),
                        url=url,
                        url_digest=digest_of(url),
                        title=f"{some[0]} og {some[1]} går sammen om nummer {number}",
                        excerpt=f"{some[2]} er også med i arbejdet. " * 6,
                        language="da",
                        published_at=clock.now(),
                        fetched_at=clock.now(),
                        content_digest=digest_of(url),
                        state=EntryState.WAITING,
                    )
                )


def _sift(address: str) -> tuple[float, list[float]]:
    """Seconds until all are decided; and from each key to the moment when the next story has the focus."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("Chromium is missing. Install it with: apt-get install -y chromium")
    chance = random.Random(SEED)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        _sign_in(page, address)
        page.goto(f"{address}/en/staff/entries")
        begun_all, took = time.perf_counter(), []
        for _ in range(STORIES):
            here = _focused(page)
            begun = time.perf_counter()
            page.keyboard.press(chance.choice(KEYS))
            page.wait_for_function(MOVED_ON, arg=here, timeout=GOAL_S * 1000)
            took.append(time.perf_counter() - begun)
        # The portal is told meanwhile: all are decided once it has none left.
        page.goto(f"{address}/en/staff/entries")
        while page.locator(".sift__story").count() and time.perf_counter() - begun_all < GOAL_S:
            page.reload()
        whole = time.perf_counter() - begun_all
        browser.close()
    return whole, took


MOVED_ON = """before => {
  const here = document.activeElement?.closest?.(".sift__item")?.id ?? "";
  const left = document.getElementById("sift-status")?.dataset.left ?? "0";
  return here === "" ? left === "0" : here !== before;
}"""


def _focused(page: Any) -> str:
    return str(page.evaluate('() => document.activeElement?.closest?.(".sift__item")?.id ?? ""'))


def _sign_in(page: Any, address: str) -> None:
    """As an editor does for the first time: by password, then with an app that gives codes."""
    import pyotp

    page.goto(f"{address}/en/account/sign-in?next=/en/staff")
    page.get_by_label("E-mail").fill(EDITOR)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Use an authenticator app").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Code from your app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("link", name="I have kept them, go on").click()


if __name__ == "__main__":
    main()
