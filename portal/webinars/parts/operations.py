"""Adding, changing, ordering and removing what a webinar has any number of. The trace is the webinar's."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.core.bilingual import text_of
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, require
from portal.webinars.editing.operations import note
from portal.webinars.models import Webinar

Fill = Callable[[Any], Mapping[str, tuple[Any, Any]]]
"""Writes a form's content into a part; returns what changed by field."""


def part_of(webinar: Webinar, model: Any, part_id: int, *loads: Any) -> Any:
    """The part with this id. `NotFound` when there is none, or it is another webinar's."""
    part = db.session.scalar(select(model).where(model.id == part_id, model.webinar_id == webinar.id).options(*loads))
    if part is None:
        raise NotFound(model.__tablename__, part_id)
    return part


def parts_of(webinar: Webinar, model: Any, *loads: Any) -> list[Any]:
    """All parts of a kind, in their order."""
    mine = select(model).where(model.webinar_id == webinar.id).order_by(model.position, model.id)
    return list(db.session.scalars(mine.options(*loads)))


def add(part: Any, noun: str, webinar: Webinar, fill: Fill, *, rule: str, actor: Actor, now: datetime) -> None:
    """Give the webinar a new part, last in order."""
    require(actor, rule, webinar)
    part.webinar_id = webinar.id
    last = select(func.max(type(part).position)).where(type(part).webinar_id == webinar.id)
    part.position = (db.session.scalar(last) or 0) + 1
    changes = fill(part)
    db.session.add(part)
    db.session.flush()
    _trace(part, f"{noun}.added", webinar, changes, actor, now)


def revise(part: Any, noun: str, webinar: Webinar, fill: Fill, *, rule: str, actor: Actor, now: datetime) -> None:
    """Change a part. Nothing changed, nothing recorded."""
    require(actor, rule, webinar)
    if changes := fill(part):
        _trace(part, f"{noun}.revised", webinar, changes, actor, now)


def remove(part: Any, noun: str, webinar: Webinar, *, rule: str, actor: Actor, now: datetime) -> None:
    """Take a part away for good."""
    require(actor, rule, webinar)
    _trace(part, f"{noun}.removed", webinar, {}, actor, now)
    db.session.delete(part)
    db.session.flush()


def move(part: Any, noun: str, webinar: Webinar, *, up: bool, rule: str, actor: Actor, now: datetime) -> None:
    """Let a part change places with the one before or after it, where there is one."""
    require(actor, rule, webinar)
    row = parts_of(webinar, type(part))
    place = row.index(part)
    goal = place + (-1 if up else 1)
    if not 0 <= goal < len(row):
        return
    row[place], row[goal] = row[goal], row[place]
    for position, one in enumerate(row, start=1):
        one.position = position
    _trace(part, f"{noun}.moved", webinar, {"position": (place + 1, goal + 1)}, actor, now)


def _trace(part: Any, action: str, webinar: Webinar, changes: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    called = str(text_of(part, part.pairs[0]))[:120]
    note(webinar, action, {"part": (called, called), **changes}, actor=actor, now=now)
