"""How many entries of feeds a second are read and stored, beside feedparser alone: `python -m bench.feeds`.

Every round parses the same feeds with feedparser, as anybody would, and then has them read, cleaned, compared with
what is known and stored by a portal of its own. Then the portal's pages are asked while its worker fetches feeds,
one of which answers a byte a second.
"""

import argparse
import io
import random
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import feedparser

from bench import servers

FEEDS = 20
ENTRIES = 100
GOAL = 0.6
PAGE_GOAL_MS = 300
SEED = 7
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def body(number: int, entries: int, chance: random.Random) -> bytes:
    """A feed as WordPress writes it: an excerpt and the whole text of each entry."""
    items = "".join(_item(number, place, chance) for place in range(entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Feed {number}</title><link>https://f{number}.example/</link><description>x</description>"
        f"<language>da</language>{items}</channel></rss>"
    ).encode()


def _item(number: int, place: int, chance: random.Random) -> str:
    title = _sentence(chance, 9)
    text = "".join(f'<p>{_sentence(chance, 30)} <a href="/mere">Læs mere</a></p>' for _ in range(6))
    address = f"https://f{number}.example/nyt/{place}-{chance.randrange(10**9)}/"
    came = format_datetime(NOW - timedelta(hours=place + chance.random()))
    return (
        f"<item><title>{escape(title)}</title><link>{address}?utm_source=rss&amp;utm_medium=rss</link>"
        f"<dc:creator><![CDATA[Redaktionen]]></dc:creator><pubDate>{came}</pubDate>"
        f"<category><![CDATA[Energi]]></category><category><![CDATA[Klima]]></category>"
        f'<guid isPermaLink="false">{address}#{place}</guid>'
        f"<description><![CDATA[<p>{_sentence(chance, 40)} [&#8230;]</p>]]></description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )


def _sentence(chance: random.Random, words: int) -> str:
    """Danish little words between made ones: as many different ones as a language has."""
    little = ["og", "i", "at", "er", "en", "til", "på", "af", "for", "med", "som", "der", "det", "ikke", "vi", "har"]
    made = (
        chance.choice(little) if chance.random() < 0.4 else f"{chance.choice(_STEMS)}{chance.choice(_STEMS)}"
        for _ in range(words)
    )
    return " ".join(made).capitalize() + "."


_STEMS = [
    f"{first}{second}" for first in "bdfghklmnprstv" for second in ("arme", "olig", "yndig", "ærk", "ube", "ende")
]


def measure(rounds: int) -> str:
    """What was measured, in lines for a person."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        settings = servers.empty_instance(Path(folder))
        alone, stored = [], []
        for number in range(rounds):
            chance = random.Random(SEED + number)
            bodies = [body(number * FEEDS + place, ENTRIES, chance) for place in range(FEEDS)]
            alone.append(_feedparser(bodies))
            stored.append(_portal(settings, bodies, number))
    ratio = statistics.median(mine / theirs for mine, theirs in zip(stored, alone, strict=True))
    return (
        f"Feeds of {ENTRIES} entries: feedparser alone {statistics.median(alone):,.0f} entries/s, read, compared and "
        f"stored {statistics.median(stored):,.0f} entries/s; ratio {ratio:.2f}, goal ≥ {GOAL}: "
        f"{'met' if ratio >= GOAL else 'missed'}."
    )


def _feedparser(bodies: list[bytes]) -> float:
    begun = time.perf_counter()
    count = sum(len(feedparser.parse(io.BytesIO(one)).entries) for one in bodies)
    return count / (time.perf_counter() - begun)


def _portal(settings: dict[str, str], bodies: list[bytes], number: int) -> float:
    """Entries a second from the bytes to the committed rows."""
    from portal import create_app  # after the settings are known
    from portal.core import clock
    from portal.feeds.fetching import claims, store
    from portal.feeds.fetching.fetch import Brought
    from portal.feeds.fetching.rounds import Fetcher

    app = create_app(settings)
    urls = [f"http://127.0.0.1/{number}/{place}" for place in range(len(bodies))]
    with app.app_context(), Fetcher() as fetcher:
        ids = _feeds(urls)
        fetcher.reader.read(bodies[0], urls[0])  # starts the process, as the worker has long done
        begun, count = time.perf_counter(), 0
        for feed_id, url, one in zip(ids, urls, bodies, strict=True):
            claimed = claims.claim(feed_id, now=clock.now())
            if claimed is None:
                sys.exit("a feed could not be claimed")
            parsed = fetcher.reader.read(one, url)
            count += store.take_in(claimed, Brought(url, parsed=parsed), fetcher.library, now=clock.now()).new
        return count / (time.perf_counter() - begun)


def _feeds(urls: list[str]) -> list[int]:
    from portal.core import clock
    from portal.core.db import db, transaction
    from portal.feeds.fetching.store import digest_of
    from portal.feeds.models import Feed, FeedState

    with transaction():
        feeds = [
            Feed(
                url=url,
                url_digest=digest_of(url),
                title=url,
                state=FeedState.ACTIVE,
                created_at=clock.now(),
                next_fetch_at=clock.now(),
            )
            for url in urls
        ]
        db.session.add_all(feeds)
    return [feed.id for feed in feeds]


# --- Pages meanwhile


class _Strangers(BaseHTTPRequestHandler):
    """Feeds in endless supply: `/slow/…` a byte a second, `/bad/…` a body that cannot be read, all others good ones."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            if self.path.startswith("/slow"):
                while True:
                    self.wfile.write(b"<")
                    time.sleep(1)
            chance = random.Random(self.path)
            whole = body(chance.randrange(10**6), 200, chance)
            self.wfile.write(whole if self.path.startswith("/good") else b"<rss><channel>" + b"<item a='" * 200_000)
        except OSError:
            pass  # the fetcher had enough

    def log_message(self, *_: Any) -> None:
        pass


def pages_meanwhile(seconds: int = 20) -> str:
    """How long pages take while the worker fetches feeds."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        strangers = ThreadingHTTPServer(("127.0.0.2", 0), _Strangers)
        threading.Thread(target=strangers.serve_forever, daemon=True).start()
        pair = f"127.0.0.2:{strangers.server_port}"
        settings = {**servers.instance(Path(folder)), "PORTAL_PAGE_CACHE": "off", "PORTAL_CHECK_LINKS": "off"}
        settings |= {"PORTAL_ENV": "development", "PORTAL_OUTGOING_ALLOW": pair}
        with servers.serving("wsgi:app", settings, "/healthz") as address:
            quiet = _pages(address, 5)
            kinds = ["good"] * 50 + ["bad", "slow"]
            urls = [f"http://{pair}/{kinds[n % len(kinds)]}/{n}" for n in range(10 * len(kinds))]
            _feeds_of(settings, urls)
            with servers.running(servers.worker(), settings):
                while not _fetched(settings):
                    time.sleep(0.5)
                busy = _pages(address, seconds)
            fetched = _fetched(settings)
        strangers.shutdown()
    p99 = statistics.quantiles(busy, n=100)[98]
    return (
        f"Pages, not cached, while the worker fetches {fetched} feeds: p50 {statistics.median(busy):.0f} ms, "
        f"p99 {p99:.0f} ms of {len(busy)} (quiet: p99 {statistics.quantiles(quiet, n=100)[98]:.0f} ms); "
        f"goal p99 ≤ {PAGE_GOAL_MS} ms: {'met' if p99 <= PAGE_GOAL_MS else 'missed'}."
    )


def _feeds_of(settings: dict[str, str], urls: list[str]) -> None:
    from portal import create_app

    with create_app(settings).app_context():
        _feeds(urls)


def _fetched(settings: dict[str, str]) -> int:
    from sqlalchemy import func, select

    from portal import create_app
    from portal.core.db import db
    from portal.feeds.models import Feed

    with create_app(settings).app_context():
        return db.session.scalar(select(func.count()).where(Feed.last_fetched_at.is_not(None))) or 0


def _pages(address: str, seconds: int) -> list[float]:
    """Milliseconds of one page after the other, ten a second."""
    took, end = [], time.monotonic() + seconds
    paths = ("/en/projects", "/da/partners", "/en/", "/da/news", "/en/search?q=energy")
    while time.monotonic() < end:
        for path in paths:
            begun = time.perf_counter()
            servers.fetch(f"{address}{path}")
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.1)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    print(measure(options.rounds), flush=True)
    print(pages_meanwhile(options.seconds), flush=True)


if __name__ == "__main__":
    main()
