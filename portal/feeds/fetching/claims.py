"""Which feed is fetched next, and by whom: claimed by one conditional UPDATE, for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, select, true

from portal.core.db import db, read, transaction
from portal.feeds.decide import Pattern, Source
from portal.feeds.fetching import pace
from portal.feeds.fetching.fetch import Request
from portal.feeds.models import RUNNING, Feed, FeedRule, FeedState

LEASE = timedelta(seconds=60)
"""Longer than a fetch may take (20 s). A process that dies with a feed in hand has not lost it."""

TABLE: Table = Feed.__table__  # type: ignore[assignment]
"""What the worker notes goes past the unit of work: it is no new version of what people have written."""


class TooLate(Exception):
    """Somebody else has claimed the feed meanwhile, or it is gone."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A feed in hand."""

    id: int
    number: int
    title: str
    state: FeedState
    is_test: bool
    request: Request
    source: Source
    interval: timedelta
    failures: int
    last_new_at: datetime | None
    silent_since: datetime | None

    def columns(self, **values: Any) -> None:
        """Write down what came of it and give it back, in the running transaction; `TooLate` if it is not ours."""
        mine = and_(TABLE.c.id == self.id, TABLE.c.claim == self.number)
        written = db.session.execute(TABLE.update().where(mine).values(claimed_until=None, **values))
        if written.rowcount != 1:  # type: ignore[attr-defined]
            raise TooLate


def next_due(now: datetime) -> Claimed | None:
    """Claim the feed that has waited longest: a test that somebody waits for, or else one whose time has come."""
    column = TABLE.c
    for is_test, due, order in (
        (True, column.test_asked_at.is_not(None), column.test_asked_at),
        (False, and_(column.state.in_(RUNNING), column.next_fetch_at <= now), column.next_fetch_at),
    ):
        waiting = select(column.id).where(due, _is_free(now)).order_by(order, column.id).limit(5)
        for feed_id in db.session.scalars(waiting).all():
            # Due is asked again: another lane may have fetched it since it was looked up.
            if claimed := claim(feed_id, now=now, is_test=is_test, only_if=due):
                return claimed
    return None


def claim(
    feed_id: int, *, now: datetime, is_test: bool = False, only_if: ColumnElement[bool] | None = None
) -> Claimed | None:
    """Claim this feed; None when somebody else has it."""
    with transaction():
        free = and_(TABLE.c.id == feed_id, _is_free(now), true() if only_if is None else only_if)
        # Put off before it is tried: whoever dies while trying has not blocked the others.
        values: dict[str, Any] = {"claim": TABLE.c.claim + 1, "claimed_until": now + LEASE}
        values |= {"test_asked_at": None} if is_test else {"next_fetch_at": now + pace.SHORTEST}
        written = db.session.execute(TABLE.update().where(free).values(**values))
        if written.rowcount != 1:  # type: ignore[attr-defined]
            return None
    return _claimed(feed_id, is_test=is_test)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(TABLE.c.claimed_until.is_(None), TABLE.c.claimed_until < now)


def _claimed(feed_id: int, *, is_test: bool) -> Claimed | None:
    row = read(select(TABLE).where(TABLE.c.id == feed_id)).one_or_none()
    if row is None:
        return None
    known = ("", "", "") if is_test else (row.etag, row.last_modified, row.body_digest)
    return Claimed(
        id=row.id,
        number=row.claim,
        title=row.title or row.owner or row.url,
        state=row.state,
        is_test=is_test,
        request=Request(row.url, *known),
        source=Source(row.id, row.language, row.title_only, tuple(_rules(feed_id)), row.partner_id),
        interval=timedelta(seconds=row.interval_s),
        failures=row.failures,
        last_new_at=row.last_new_at,
        silent_since=row.silent_since,
    )


def _rules(feed_id: int) -> Sequence[Pattern]:
    columns = FeedRule.kind, FeedRule.field, FeedRule.pattern
    rows = read(select(*columns).where(FeedRule.feed_id == feed_id).order_by(FeedRule.id))
    return [Pattern(row.kind, row.field, row.pattern) for row in rows]
