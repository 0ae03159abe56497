"""What people do with feeds: who may, in which state, how often; each with its trace."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Forbidden, Invalid, TooMany
from portal.core.labels import is_named
from portal.core.permissions import SYSTEM, Actor, Role
from portal.core.themes import Theme
from portal.feeds import operations
from portal.feeds.entries import operations as entries
from portal.feeds.models import EntryState, Feed, FeedEntry, FeedState, Passed, RuleField, RuleKind
from portal.feeds.operations import Details
from tests.make import Make

DETAILS = Details("gate.example/news", "News", "da", themes=(Theme.ENERGY,))


@pytest.fixture
def people(make: Make) -> dict[str, Actor]:
    """A curator, an editor, and an admin and an editor of a partner, each with an account."""
    partner = make.partner("Gate")
    own = frozenset({partner.id})
    kinds: dict[str, dict[str, Any]] = {
        "curator": {"roles": frozenset({Role.CURATOR})},
        "editor": {"roles": frozenset({Role.EDITOR})},
        "admin": {"partner_ids": own, "admin_of": own},
        "member": {"partner_ids": own},
    }
    return {kind: Actor(account_id=make.account(kind).id, name=kind, **more) for kind, more in kinds.items()}


def partner_of(people: dict[str, Actor]) -> int:
    return next(iter(people["admin"].admin_of))


def loaded(feed: Feed) -> Feed:
    return db.session.get_one(Feed, feed.id, options=[selectinload(Feed.themes), selectinload(Feed.rules)])


def test_a_feed_is_suggested_once_by_those_who_may(app: Flask, make: Make, people: dict[str, Actor]) -> None:
    own = partner_of(people)
    with make.writing():
        feed = operations.suggest(DETAILS, own, actor=people["admin"], now=clock.now())
        assert (feed.state, feed.url, feed.next_fetch_at) == (
            FeedState.SUGGESTED,
            "https://gate.example/news",
            None,
        )
        assert feed.test_asked_at is not None
        for again in ("http://www.gate.example/news/", "https://gate.example/news?utm_source=x"):
            with pytest.raises(Invalid):
                operations.suggest(Details(again), own, actor=people["curator"], now=clock.now())
        for nonsense in ("", "gate", "javascript:alert(1)"):
            with pytest.raises(Invalid):
                operations.suggest(Details(nonsense), own, actor=people["admin"], now=clock.now())
        for who, partner_id in (("admin", None), ("member", own), ("editor", own)):
            with pytest.raises(Forbidden):
                operations.suggest(Details("https://b.example/"), partner_id, actor=people[who], now=clock.now())
        operations.suggest(Details("https://b.example/"), None, actor=people["curator"], now=clock.now())


def test_a_feed_goes_its_way(app: Flask, make: Make, people: dict[str, Actor]) -> None:
    made = make.feed(state=FeedState.TESTED, partner_id=partner_of(people), next_fetch_at=None)
    admin, curator, now = people["admin"], people["curator"], clock.now()

    def do(act: Callable[[Feed], Any]) -> FeedState:
        with make.writing():
            feed = loaded(made)
            act(feed)
        return feed.state

    with pytest.raises(Forbidden):
        do(lambda feed: operations.approve(feed, actor=admin, now=now))
    for _ in range(2):
        assert do(lambda feed: operations.approve(feed, actor=curator, now=now)) is FeedState.ACTIVE
        assert loaded_in(app, made).next_fetch_at == now
        assert loaded_in(app, made).approved_by_id == curator.account_id
    for _ in range(2):
        assert do(lambda feed: operations.suspend(feed, "They move", actor=admin, now=now)) is FeedState.SUSPENDED
    assert (loaded_in(app, made).reason, loaded_in(app, made).next_fetch_at) == ("They move", None)
    with pytest.raises(Conflict):
        do(lambda feed: operations.approve(feed, actor=curator, now=now))
    for _ in range(2):
        assert do(lambda feed: operations.resume(feed, actor=admin, now=now)) is FeedState.ACTIVE
    # Another address is another source, which a curator has not seen.
    assert do(lambda feed: operations.revise(feed, DETAILS, actor=admin, now=now)) is FeedState.SUGGESTED
    with pytest.raises(Conflict):
        do(lambda feed: operations.approve(feed, actor=curator, now=now))
    for _ in range(2):
        assert do(lambda feed: operations.retire(feed, "Over", actor=admin, now=now)) is FeedState.RETIRED
    with pytest.raises(Conflict):
        do(lambda feed: operations.resume(feed, actor=admin, now=now))
    assert do(lambda feed: operations.reopen(feed, actor=admin, now=now)) is FeedState.SUGGESTED
    for refused in (operations.fetch_now, operations.ask_test):
        with pytest.raises(Forbidden):
            do(lambda feed, refused=refused: refused(feed, actor=people["member"], now=now))
    with app.app_context():
        did = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert did == [
        "feed.approved",
        "feed.suspended",
        "feed.resumed",
        "feed.changed",
        "feed.retired",
        "feed.reopened",
    ]
    assert all(is_named(action) for action in did)


def loaded_in(app: Flask, feed: Feed) -> Feed:
    with app.app_context():
        return loaded(feed)


def test_changing_what_is_said_of_a_feed_leaves_it_running(app: Flask, make: Make, people: dict[str, Actor]) -> None:
    made = make.feed(partner_id=partner_of(people), themes=[Theme.WATER])
    details = Details(made.url, "Renamed", "en", title_only=True, themes=(Theme.ENERGY, Theme.HEAT))
    with make.writing():
        operations.revise(loaded(made), details, actor=people["admin"], now=clock.now())
    feed = loaded_in(app, made)
    assert (feed.state, feed.title, feed.title_only) == (FeedState.ACTIVE, "Renamed", True)
    assert {one.theme for one in feed.themes} == {Theme.ENERGY, Theme.HEAT}


def test_nobody_has_a_feed_fetched_all_day_long(app: Flask, make: Make, people: dict[str, Actor]) -> None:
    made = make.feed(partner_id=partner_of(people))
    with make.writing():
        for _ in range(operations.ASKING.most):
            operations.fetch_now(loaded(made), actor=people["admin"], now=clock.now())
        with pytest.raises(TooMany):
            operations.ask_test(loaded(made), actor=people["admin"], now=clock.now())
        operations.fetch_now(loaded(made), actor=people["curator"], now=clock.now())


def test_rules_are_few_short_and_written_by_those_who_may(app: Flask, make: Make, people: dict[str, Actor]) -> None:
    made = make.feed(partner_id=partner_of(people))
    with make.writing():
        feed = loaded(made)
        for who in ("editor", "admin", "curator"):
            operations.write_rule(feed, RuleKind.BLOCK, RuleField.TITLE, who, actor=people[who], now=clock.now())
        with pytest.raises(Forbidden):
            operations.write_rule(feed, RuleKind.BLOCK, RuleField.TITLE, "x", actor=people["member"], now=clock.now())
        for pattern in ("", " * ", "x" * 121):
            with pytest.raises(Invalid):
                operations.write_rule(feed, RuleKind.KEEP, RuleField.TITLE, pattern, actor=SYSTEM, now=clock.now())
        for number in range(operations.MOST_RULES - 3):
            operations.write_rule(feed, RuleKind.BLOCK, RuleField.TITLE, f"x{number}", actor=SYSTEM, now=clock.now())
        with pytest.raises(Invalid):
            operations.write_rule(feed, RuleKind.BLOCK, RuleField.TITLE, "more", actor=SYSTEM, now=clock.now())


def test_an_entry_is_decided_with_its_story(app: Flask, make: Make, people: dict[str, Actor]) -> None:
    feed = make.feed()
    one = make.entry(feed)
    two, three = (make.entry(feed, story_id=one.story_id) for _ in range(2))
    now, editor = clock.now(), people["editor"]

    def entry(which: FeedEntry) -> FeedEntry:
        return db.session.get_one(FeedEntry, which.id, options=[joinedload(FeedEntry.feed)], populate_existing=True)

    with make.writing():
        for _ in range(2):
            entries.pass_over(entry(one), actor=editor, now=now)
        assert [entry(which).passed for which in (one, two, three)] == [Passed.EDITOR] * 3
        for _ in range(2):
            entries.put_back(entry(two), actor=editor, now=now)
        entries.put_back(entry(three), actor=editor, now=now)
        assert (entry(two).state, entry(two).decided_at) == (EntryState.WAITING, None)
        entries.take(entry(two), actor=editor, now=now)
        assert [entry(which).state for which in (two, three)] == [EntryState.TAKEN, EntryState.PASSED_OVER]
        assert entry(three).passed is Passed.SAME_STORY
        for act in (entries.take, entries.pass_over, entries.put_back):
            with pytest.raises(Conflict):
                act(entry(two), actor=editor, now=now)
            with pytest.raises(Forbidden):
                act(entry(one), actor=people["admin"], now=now)
