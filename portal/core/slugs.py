"""Addresses are promises: a renamed thing redirects, a withdrawn one says so."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from portal.core.db import Model, db
from portal.core.errors import DomainError, Gone, Moved, NotFound

MAX_LENGTH = 120
RESERVED = frozenset(
    {
        "aids", "cells", "changes", "collaboration", "compare", "confirm", "contact", "data", "figures", "method",
        "new", "preview", "progress", "proposals", "registration", "registrations", "reply", "requests", "review",
        "series", "shared", "writing",
    }
)  # fmt: skip
"""Addresses that stand beside those of things, such as `/projects/new`: no thing may be called so."""
_DANISH = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae", "ü": "ue", "ß": "ss", "ð": "d", "þ": "th"}
)


class OldAddress(Model):
    """A slug that is no longer in use: it leads to `target`, or was withdrawn when that is empty."""

    __tablename__ = "old_address"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), primary_key=True)
    target: Mapped[str | None] = mapped_column(String(MAX_LENGTH))
    since: Mapped[datetime]


def slugify(text: str) -> str:
    """A readable address part of a-z, 0-9 and hyphens; `æ ø å` become `ae oe aa`. May be empty."""
    spelled = unicodedata.normalize("NFC", text).lower().translate(_DANISH)
    ascii_only = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX_LENGTH].strip("-")


def renamed(kind: str, old: str, new: str, *, now: datetime) -> None:
    """Let `old` redirect to `new`, and everything that led to `old` as well."""
    _remember(kind, old, new, now)
    # An address in use again must not redirect away from itself.
    db.session.execute(delete(OldAddress).where(OldAddress.kind == kind, OldAddress.slug == new))
    db.session.execute(update(OldAddress).where(OldAddress.kind == kind, OldAddress.target == old).values(target=new))
    db.session.flush()


def withdrawn(kind: str, slug: str, *, now: datetime) -> None:
    """Let the address answer that its thing is gone."""
    _remember(kind, slug, None, now)
    db.session.flush()


def withdrawn_all(kind: str, gone: Sequence[str], *, now: datetime) -> None:
    """`withdrawn` for many things of one kind that were never renamed, in one statement."""
    if gone:
        db.session.execute(insert(OldAddress), [{"kind": kind, "slug": slug, "since": now} for slug in gone])


def restored(kind: str, slug: str) -> None:
    """Forget that the address was withdrawn."""
    db.session.execute(delete(OldAddress).where(OldAddress.kind == kind, OldAddress.slug == slug))


def in_use(kind: str, column: InstrumentedAttribute[str]) -> set[str]:
    """Every slug of a kind that a thing has or has had, and those that no thing may have."""
    had = select(OldAddress.slug).where(OldAddress.kind == kind)
    return {*db.session.scalars(select(column)), *db.session.scalars(had), *RESERVED}


def free(text: str, key: str, taken: set[str]) -> str:
    """A slug for the text that is not taken, with the key added where it must be; it is taken from now on."""
    key = slugify(key)
    slug = slugify(text) or key
    if slug in taken:
        slug = f"{slug[: MAX_LENGTH - len(key) - 1]}-{key}"
    taken.add(slug)
    return slug


def missing(kind: str, slug: str) -> DomainError:
    """The error to raise for a slug under which nothing can be seen: `Moved`, `Gone` or `NotFound`."""
    old = db.session.get(OldAddress, (kind, slug)) if "\x00" not in slug else None
    if old is None:
        return NotFound(kind, slug)
    return Moved(kind, old.target) if old.target else Gone(kind, slug)


def _remember(kind: str, slug: str, target: str | None, now: datetime) -> None:
    old = db.session.get(OldAddress, (kind, slug)) or OldAddress(kind=kind, slug=slug)
    old.target = target
    old.since = now
    db.session.add(old)
