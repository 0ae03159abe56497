"""Strangers that are broken, slow or hostile: each is survived and reported, and the others have their turns."""

import gzip
import queue as queues
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.feeds.fetching.rounds import Fetcher, run_due
from portal.feeds.fetching.store import Outcome
from portal.feeds.models import EntryState, Feed, FeedEntry, Trouble
from tests.feeds.conftest import HASTY
from tests.feeds.test_reading import SAMPLES, costly, feed_of
from tests.hostile import CERTIFICATE, Play, Server, answer, by_path, endless, names_lead_to, redirect, says
from tests.make import Make

TITLE = "<item><title>{}</title></item>"
GOOD = feed_of("<item><title>Here I am</title><link>https://good.example/1</link></item>")
COSTLY = gzip.compress(costly(300))
BOMB = gzip.compress(b"\0" * 50_000_000, compresslevel=1)
MANY = "".join(f"<item><title>Number {n}</title><link>https://many.example/{n}</link></item>" for n in range(50_000))
INSIDE = (
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[::7f00:1]/",
    "http://[::ffff:127.0.0.1]/",
)


def silent(*_: Any) -> None:
    time.sleep(3)


# What a stranger does → what is said of it, and how many of its entries wait. None: nothing is wrong.
PLAYS: dict[str, tuple[Play, Trouble | None, int]] = {
    "silent": (silent, Trouble.TIMED_OUT, 0),
    "one byte a second": (endless(b"<", answer(b"", Content_Length="1000"), pause=0.2), Trouble.TIMED_OUT, 0),
    "endless": (endless(b"x" * 65_536, b"HTTP/1.0 200 OK\r\n\r\n"), Trouble.TOO_LARGE, 0),
    "gzip bomb": (says(answer(BOMB, Content_Encoding="gzip")), Trouble.TOO_LARGE, 0),
    "redirect loop": (says(redirect("/feed")), Trouble.BAD_REDIRECT, 0),
    "redirect to a decimal address": (says(redirect("http://2130706433/")), Trouble.BAD_REDIRECT, 0),
    **{f"redirect to {inside}": (says(redirect(inside)), Trouble.BLOCKED, 0) for inside in INSIDE},
    "wrong charset": (
        says(answer(feed_of("<item><title>Ærø</title></item>"), Content_Type="text/xml; charset=koi8-r")),
        None,
        1,
    ),
    "wrong content type": (says(answer(GOOD, Content_Type="image/png")), None, 1),
    "broken XML": (says(answer((SAMPLES / "rss-2.0-broken-xml.xml").read_bytes())), None, 2),
    "no XML at all": (says(answer(b"\x00\x01\x02" * 500)), Trouble.BROKEN, 0),
    "entity bomb": (says(answer((SAMPLES / "entity-bomb.xml").read_bytes())), Trouble.DANGEROUS, 0),
    "HTML instead": (says(answer(b"<!DOCTYPE html><html><body>Not found", "200 OK")), Trouble.NOT_A_FEED, 0),
    "no TLS": (says(b""), Trouble.BAD_ANSWER, 0),
    "duplicate guids": (says(answer((SAMPLES / "rss-2.0-duplicate-guids.xml").read_bytes())), None, 4),
    "no guids": (says(answer((SAMPLES / "rss-2.0-no-guids-no-links.xml").read_bytes())), None, 2),
    "javascript: links": (says(answer((SAMPLES / "rss-2.0-hostile-html.xml").read_bytes())), None, 4),
    "50,000 entries": (says(answer(gzip.compress(feed_of(MANY), 1), Content_Encoding="gzip")), None, 20),  # the newest
    "a title of 4 MB": (says(answer(feed_of(TITLE.format("x" * 4_000_000)))), None, 1),
    "a title of 10 MB": (
        says(answer(feed_of(TITLE.format("x" * 10_000_000)))),
        Trouble.TOO_LARGE,
        0,
    ),
    "more work than it is worth": (
        says(answer(COSTLY, Content_Encoding="gzip")),
        Trouble.TOO_COSTLY,
        0,
    ),
    "good": (says(answer(GOOD)), None, 1),
}


@pytest.mark.sqlite_only
def test_each_is_survived_and_reported_and_the_others_have_their_turns(
    app: Flask, make: Make, serve: Callable[..., Server], fetcher: Fetcher
) -> None:
    feeds = {name: make.feed(name, url=serve(play).url) for name, (play, *_) in PLAYS.items()}
    took: dict[int, float] = {}
    last = time.monotonic()

    def told(outcome: Outcome) -> None:
        nonlocal last
        took[outcome.feed_id], last = time.monotonic() - last, time.monotonic()

    with app.app_context():
        assert run_due(fetcher, told) == len(PLAYS)
        found = {
            name: (
                db.session.get_one(Feed, feed.id, populate_existing=True).trouble,
                db.session.query(FeedEntry).filter_by(feed_id=feed.id, state=EntryState.WAITING).count(),
            )
            for name, feed in feeds.items()
        }
        assert found == {name: (trouble, waiting) for name, (_, trouble, waiting) in PLAYS.items()}
        for entry in db.session.query(FeedEntry):
            assert entry.url.startswith("http") or entry.url == ""
            assert len(entry.title) <= 300
            assert "<" not in entry.title + entry.excerpt
        for feed in db.session.query(Feed):
            assert feed.claimed_until is None
            assert feed.next_fetch_at is not None
            assert feed.next_fetch_at > clock.now()
    assert max(took.values()) < HASTY.seconds, "a feed took longer than it may altogether"


@pytest.mark.sqlite_only
def test_a_name_that_turns_private_and_a_certificate_nobody_vouches_for(
    app: Flask,
    make: Make,
    serve: Callable[..., Server],
    fetcher: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    secure = serve(by_path({"/feed": answer(GOOD)}), context)
    turning = serve(says(redirect("/again")))
    names_lead_to(monkeypatch, ["127.0.0.2"], ["127.0.0.2"], ["127.0.0.1"])
    first = make.feed(url=f"https://feeds.example:{secure.port}/feed")
    second = make.feed(url=f"http://feeds.example:{turning.port}/feed")
    with app.app_context():
        run_due(fetcher)
        troubles = [db.session.get_one(Feed, one.id).trouble for one in (first, second)]
    assert troubles == [Trouble.UNREACHABLE, Trouble.BLOCKED]


def test_a_feed_that_hangs_in_one_lane_keeps_no_other_waiting(
    app: Flask, make: Make, serve: Callable[..., Server]
) -> None:
    asked: queues.SimpleQueue[str] = queues.SimpleQueue()

    def quick(line: Any, head: str) -> None:
        asked.put(head)
        line.sendall(answer(GOOD))

    done = threading.Event()
    hanging = make.feed(url=serve(lambda *_: done.wait(20)).url)
    good = [make.feed(url=serve(quick).url) for _ in range(3)]
    queue = app.extensions["queue"]
    queue.go_out(links=False)
    queue.sync()
    for _ in good:
        asked.get(timeout=20)
    with app.app_context():
        assert db.session.get_one(Feed, hanging.id).last_fetched_at is None
    done.set()
    queue.come_home()
