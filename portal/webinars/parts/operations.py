"""Adding, changing, ordering and removing what a webinar has any number of. The trace is the webinar's."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from portal.core.db import db
from portal.core.parts import change_places, name_of, put_last
from portal.core.permissions import Actor, require
from portal.webinars.editing.operations import note
from portal.webinars.models import Webinar

Fill = Callable[[Any], Mapping[str, tuple[Any, Any]]]
"""Writes a form's content into a part; returns what changed by field."""


def add(part: Any, noun: str, webinar: Webinar, fill: Fill, *, rule: str, actor: Actor, now: datetime) -> None:
    """Give the webinar a new part, last in order."""
    require(actor, rule, webinar)
    put_last(part, "webinar_id", webinar.id)
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
    if places := change_places(part, "webinar_id", up=up):
        _trace(part, f"{noun}.moved", webinar, {"position": places}, actor, now)


def _trace(part: Any, action: str, webinar: Webinar, changes: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    called = name_of(part)
    note(webinar, action, {"part": (called, called), **changes}, actor=actor, now=now)
