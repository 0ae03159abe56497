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
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_app_context
from sqlalchemy import ColumnElement, String, event, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import NOW, Model, db, insert_of, is_in_transaction, read
from portal.core.permissions import VISITOR, Actor
from portal.core.watch import Stamp, Unreadable, Watch, intern, watch


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
WATCH = "watch"
AROUND = "portal.around"
KEPT = 512
KEPT_EACH = 8192

T = TypeVar("T")
# With the time: a number that was counted and rolled back comes again, with other content.
# As text, which is how the watch reads it: it is compared and never understood.
_GENERATIONS = select(Generation.kind, Generation.number, as_type(Generation.changed_at, String))
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


@dataclass(frozen=True)
class _InColumns:
    """Finds the last and the next of all the moments in some columns: one scalar query for each column."""

    last: tuple[Any, ...]
    coming: tuple[Any, ...]

    def __call__(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        past, future, _written = _nearest((self,), now)
        return past, future


def moments_in(*columns: Any, among: ColumnElement[bool]) -> Moments:
    """Finds the last and the next of all the moments in these columns, among the rows that meet a condition."""
    # One by one, each along its column's index: a union of the columns would be read to its end.
    last = (select(at).where(among, at <= NOW).order_by(at.desc()).limit(1).scalar_subquery() for at in columns)
    coming = (select(at).where(among, at > NOW).order_by(at).limit(1).scalar_subquery() for at in columns)
    return _InColumns(tuple(last), tuple(coming))


def _nearest(
    moments: tuple[_InColumns, ...], now: datetime
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """The last and the next of all these moments, and when something was last written; one statement."""
    written, *found = read(_statement(moments), now=now).one()
    lasts = sum(len(one.last) for one in moments)
    return (
        max(filter(None, found[:lasts]), default=None),
        min(filter(None, found[lasts:]), default=None),
        written,
    )


@lru_cache(maxsize=32)
def _statement(moments: tuple[_InColumns, ...]) -> Any:
    written = select(func.max(Generation.changed_at)).scalar_subquery()
    lasts = (query for one in moments for query in one.last)
    coming = (query for one in moments for query in one.coming)
    return select(written, *lasts, *coming)


@dataclass(frozen=True, slots=True)
class _Around:
    """What was asked at a moment about the moments around it."""

    stamp: Stamp
    asked: datetime
    past: Sequence[datetime]
    coming: datetime | None

    def holds(self, stamp: Stamp, now: datetime) -> bool:
        known = self.stamp is stamp or self.stamp == stamp
        return known and self.asked <= now and (self.coming is None or now < self.coming)


def _around(now: datetime) -> _Around:
    """Asked once for each state of the content, until the next moment has come."""
    stamp = _stamp()
    known: _Around | None = current_app.extensions.get(AROUND)
    if known is not None and known.holds(stamp, now):
        return known
    in_columns = tuple(one for one in _moments if isinstance(one, _InColumns))
    last, coming, written = _nearest(in_columns, now)
    others = [find(now) for find in _moments if not isinstance(find, _InColumns)]
    made = _Around(
        stamp,
        now,
        [one for one in (written, last, *(past for past, _coming in others)) if one is not None],
        min(filter(None, (coming, *(coming for _past, coming in others))), default=None),
    )
    if current_app.config["PORTAL_REMEMBER"]:
        current_app.extensions[AROUND] = made
    return made


def valid_until(now: datetime) -> datetime:
    """The next moment at which time alone changes a page: at the latest the next Danish midnight."""
    midnight = clock.start_of(now.astimezone(clock.COPENHAGEN).date() + timedelta(days=1))
    return min(midnight, _around(now).coming or midnight)


def last_modified(now: datetime) -> datetime:
    """When the public content last changed: by a write, by time, or by the start of this release."""
    midnight = clock.start_of(now.astimezone(clock.COPENHAGEN).date())
    return max(midnight, STARTED, *_around(now).past)


def remembered(key: Hashable, make: Callable[[], T], now: datetime | None = None) -> T:
    """What `make` returns, made once for each state of the public content.

    For what many different pages share, such as the counts behind filters: it must depend on the
    content, the time and `key` alone. A process keeps some hundred of them.
    """
    return _memory("remembered", KEPT).look_up([key], lambda _keys: [make()], now or clock.now())[0]


def remembered_for(reader: Actor, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` returns; remembered where a visitor reads.

    What others see may change without a change of the public content, so it is made anew for each of them.
    """
    return remembered(key, make) if reader == VISITOR else make()


def remembered_each(group: Hashable, ids: Sequence[int], make: Callable[[list[int]], Sequence[T]]) -> list[T]:
    """One value for each id, in their order; `make` is asked once, for those that are not remembered.

    For small things that many pages show, such as the rows of lists; otherwise as `remembered`.
    """

    def make_missing(keys: list[tuple[Hashable, int]]) -> Sequence[T]:
        return make([one for _group, one in keys])

    return _memory("remembered each", KEPT_EACH).look_up([(group, one) for one in ids], make_missing, clock.now())


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: Stamp
    made: datetime
    expires: datetime
    value: Any

    def holds(self, stamp: Stamp, now: datetime) -> bool:
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
        values: list[Any] = []
        missing: list[int] = []
        with self.lock:
            for place, key in enumerate(keys):
                kept = self.kept.get(key)
                if kept is not None and kept.holds(stamp, now):
                    self.kept.move_to_end(key)
                    values.append(kept.value)
                else:
                    missing.append(place)
                    values.append(None)
        if missing:
            wanted = [keys[place] for place in missing]
            made = make(wanted)
            expires = self._expiry(stamp, now)
            with self.lock:
                for place, key, value in zip(missing, wanted, made, strict=True):
                    values[place] = value
                    self.kept[key] = _Kept(stamp, now, expires, value)
                while len(self.kept) > self.capacity:
                    self.kept.popitem(last=False)
        return values

    def _expiry(self, stamp: Stamp, now: datetime) -> datetime:
        """`valid_until`, asked once for each state of the content."""
        known = self.until
        if known is None or not known.holds(stamp, now):
            expires = valid_until(now)
            known = self.until = _Kept(stamp, now, expires, None)
        return known.expires


def _memory(name: str, capacity: int) -> _Memory:
    """The application's memory of that name; it holds nothing where remembering is switched off."""
    memories: dict[str, Any] = current_app.extensions
    known: _Memory | None = memories.get(name)
    if known is None:
        known = memories.setdefault(name, _Memory(capacity if current_app.config["PORTAL_REMEMBER"] else 0))
    return known


def watch_of(app: Flask) -> Watch | None:
    """The application's watch on its database; None where no second connection can see it."""
    if WATCH not in app.extensions:
        with app.app_context():
            app.extensions[WATCH] = watch(db.engine.url)
    known: Watch | None = app.extensions[WATCH]
    return known


def _stamp() -> Stamp:
    """The generations that hold for this page, read once and before anything that is remembered under them.

    What the watch sees is what was committed. A transaction that has begun sees what was when it began, and what it
    has written itself: there, the generations are read with its own eyes.
    """
    stamp: Stamp | None = g.get(STAMP)
    if stamp is None:
        stamp = None if is_in_transaction() else _watched()
        if stamp is None:
            stamp = intern(read(_GENERATIONS))
        setattr(g, STAMP, stamp)
    return stamp


def _watched() -> Stamp | None:
    known = watch_of(current_app)
    try:
        return known.stamp() if known else None
    except Unreadable:
        return None
