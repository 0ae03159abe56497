"""Writing down what came of a fetch: each in one transaction, and only by whoever holds the feed."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, func, insert, select

from portal.core import audit
from portal.core.db import db, read, transaction
from portal.core.intake import chunks
from portal.core.permissions import SYSTEM
from portal.feeds import addresses
from portal.feeds.decide import Known, New, Plan, plan
from portal.feeds.fetching import pace
from portal.feeds.fetching.claims import TABLE, Claimed
from portal.feeds.fetching.fetch import Brought, Failed
from portal.feeds.fetching.library import Library
from portal.feeds.models import EntryState, Feed, FeedEntry, FeedState, Story, Trouble

KEPT = 2_000
"""Entries of one feed, the newest and those that were taken."""

FAILING_AFTER = 3
"""A feed is failing when it has failed so often in a row: a server may be down for an hour."""

_IN_TURN = threading.Lock()
"""Lanes store one after the other: of two that bring the same story at once, the second must see the first's."""

ENTRIES: Table = FeedEntry.__table__  # type: ignore[assignment]
STORIES: Table = Story.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fetch did. `trouble` says that it brought nothing."""

    feed_id: int
    title: str
    new: int = 0
    waiting: int = 0
    refreshed: int = 0
    trouble: Trouble | None = None
    detail: str = ""
    is_unchanged: bool = False


def take_in(claimed: Claimed, brought: Brought, library: Library, *, now: datetime) -> Outcome:
    """Store what a fetch brought. `TooLate` when somebody else has the feed by now; then nothing is stored."""
    with _IN_TURN:
        made = planned(claimed, brought, library, now=now)
        stored = _written(claimed, brought, made, now)
    library.learn(stored)
    return Outcome(
        claimed.id,
        claimed.title,
        len(made.new),
        made.waiting,
        len(made.refreshed),
        is_unchanged=not (made.new or made.refreshed),
    )


def _written(claimed: Claimed, brought: Brought, made: Plan, now: datetime) -> list[tuple[int, New]]:
    with transaction():
        stored = _stored(claimed, made, now)
        _refresh(made)
        _prune(claimed.id, made.seen)
        news = _news(claimed, made, now)
        claimed.columns(**_after_success(claimed, brought, made, now), **news)
        _note_success(claimed, now)
    return stored


def planned(claimed: Claimed, brought: Brought, library: Library, *, now: datetime) -> Plan:
    """What would be stored. Reads only."""
    if brought.parsed is None:
        return Plan()
    library.catch_up(now)
    known = _known(claimed.id)
    return plan(
        brought.parsed, claimed.source, known, lambda sought: library.desk(sought, claimed.source, now).find, now
    )


def note_failure(claimed: Claimed, failed: Failed, *, now: datetime) -> Outcome:
    """Note why nothing came and when to try again. What says that it is gone is retired."""
    failures = claimed.failures + 1
    wait = pace.jittered(pace.back_off(failures, failed.retry_after), 0.2)
    with transaction():
        since = db.session.scalar(select(TABLE.c.failing_since).where(TABLE.c.id == claimed.id)) or now
        values: dict[str, Any] = {
            "failures": failures,
            "failing_since": since,
            "last_fetched_at": now,
            "next_fetch_at": now + wait,
            "trouble": failed.trouble,
            "trouble_detail": failed.detail[:300],
        }
        state = _state_after(claimed, failed, failures)
        if state is FeedState.RETIRED:
            values |= {"next_fetch_at": None, "ended_at": now}
        claimed.columns(state=state, **values)
        if state is not claimed.state:
            action = "feed.retired" if state is FeedState.RETIRED else "feed.failing"
            _trace(claimed, action, now, state=(claimed.state, state), trouble=(None, failed.trouble))
    return Outcome(claimed.id, claimed.title, trouble=failed.trouble, detail=failed.detail)


def _state_after(claimed: Claimed, failed: Failed, failures: int) -> FeedState:
    if failed.trouble is Trouble.GONE:
        return FeedState.RETIRED
    return FeedState.FAILING if failures >= FAILING_AFTER else claimed.state


def _known(feed_id: int) -> Sequence[Known]:
    columns = FeedEntry.id, FeedEntry.key, FeedEntry.guid, FeedEntry.state, FeedEntry.content_digest
    return [Known(*row) for row in read(select(*columns).where(FeedEntry.feed_id == feed_id)).all()]


def _stored(claimed: Claimed, made: Plan, now: datetime) -> list[tuple[int, New]]:
    """Insert the new entries, each with its story; returns them with their ids."""
    if not made.new:
        return []
    stories = _stories(made, now)
    rows = [
        new.values | {"feed_id": claimed.id, "version": 1, "story_id": stories[n]} for n, new in enumerate(made.new)
    ]
    statement = insert(ENTRIES).returning(ENTRIES.c.id, sort_by_parameter_order=True)
    return list(zip(db.session.execute(statement, rows).scalars(), made.new, strict=True))


def _stories(made: Plan, now: datetime) -> list[int]:
    """The story of each new entry: one that is there, that of an entry before it, or a new one."""
    wanted: dict[Any, dict[str, Any]] = {}
    for position, new in enumerate(made.new):
        if new.place.story_id is None and new.like is None:
            kind, id = new.place.own or ("", None)
            wanted.setdefault(new.place.own or position, {"created_at": now, "own_kind": kind, "own_id": id})
    made_now: dict[Any, int] = {}
    if wanted:
        statement = insert(STORIES).returning(Story.id, sort_by_parameter_order=True)
        made_now = dict(zip(wanted, db.session.execute(statement, list(wanted.values())).scalars(), strict=True))
    found: list[int] = []
    for position, new in enumerate(made.new):
        if new.place.story_id is not None:
            found.append(new.place.story_id)
        else:
            found.append(made_now[new.place.own or position] if new.like is None else found[new.like])
    return found


def _refresh(made: Plan) -> None:
    """Write over what still waits; what somebody has taken meanwhile is theirs."""
    for id, values in made.refreshed:
        waiting = (ENTRIES.c.id == id, ENTRIES.c.state == EntryState.WAITING)
        version = {"version": ENTRIES.c.version + 1}
        db.session.execute(ENTRIES.update().where(*waiting).values(values | version))


def _prune(feed_id: int, seen: Sequence[int]) -> None:
    """Forget the oldest entries beyond what is kept, but none that was taken or is still in the feed."""
    of_feed = FeedEntry.feed_id == feed_id
    count = db.session.scalar(select(func.count()).where(of_feed)) or 0
    if count <= KEPT:
        return
    order = (FeedEntry.fetched_at, FeedEntry.id)
    free = (of_feed, FeedEntry.state != EntryState.TAKEN)
    oldest = db.session.scalars(select(FeedEntry.id).where(*free).order_by(*order).limit(count - KEPT))
    for some in chunks(sorted(set(oldest) - set(seen))):
        db.session.execute(delete(ENTRIES).where(ENTRIES.c.id.in_(some)))


def _after_success(claimed: Claimed, brought: Brought, made: Plan, now: datetime) -> dict[str, Any]:
    ttl = timedelta(seconds=brought.parsed.ttl_s) if brought.parsed else timedelta(0)
    interval = pace.next_interval(claimed.interval, len(made.new), ttl)
    values: dict[str, Any] = {
        "etag": brought.etag,
        "last_modified": brought.last_modified,
        "body_digest": brought.body_digest,
        "interval_s": int(interval.total_seconds()),
        "next_fetch_at": now + pace.jittered(interval),
        "last_fetched_at": now,
        "last_good_at": now,
        "failures": 0,
        "failing_since": None,
        "trouble": None,
        "trouble_detail": brought.parsed.complaint if brought.parsed else "",
        "told_failing_at": None,
    }
    if brought.parsed is None:
        del values["trouble_detail"]  # what was wrong in it is so still
    if claimed.state is FeedState.FAILING:
        values["state"] = FeedState.ACTIVE
    if is_moved(claimed, brought):
        values |= {"url": brought.moved_to, "url_digest": digest_of(brought.moved_to)}
    return values


def _news(claimed: Claimed, made: Plan, now: datetime) -> dict[str, Any]:
    """When the last news came, and since when the feed is silent against its habit."""
    moments = [new.values["published_at"] or now for new in made.new]
    if moments:
        newest = max([*moments, *filter(None, [claimed.last_new_at])])
    elif claimed.last_new_at is None or now - claimed.last_new_at < pace.SHORTEST_SILENCE:
        return {}
    else:
        newest = claimed.last_new_at
    since = _silence(claimed.id, now) if now - newest >= pace.SHORTEST_SILENCE else None
    values: dict[str, Any] = {"last_new_at": newest, "silent_since": since}
    return values if since else values | {"told_silent_at": None}


def _silence(feed_id: int, now: datetime) -> datetime | None:
    moment = func.coalesce(FeedEntry.published_at, FeedEntry.fetched_at)
    latest = select(moment).where(FeedEntry.feed_id == feed_id).order_by(moment.desc()).limit(60)
    return pace.silent_since(list(db.session.scalars(latest)), now)


def is_moved(claimed: Claimed, brought: Brought) -> bool:
    """Whether the feed has a new address for good, that no other feed of ours has."""
    if not brought.moved_to or brought.moved_to == claimed.request.url:
        return False
    taken = select(Feed.id).where(Feed.url_digest == digest_of(brought.moved_to), Feed.id != claimed.id)
    return db.session.scalar(taken) is None


def digest_of(url: str) -> str:
    """By which a feed's address is known from others'."""
    return addresses.digest(addresses.canonical(url))


def _note_success(claimed: Claimed, now: datetime) -> None:
    if claimed.state is FeedState.FAILING:
        _trace(claimed, "feed.recovered", now, state=(FeedState.FAILING, FeedState.ACTIVE))
    url = db.session.scalar(select(TABLE.c.url).where(TABLE.c.id == claimed.id))
    if url != claimed.request.url:
        _trace(claimed, "feed.moved", now, url=(claimed.request.url, url))


def _trace(claimed: Claimed, action: str, now: datetime, **changes: tuple[Any, Any]) -> None:
    audit.record(SYSTEM, action, "feed", claimed.id, changes, now=now)
