"""How often the public content has changed: the key to every cache.

A change bumps the generation of its kind in its own transaction, so a cache that compares
generations before it answers is right at the moment of the change. Time changes pages too
(an embargo ends, a webinar starts, a year turns): slices register the next such moment.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar, cast

from flask import current_app, g, has_app_context
from sqlalchemy import Select, String, event, func, select, type_coerce, union_all
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, db, insert_of, read


class Generation(Model):
    """One row a content kind: how many changes it has seen and when the last one was."""

    __tablename__ = "generation"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


Moments = Callable[[datetime], tuple[datetime | None, datetime | None]]
"""Around a given moment: when time alone last changed what a slice shows, and when it next will."""

SHOWN_KINDS = "portal.shown_kinds"
"""Where in the WSGI environment a page says which kinds it shows; without it, all of them."""

STARTED = clock.now()
STAMP = "generations"
KEPT = 512
KEPT_EACH = 8192

T = TypeVar("T")
# With the time: a number that was counted and rolled back comes again, with other content.
# As the database hands it over: it is compared and never read.
_GENERATIONS = select(Generation.kind, Generation.number, type_coerce(Generation.changed_at, String)).order_by(
    Generation.kind
)
_moments: list[Moments] = []


def bump(*kinds: str) -> None:
    """Count a change of each kind in the running transaction."""
    if not kinds:
        return
    # One statement that adds or counts: two that both find no row would both insert it. In order, so
    # that two that count the same kinds wait for each other instead of blocking each other.
    g.pop(STAMP, None)
    insert = insert_of(Generation)
    now = clock.now()
    rows = [{"kind": kind, "number": 1, "changed_at": now} for kind in sorted(set(kinds))]
    counted = {"number": Generation.number + 1, "changed_at": insert.excluded.changed_at}
    db.session.execute(insert.values(rows).on_conflict_do_update(index_elements=[Generation.kind], set_=counted))


@event.listens_for(db.session, "after_rollback")
def _forget_stamp(_session: object) -> None:
    """What was counted is not any more; a stamp that was read before that says it is."""
    if has_app_context():
        g.pop(STAMP, None)


def register_moments(find: Moments) -> None:
    """Let a slice say when time alone changes what it shows."""
    if find not in _moments:
        _moments.append(find)


def around(now: datetime, *times: Select[Any]) -> tuple[datetime | None, datetime | None]:
    """The last and the next of all the moments that the statements select."""
    every = union_all(*times).subquery()
    at = every.c[0]
    last = select(func.max(at)).where(at <= now).scalar_subquery()
    coming = select(func.min(at)).where(at > now).scalar_subquery()
    past, future = read(select(last, coming)).one()
    return past, future


def valid_until(now: datetime) -> datetime:
    """The next moment at which time alone changes a page: at the latest the next Danish midnight."""
    midnight = clock.start_of(now.astimezone(clock.COPENHAGEN).date() + timedelta(days=1))
    return min([midnight, *(coming for find in _moments if (coming := find(now)[1]) is not None)])


def last_modified(now: datetime) -> datetime:
    """When the public content last changed: by a write, by time, or by the start of this release."""
    return remembered("last modified", lambda: _last_modified(now), now)


def remembered(key: Hashable, make: Callable[[], T], now: datetime | None = None) -> T:
    """What `make` returns, made once for each state of the public content.

    For what many different pages share, such as the counts behind filters: it must depend on the
    content, the time and `key` alone. A process keeps some hundred of them.
    """
    return _memory("remembered", KEPT).look_up([key], lambda _keys: [make()], now or clock.now())[0]


def remembered_each(group: Hashable, ids: Sequence[int], make: Callable[[list[int]], Sequence[T]]) -> list[T]:
    """One value for each id, in their order; `make` is asked once, for those that are not remembered.

    For small things that many pages show, such as the rows of lists; otherwise as `remembered`.
    """

    def make_missing(keys: list[tuple[Hashable, int]]) -> Sequence[T]:
        return make([one for _group, one in keys])

    return _memory("remembered each", KEPT_EACH).look_up([(group, one) for one in ids], make_missing, clock.now())


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[Any, ...]
    made: datetime
    expires: datetime
    value: Any

    def holds(self, stamp: tuple[Any, ...], now: datetime) -> bool:
        return (self.stamp is stamp or self.stamp == stamp) and self.made <= now < self.expires


class _Memory:
    """Values as long as the state of the content that they were made from; the least used go first."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.kept: OrderedDict[Any, _Kept] = OrderedDict()
        self.until: _Kept | None = None
        # Threads share it; making a value happens outside, so that no page waits for another's.
        self.lock = Lock()

    def look_up(self, keys: Sequence[Any], make: Callable[[list[Any]], Sequence[T]], now: datetime) -> list[T]:
        stamp = _stamp()
        with self.lock:
            found = {key: kept for key in keys if (kept := self.kept.get(key)) and kept.holds(stamp, now)}
            for key in found:
                self.kept.move_to_end(key)
        if missing := [key for key in keys if key not in found]:
            values = make(missing)
            expires = self._expiry(stamp, now)
            made = {key: _Kept(stamp, now, expires, value) for key, value in zip(missing, values, strict=True)}
            found |= made
            with self.lock:
                self.kept |= made
                while len(self.kept) > self.capacity:
                    self.kept.popitem(last=False)
        return [cast(T, found[key].value) for key in keys]

    def _expiry(self, stamp: tuple[Any, ...], now: datetime) -> datetime:
        """`valid_until`, asked once for each state of the content."""
        known = self.until
        if known is None or not known.holds(stamp, now):
            expires = valid_until(now)
            known = self.until = _Kept(stamp, now, expires, None)
        return known.expires


def _memory(name: str, capacity: int) -> _Memory:
    """The application's memory of that name."""
    memories: dict[str, Any] = current_app.extensions
    return memories.get(name) or memories.setdefault(name, _Memory(capacity))


def _stamp() -> tuple[Any, ...]:
    """The generations as this transaction sees them, read once for each page."""
    stamp: tuple[Any, ...] | None = g.get(STAMP)
    if stamp is None:
        stamp = _one_object(tuple(map(tuple, read(_GENERATIONS))))
        setattr(g, STAMP, stamp)
    return stamp


@lru_cache(maxsize=4)
def _one_object(stamp: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same object for equal stamps: a page compares it with that of each row it remembers."""
    return stamp


def _last_modified(now: datetime) -> datetime:
    midnight = clock.start_of(now.astimezone(clock.COPENHAGEN).date())
    written = db.session.scalar(select(func.max(Generation.changed_at)))
    passed = [past for find in _moments if (past := find(now)[0]) is not None]
    return max(moment for moment in (midnight, STARTED, written, *passed) if moment is not None)
