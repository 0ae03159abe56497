"""What pages ask about feeds and what they bring."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.feeds.models import EntryState, Feed, FeedEntry, FeedState
from portal.feeds.permissions import edited_by, entries_seen_by, seen_by

SHOWN = 20


def by_id(feed_id: int, actor: Actor) -> Feed:
    """A feed that the actor may see, with partner, themes and rules."""
    loads = (joinedload(Feed.partner), selectinload(Feed.themes), selectinload(Feed.rules))
    feed = db.session.scalar(select(Feed).where(Feed.id == feed_id, seen_by(actor)).options(*loads))
    if feed is None:
        raise NotFound("feed", feed_id)
    return feed


def in_state(state: FeedState, actor: Actor) -> Sequence[Feed]:
    """The feeds in a state, by name."""
    mine = select(Feed).where(Feed.state == state, seen_by(actor)).options(joinedload(Feed.partner))
    return sorted(db.session.scalars(mine), key=lambda feed: (feed.called.casefold(), feed.id))


def of_partners(actor: Actor) -> Sequence[Feed]:
    """The feeds of the partners that the actor acts for, those in trouble first."""
    mine = select(Feed).where(Feed.partner_id.in_(actor.partner_ids)).options(joinedload(Feed.partner))
    return sorted(db.session.scalars(mine), key=lambda feed: (feed.trouble is None, feed.called.casefold(), feed.id))


def counts(actor: Actor) -> dict[FeedState, int]:
    """State → feeds."""
    stmt = select(Feed.state, func.count()).where(seen_by(actor)).group_by(Feed.state)
    found = {row[0]: row[1] for row in db.session.execute(stmt)}
    return {state: found.get(state, 0) for state in FeedState}


def count_to_approve(actor: Actor) -> int:
    """How many tested feeds wait for a curator's word."""
    return db.session.scalar(select(func.count()).where(edited_by(actor), Feed.state == FeedState.TESTED)) or 0


def count_failing(actor: Actor) -> int:
    """How many feeds bring nothing any more, though they should."""
    return db.session.scalar(select(func.count()).where(edited_by(actor), Feed.state == FeedState.FAILING)) or 0


def oldest_to_approve(actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(Feed.created_at)).where(edited_by(actor), Feed.state == FeedState.TESTED))


def failing_since(actor: Actor) -> datetime | None:
    """Since when the first of those that fail has brought nothing."""
    failing = (edited_by(actor), Feed.state == FeedState.FAILING)
    return db.session.scalar(select(func.min(Feed.failing_since)).where(*failing))


def entries_of(feed: Feed, actor: Actor) -> tuple[Sequence[FeedEntry], dict[EntryState, int]]:
    """The newest entries of a feed, and how many there are in each state."""
    mine = (FeedEntry.feed_id == feed.id, entries_seen_by(actor))
    newest = select(FeedEntry).where(*mine).order_by(FeedEntry.fetched_at.desc(), FeedEntry.id.desc()).limit(SHOWN)
    stmt = select(FeedEntry.state, func.count()).where(*mine).group_by(FeedEntry.state)
    return db.session.scalars(newest).all(), {row[0]: row[1] for row in db.session.execute(stmt)}
