"""Feeds from their address to the entries that wait: kept to their hours, known again, and none in another's way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.mail import Mail
from portal.core.permissions import SYSTEM, Role
from portal.feeds import operations, upkeep
from portal.feeds.entries import operations as entries
from portal.feeds.fetching import claims, store
from portal.feeds.fetching.claims import TooLate
from portal.feeds.fetching.fetch import Brought
from portal.feeds.fetching.rounds import Fetcher, run_due
from portal.feeds.fetching.store import Outcome
from portal.feeds.models import EntryState, Feed, FeedEntry, FeedState, Passed, RuleField, RuleKind, Story, Trouble
from portal.feeds.operations import Details
from portal.feeds.reading.parsed import Item, Parsed
from portal.worker import Queue
from tests.hostile import Server, answer, by_path, path_of, redirect
from tests.make import Make

Serve = Callable[..., Server]
SAMPLES = Path(__file__).with_name("samples")
DANISH = (SAMPLES / "rss-2.0-wordpress-da.xml").read_bytes()


def rss(*items: tuple[str, str] | tuple[str, str, str]) -> bytes:
    """A feed of (link, title, text)."""
    inner = "".join(
        f"<item><link>{link}</link><title>{title}</title><description>{''.join(text)}</description></item>"
        for link, title, *text in items
    )
    return f'<rss version="2.0"><channel><title>News</title>{inner}</channel></rss>'.encode()


def due(app: Flask, fetcher: Fetcher) -> list[Outcome]:
    """Fetch what is due now."""
    outcomes: list[Outcome] = []
    with app.app_context():
        run_due(fetcher, outcomes.append)
    return outcomes


def all_due(make: Make) -> None:
    """Let no feed wait for its turn."""
    with make.writing():
        db.session.execute(claims.TABLE.update().values(next_fetch_at=clock.now()))


def feed_now(app: Flask, feed: Feed) -> Feed:
    with app.app_context():
        return db.session.get_one(Feed, feed.id, populate_existing=True)


def entries_of(app: Flask, feed: Feed | None = None) -> list[FeedEntry]:
    with app.app_context():
        stmt = select(FeedEntry).order_by(FeedEntry.id)
        return list(db.session.scalars(stmt.where(FeedEntry.feed_id == feed.id) if feed else stmt))


def actions(app: Flask, feed: Feed) -> list[str]:
    with app.app_context():
        mine = (AuditEntry.subject_kind == "feed", AuditEntry.subject_id == str(feed.id))
        return list(db.session.scalars(select(AuditEntry.action).where(*mine).order_by(AuditEntry.id)))


def test_from_a_sites_address_to_entries_that_wait(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/feed/" title="News">'
    server = serve(by_path({"/": answer(page), "/feed/": answer(DANISH, ETag='"1"')}))
    partner = make.partner()
    with make.writing():
        feed = operations.suggest(Details(f"http://{server.pair}"), partner.id, actor=SYSTEM, now=clock.now())
    # The test finds the feed, says what would come, and stores none of it.
    [outcome] = due(app, fetcher)
    assert (outcome.new, outcome.waiting, outcome.trouble) == (2, 2, None)
    tested = feed_now(app, feed)
    assert (tested.state, tested.url, tested.title) == (
        FeedState.TESTED,
        f"http://{server.pair}/feed/",
        "Klynge for energi",
    )
    report: Any = tested.test_report
    assert [one["title"] for one in report["entries"]][1].startswith("Stillingsopslag")
    assert report["candidates"] == [{"url": f"http://{server.pair}/feed/", "title": "News"}]
    assert entries_of(app) == due(app, fetcher) == []
    # A curator approves it, and it comes.
    with make.writing():
        mine = db.session.get_one(Feed, feed.id)
        operations.approve(mine, actor=SYSTEM, now=clock.now())
        operations.approve(mine, actor=SYSTEM, now=clock.now())
    [outcome] = due(app, fetcher)
    assert outcome.waiting == 2
    first = entries_of(app, feed)[0]
    assert first.url == "https://klynge.example/2026/11/faelles-platform/"
    assert first.title == "Kommuner får fælles platform for energidata – nu med åbne grænseflader"
    assert first.excerpt.startswith("Fem kommuner går sammen om en platform")
    assert (first.language, first.state) == ("da", EntryState.WAITING)
    assert "alert" not in f"{first.excerpt}{first.title}"
    fetched = feed_now(app, feed)
    assert fetched.etag == '"1"'
    assert fetched.last_new_at == first.published_at
    assert actions(app, feed) == ["feed.suggested", "feed.tested", "feed.approved"]


def test_an_unchanged_feed_is_asked_conditionally_and_less_often(
    app: Flask, make: Make, serve: Serve, fetcher: Fetcher
) -> None:
    def play(line: Any, head: str) -> None:
        line.sendall(answer(status="304 Not Modified") if "If-None-Match" in head else answer(DANISH, ETag='"1"'))

    server = serve(play)
    feed = make.feed(url=server.url)
    assert due(app, fetcher)[0].new == 2
    first = feed_now(app, feed)
    all_due(make)
    [outcome] = due(app, fetcher)
    assert (outcome.is_unchanged, outcome.trouble) == (True, None)
    assert 'If-None-Match: "1"' in server.heads[1]
    second = feed_now(app, feed)
    assert (second.etag, second.version) == ('"1"', first.version)
    assert second.interval_s > first.interval_s
    assert second.next_fetch_at
    assert second.next_fetch_at > clock.now() + timedelta(seconds=second.interval_s - 5)
    assert due(app, fetcher) == []


def test_entries_come_once_are_refreshed_while_they_wait_and_then_left(
    app: Flask, make: Make, serve: Serve, fetcher: Fetcher
) -> None:
    body = {"/feed": answer(rss(("/a", "First"), ("/b", "Second"), ("/c", "Third")))}
    feed = make.feed(url=serve(lambda line, head: line.sendall(body[path_of(head)])).url)
    due(app, fetcher)
    with make.writing():
        for entry in db.session.scalars(select(FeedEntry).where(FeedEntry.title == "Second")):
            entries.take(entry, actor=SYSTEM, now=clock.now())
    body["/feed"] = answer(rss(("/a", "First, edited"), ("/b", "Second, edited"), ("/c", "Third"), ("/d", "Fourth")))
    all_due(make)
    [outcome] = due(app, fetcher)
    assert (outcome.new, outcome.refreshed) == (1, 1)
    found = [(one.title, one.state) for one in entries_of(app, feed)]
    assert found == [
        ("First, edited", EntryState.WAITING),
        ("Second", EntryState.TAKEN),
        ("Third", EntryState.WAITING),
        ("Fourth", EntryState.WAITING),
    ]


def test_failures_are_counted_told_once_and_forgiven(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    answers = {"/feed": answer(status="503 Busy", Retry_After="7200")}
    feed = make.feed("Havnens nyheder", url=serve(lambda line, head: line.sendall(answers[path_of(head)])).url)
    make.account(roles=[Role.CURATOR], email="curator@example.org")
    start = clock.now()
    for number in range(1, 4):
        with time_machine.travel(start + timedelta(hours=3 * number)):
            [outcome] = due(app, fetcher)
            assert (outcome.trouble, outcome.detail) == (Trouble.REFUSED, "HTTP 503")
            now = feed_now(app, feed)
            assert now.failures == number
            assert now.next_fetch_at
            assert now.next_fetch_at >= clock.now() + timedelta(hours=2)
    assert (now.state, now.trouble) == (FeedState.FAILING, Trouble.REFUSED)
    queue: Queue = app.extensions["queue"]
    with time_machine.travel(start + timedelta(days=3)):
        for _ in range(2):
            queue.sweep()
        with app.app_context():
            [mail] = db.session.scalars(select(Mail)).all()
        assert "Havnens nyheder" in mail.text
        assert "HTTP 503" in mail.text
        answers["/feed"] = answer(DANISH)
        all_due(make)
        due(app, fetcher)
    now = feed_now(app, feed)
    assert (now.state, now.failures, now.failing_since, now.trouble) == (FeedState.ACTIVE, 0, None, None)
    assert now.told_failing_at is None
    assert actions(app, feed) == ["feed.failing", "feed.recovered"]


def test_a_feed_that_falls_silent_is_told_of_once(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    body = {"/feed": answer(rss(("/a", "Old")))}
    feed = make.feed("Stille feed", url=serve(lambda line, head: line.sendall(body[path_of(head)])).url)
    make.account(roles=[Role.CURATOR], email="curator@example.org")
    start = clock.now()
    due(app, fetcher)
    for day in range(1, 20):
        moment = start - timedelta(days=2 * day)
        make.entry(feed, published_at=moment, fetched_at=moment)
    for days, told in ((10, 0), (40, 1), (41, 1)):
        with time_machine.travel(start + timedelta(days=days)):
            all_due(make)
            due(app, fetcher)
            app.extensions["queue"].sweep()
            with app.app_context():
                assert db.session.scalar(select(func.count()).select_from(Mail)) == told
    assert feed_now(app, feed).silent_since is not None
    with time_machine.travel(start + timedelta(days=42)):
        body["/feed"] = answer(rss(("/a", "Old"), ("/b", "New at last")))
        all_due(make)
        due(app, fetcher)
    assert (feed_now(app, feed).silent_since, feed_now(app, feed).told_silent_at) == (None, None)


def test_a_feed_that_moved_is_followed_and_one_that_is_gone_retired(
    app: Flask, make: Make, serve: Serve, fetcher: Fetcher
) -> None:
    parts = {
        "/feed": redirect("/new", "301 Moved"),
        "/new": answer(DANISH),
        "/passing": redirect("/new", "302 Found"),
        "/gone": answer(status="410 Gone"),
    }
    server = serve(by_path(parts))
    moved, passing, gone = (make.feed(url=f"http://{server.pair}{path}") for path in ("/feed", "/passing", "/gone"))
    due(app, fetcher)
    assert feed_now(app, moved).url == f"http://{server.pair}/new"
    assert feed_now(app, passing).url == passing.url
    now = feed_now(app, gone)
    assert (now.state, now.next_fetch_at, now.trouble) == (FeedState.RETIRED, None, Trouble.GONE)
    assert [actions(app, one) for one in (moved, passing, gone)] == [["feed.moved"], [], ["feed.retired"]]
    # Another that is sent to the same place keeps its own address.
    other = make.feed(url=f"http://{server.pair}/feed?again")
    parts["/feed?again"] = parts["/feed"]
    due(app, fetcher)
    assert feed_now(app, other).url == other.url


PRESS = (
    "Fem kommuner går sammen om en platform, hvor deres bygninger og forsyninger kan dele data om forbruget time for "
    "time. Platformen er åben for alle kommuner fra foråret."
)


def test_one_story_from_several_feeds_is_one_story(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    server = serve(
        by_path(
            {
                "/one": answer(rss(("https://a.example/1", "Platform for energidata", PRESS))),
                "/two": answer(rss(("https://a.example/1?utm_source=two", "Læst andetsteds"))),
                "/three": answer(rss(("https://c.example/x", "Ny platform for energidata", f"Godt nyt. {PRESS}"))),
                "/four": answer(rss(("https://d.example/y", "Om havnen", "Havnen får landstrøm i maj."))),
                "/five": answer(rss(("https://e.example/z", "Platform for energidata", PRESS))),
            }
        )
    )
    for path in ("/one", "/two", "/three", "/four"):
        make.feed(url=f"http://{server.pair}{path}")
    due(app, fetcher)
    first, second, third, fourth = entries_of(app)
    assert first.story_id == second.story_id == third.story_id != fourth.story_id
    # Taking one settles the story, for those that come later as well.
    with make.writing():
        entries.take(db.session.get_one(FeedEntry, second.id), actor=SYSTEM, now=clock.now())
    make.feed(url=f"http://{server.pair}/five")
    due(app, fetcher)
    states = [(one.state, one.passed) for one in entries_of(app)]
    same = (EntryState.PASSED_OVER, Passed.SAME_STORY)
    assert states == [same, (EntryState.TAKEN, None), same, (EntryState.WAITING, None), same]


def test_a_partners_text_in_two_languages_is_one_story(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    texts = {
        "da": "Havnen i Aarhus får nu landstrøm til alle færger.",
        "en": "The port gets shore power for all ships.",
    }
    bodies = {code: rss((f"https://havn.example/{code}/nyt/7", text, text)) for code, text in texts.items()}
    server = serve(by_path({"/da": answer(bodies["da"]), "/en": answer(bodies["en"]), "/copy": answer(bodies["en"])}))
    ours, theirs = make.partner("Havnen"), make.partner("Another")
    for partner, path, code in ((ours, "da", "da"), (ours, "en", "en"), (theirs, "copy", "en")):
        make.feed(path, url=f"http://{server.pair}/{path}", partner_id=partner.id, language=code)
        due(app, fetcher)
    with app.app_context():
        found = db.session.execute(select(FeedEntry.language, FeedEntry.story_id).order_by(FeedEntry.id)).all()
    assert [row.language for row in found] == ["da", "en", "en"]
    assert len({row.story_id for row in found}) == 1  # the third has the address of the second


def test_what_we_have_written_ourselves_wins(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    now = clock.now()
    make.article("Platform for energidata", standfirst_da=PRESS, title_da="Platform", publish_at=now, created_at=now)
    make.article("Abroad", origin_url="https://b.example/2?utm_source=x", publish_at=now, created_at=now)
    make.article("A draft about the harbour ferries", state="draft", created_at=now)
    items = (
        ("https://a.example/1", "Platform på vej", PRESS),
        ("https://b.example/2", "Another heading"),
        ("http://localhost/da/news/platform-for-energidata", "Sent back to us"),
        ("https://c.example/3", "A draft about the harbour ferries"),
    )
    make.feed(url=serve(by_path({"/feed": answer(rss(*items))})).url)
    due(app, fetcher)
    found = entries_of(app)
    assert [one.passed for one in found] == [Passed.OURS, Passed.OURS, Passed.OURS, None]
    with app.app_context():
        stories = {story.id: (story.own_kind, story.own_id) for story in db.session.scalars(select(Story))}
    assert stories[found[0].story_id] == stories[found[2].story_id] != stories[found[1].story_id]


def test_only_whoever_holds_a_feed_writes_about_it(app: Flask, make: Make, fetcher: Fetcher) -> None:
    feed = make.feed()
    now = clock.now()
    brought = Brought(feed.url, parsed=Parsed(items=(Item(link="https://a.example/1", title="One"),)))
    with app.app_context():
        held = claims.claim(feed.id, now=now)
        assert held
        assert claims.claim(feed.id, now=now) is None
        assert claims.next_due(now) is None
        # The lease of one that died runs out; it comes back as a ghost and may write nothing.
        later = now + claims.LEASE + timedelta(seconds=1)
        assert claims.claim(feed.id, now=later)
        with pytest.raises(TooLate):
            store.take_in(held, brought, fetcher.library, now=now)
        # What is suspended meanwhile stays so.
        again = claims.claim(feed.id, now=later + claims.LEASE * 2)
        assert again
    with make.writing():
        operations.suspend(db.session.get_one(Feed, feed.id), "Enough", actor=SYSTEM, now=now)
    with app.app_context():
        with pytest.raises(TooLate):
            store.take_in(again, brought, fetcher.library, now=now)
        assert fetcher.run(again) is None
    assert entries_of(app) == []
    assert feed_now(app, feed).last_fetched_at is None
    assert feed_now(app, feed).state is FeedState.SUSPENDED


def test_what_cannot_be_stored_is_noted_and_the_next_has_its_turn(
    app: Flask, make: Make, serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(by_path({"/a": answer(rss(("/1", "One"))), "/b": answer(rss(("/2", "Two")))}))
    first = make.feed(url=f"http://{server.pair}/a")
    make.feed(url=f"http://{server.pair}/b")
    real = store._stored

    def full(claimed: Any, *rest: Any) -> Any:
        if claimed.id == first.id:
            raise OSError("No space left on device")
        return real(claimed, *rest)

    monkeypatch.setattr(store, "_stored", full)
    assert [one.trouble for one in due(app, fetcher)] == [Trouble.BROKEN, None]


def test_a_feed_keeps_its_newest_entries_and_all_that_were_taken(
    app: Flask, make: Make, serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "KEPT", 3)
    feed = make.feed(url=serve(by_path({"/feed": answer(rss(("/a", "A"), ("/b", "B")))})).url)
    old = [make.entry(feed, f"Old {n}", fetched_at=clock.now() - timedelta(days=9 - n)) for n in range(4)]
    with make.writing():
        entries.take(db.session.get_one(FeedEntry, old[0].id), actor=SYSTEM, now=clock.now())
    due(app, fetcher)
    assert [one.title for one in entries_of(app, feed)] == ["Old 0", "A", "B"]
    with time_machine.travel(clock.now() + timedelta(days=2)), make.writing():
        upkeep.sweep(clock.now())
        assert db.session.scalar(select(func.count()).select_from(Story)) == 3


def test_rules_act_on_what_comes_and_on_what_waits(app: Flask, make: Make, serve: Serve, fetcher: Fetcher) -> None:
    body = {"/feed": answer(rss(("/a", "Job: engineer"), ("/b", "Energy plan")))}
    feed = make.feed(url=serve(lambda line, head: line.sendall(body[path_of(head)])).url)
    due(app, fetcher)
    with make.writing():
        mine = db.session.get_one(Feed, feed.id, options=[selectinload(Feed.rules)])
        for _ in range(2):
            operations.write_rule(mine, RuleKind.BLOCK, RuleField.TITLE, " job ", actor=SYSTEM, now=clock.now())
    body["/feed"] = answer(rss(("/a", "Job: engineer"), ("/b", "Energy plan"), ("/c", "Job: planner"), ("/d", "Heat")))
    all_due(make)
    due(app, fetcher)
    assert [(one.title, one.passed) for one in entries_of(app)] == [
        ("Job: engineer", Passed.RULE),
        ("Energy plan", None),
        ("Job: planner", Passed.RULE),
        ("Heat", None),
    ]
    with make.writing():
        mine = db.session.get_one(Feed, feed.id, options=[selectinload(Feed.rules)])
        operations.remove_rule(mine, mine.rules[0].id, actor=SYSTEM, now=clock.now())
        assert mine.rules == []
    assert actions(app, feed) == ["feed.rule_written", "feed.rule_removed"]


def test_the_worker_fetches_in_the_background(app: Flask, make: Make, serve: Serve) -> None:
    server = serve(by_path({"/feed": answer(DANISH)}))
    feed = make.feed(url=server.url, state=FeedState.TESTED, next_fetch_at=None)
    queue: Queue = app.extensions["queue"]
    queue.sync()
    queue.go_out(links=False)
    with make.writing():
        operations.approve(db.session.get_one(Feed, feed.id), actor=SYSTEM, now=clock.now())
    queue.sync()
    queue.come_home()
    assert len(entries_of(app, feed)) == 2
    with make.writing():
        operations.fetch_now(db.session.get_one(Feed, feed.id), actor=SYSTEM, now=clock.now())
    queue.sweep()
    queue.come_home()
    assert len(server.heads) == 2
