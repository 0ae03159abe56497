"""What follows in a merge, told by name: what a curator has to know before, and nobody can count back afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.bilingual import text_of
from portal.core.db import db
from portal.core.labels import label
from portal.news.models import Article
from portal.partners.models import Partner
from portal.projects.models import Project
from portal.staff.merging import labels, operations
from portal.staff.merging.operations import Follower, Pointer, Row
from portal.webinars.models import Series, Webinar

MOST = 10
"""How many of one kind are told by name."""


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of one kind: what they are, how many, the names of the first of them, and which are joined to what."""

    what: str
    count: int
    names: Sequence[str] = ()


def told(followers: Iterable[Follower], stays: Partner) -> list[Told]:
    """Kind by kind, in the order of the database."""
    by_pointer: dict[str, list[Follower]] = {}
    for one in followers:
        by_pointer.setdefault(f"{one.pointer.table.name}.{one.pointer.column.name}", []).append(one)
    named = _named([one for some in by_pointer.values() for one in some[:MOST]])
    return [
        Told(
            labels.pointer(name),
            len(some),
            [said for one in some[:MOST] if (said := _said(one, named, stays))],
        )
        for name, some in by_pointer.items()
    ]


def afterwards(changes: Mapping[str, Sequence[Any]]) -> list[Told]:
    """What the trace of a merge says: the rows that moved by their names of today, those that were joined in full."""
    known = {f"{one.table.name}.{one.column.name}": one for one in operations.pointers()}
    moved: dict[str, list[int]] = {}
    joined: dict[str, list[str]] = {}
    for change, (before, after) in changes.items():
        name, _space, key = change.partition(" ")
        if name not in known:
            continue
        moved.setdefault(name, []), joined.setdefault(name, [])
        if str(after).startswith(operations.JOINED):
            joined[name].append(f"{before} → {after}")
        elif key.isdecimal():
            moved[name].append(int(key))
    followers = {name: _rows(known[name], ids) for name, ids in moved.items()}
    named = _named([one for some in followers.values() for one in some])
    return [
        Told(
            labels.pointer(name),
            max(len(ids) + len(joined[name]), 1),
            [*filter(None, (_said(one, named) for one in followers[name])), *joined[name]],
        )
        for name, ids in moved.items()
    ]


def _rows(pointer: Pointer, ids: Sequence[int]) -> list[Follower]:
    table = pointer.table
    if "id" not in table.columns or not ids:
        return []
    rows = db.session.execute(select(table).where(table.c.id.in_(ids)).order_by(table.c.id)).mappings()
    return [Follower(pointer, row) for row in rows]


_Names = Mapping[tuple[str, int], str]
_TITLES = ("title_da", "title_en")
_THINGS: Mapping[str, tuple[Any, tuple[str, str]]] = {
    "project_id": (Project, _TITLES),
    "article_id": (Article, _TITLES),
    "webinar_id": (Webinar, _TITLES),
    "series_id": (Series, _TITLES),
    "account_id": (Account, ("name", "email")),
}
"""Column of a row that follows → what it leads to, and the columns that it is called by."""
_OWN = {"project": "project_id", "article": "article_id", "webinar": "webinar_id", "webinar_series": "series_id"}
"""Tables whose rows are such things themselves."""


def _named(followers: Sequence[Follower]) -> _Names:
    """(column, id) → name of what the rows lead to; one statement for each kind."""
    wanted: dict[str, set[int]] = {}
    for one in followers:
        for column, id in _leads_to(one):
            wanted.setdefault(column, set()).add(id)
    found: dict[tuple[str, int], str] = {}
    for column, ids in wanted.items():
        model, columns = _THINGS[column]
        rows = select(model.id, *(getattr(model, name) for name in columns)).where(model.id.in_(ids))
        for row in db.session.execute(rows):
            found[column, row.id] = str(text_of(row, "title")) if columns is _TITLES else row.name or row.email or ""
    return found


def _leads_to(one: Follower) -> list[tuple[str, int]]:
    if own := _OWN.get(one.pointer.table.name):
        return [(own, one.row["id"])]
    return [(column, one.row[column]) for column in _THINGS if one.row.get(column) is not None]


def _said(one: Follower, named: _Names, stays: Partner | None = None) -> str:
    names = [named[key] for key in _leads_to(one) if named.get(key)] or [_own_name(one.row)]
    role, becomes = one.row.get("role"), one.becomes
    said = ", ".join(filter(None, (*names, label(role) if role else "")))
    if not said or one.known is None or stays is None:
        return said
    if becomes.get("role") and one.known["role"]:
        return _(
            "%(said)s – at %(stays)s: %(role)s. It becomes: %(becomes)s",
            said=said,
            stays=stays.called(),
            role=label(one.known["role"]),
            becomes=label(becomes["role"]),
        )
    return _("%(said)s – %(stays)s has it already", said=said, stays=stays.called())


def _own_name(row: Row) -> str:
    if theme := row.get("theme"):
        return label(theme)
    if row.get("function_da") is not None:
        return row["name"] or row["function_da"] or row["function_en"] or row["email"]
    return str(next((row[name] for name in ("name", "title", "email", "url") if row.get(name)), ""))
