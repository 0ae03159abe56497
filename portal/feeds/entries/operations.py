"""Deciding about what feeds bring: take it, pass it over, put it back. What comes of a taken entry is news'."""

from datetime import datetime

from sqlalchemy import select

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.permissions import Actor, require
from portal.feeds.models import EntryState, FeedEntry, Passed


def take(entry: FeedEntry, *, actor: Actor, now: datetime) -> None:
    """Make the entry the editor's: no fetch changes it any more. The others of its story are passed over."""
    require(actor, "entry.decide", entry)
    if entry.state is EntryState.TAKEN:
        raise Conflict
    _decide(entry, EntryState.TAKEN, None, "entry.taken", actor, now)
    others = (FeedEntry.story_id == entry.story_id, FeedEntry.state == EntryState.WAITING)
    for other in db.session.scalars(select(FeedEntry).where(*others)).all():
        _decide(other, EntryState.PASSED_OVER, Passed.SAME_STORY, "entry.passed_over", actor, now)


def pass_over(entry: FeedEntry, *, actor: Actor, now: datetime) -> None:
    """Leave the entry, and with it the others that tell its story. Twice changes nothing."""
    require(actor, "entry.decide", entry)
    if entry.state is EntryState.TAKEN:
        raise Conflict
    same = (FeedEntry.story_id == entry.story_id, FeedEntry.state == EntryState.WAITING)
    for one in db.session.scalars(select(FeedEntry).where(*same)).all():
        _decide(one, EntryState.PASSED_OVER, Passed.EDITOR, "entry.passed_over", actor, now)


def put_back(entry: FeedEntry, *, actor: Actor, now: datetime) -> None:
    """Let an entry that was passed over wait again, and with it those that were passed over for its sake. Twice changes
    nothing."""
    require(actor, "entry.decide", entry)
    if entry.state is EntryState.TAKEN:
        raise Conflict
    if entry.state is not EntryState.PASSED_OVER:
        return
    decided = (FeedEntry.decided_at == entry.decided_at, FeedEntry.passed == entry.passed)
    together = (FeedEntry.story_id == entry.story_id, FeedEntry.state == EntryState.PASSED_OVER, *decided)
    for one in db.session.scalars(select(FeedEntry).where(*together)).all():
        _decide(one, EntryState.WAITING, None, "entry.put_back", actor, now)


def _decide(
    entry: FeedEntry, state: EntryState, passed: Passed | None, action: str, actor: Actor, now: datetime
) -> None:
    changes = {"state": (entry.state, state), "title": (entry.title, entry.title)}
    entry.state, entry.passed = state, passed
    entry.decided_at = None if state is EntryState.WAITING else now
    entry.decided_by_id = None if state is EntryState.WAITING else actor.account_id
    db.session.flush()
    audit.record(actor, action, "entry", entry.id, changes, now=now)
