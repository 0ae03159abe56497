"""What follows in a merge, told by name: what a curator has to know before, and nobody can count back afterwards."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts.models import Account, MembershipRole
from portal.core.bilingual import text_of
from portal.core.db import db
from portal.core.labels import label
from portal.news.models import Article
from portal.partners.models import Partner
from portal.projects.models import Project, Role
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
    wanted = [one for some in followers.values() for one in some]
    named = _named(
        wanted, [(key, int(id)) for some in joined.values() for text in some for key, id in _ID.findall(text)]
    )
    return [
        Told(
            labels.pointer(name),
            max(len(ids) + len(joined[name]), 1),
            [
                *filter(None, (_said(one, named) for one in followers[name])),
                *(_readable(text, named) for text in joined[name]),
            ],
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


_ID = re.compile(rf"\b({'|'.join(_THINGS)}) (\d+)")
_ROLE = re.compile(r"\brole (\w+)")
_TECHNICAL = re.compile(r"\b(id|partner_id|import_key|import_digest|source_url|version) \S+?(, |$|(?= ))")


def _readable(text: str, named: _Names) -> str:
    """What the trace says of joined rows: with names for numbers, without what tells a reader nothing."""
    text = _ID.sub(lambda found: named.get((found[1], int(found[2])), found[0]), text)
    text = _ROLE.sub(lambda found: _role(found[1]), _TECHNICAL.sub("", text))
    return re.sub(r",\s*(?= →|$)", "", text).replace(operations.JOINED, _("joined with"))


def _role(word: str) -> str:
    """A role in a project or at a partner, as readers call it."""
    return next((label(words(word)) for words in (Role, MembershipRole) if word in list(words)), word)


def _named(followers: Sequence[Follower], more: Iterable[tuple[str, int]] = ()) -> _Names:
    """(column, id) → name of what the rows lead to, and of `more`; one statement for each kind."""
    wanted: dict[str, set[int]] = {}
    for column, id in chain(more, *(_leads_to(one) for one in followers)):
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
