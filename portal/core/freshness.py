"""Whether what stands here is still true: who said so last, until when that holds, and the link that says it again.

Profiles and projects mix in `Confirmable`; their slices write the operation, this is what they share.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Index, String, and_, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, db
from portal.core.tokens import digest_of, new_token

GOOD_FOR = timedelta(days=365)
LINK_OPENS_FOR = timedelta(days=60)


class Confirmer(StrEnum):
    """Who said that it is true: those it belongs to, or the portal's staff. The person stands in the trace alone."""

    OWNER = "owner"
    STAFF = "staff"


class Confirmable:
    """Mixin of models whose facts have to be confirmed once a year."""

    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[Confirmer | None]
    next_confirmation_due: Mapped[date | None] = mapped_column(index=True)
    confirmation_asked_at: Mapped[datetime | None]

    def confirm(self, by: Confirmer, now: datetime) -> None:
        """Note that everything here is true as of now."""
        self.confirmed_at, self.confirmed_by = now, by
        self.next_confirmation_due = now.astimezone(clock.COPENHAGEN).date() + GOOD_FOR
        self.confirmation_asked_at = None

    def is_overdue(self, day: date) -> bool:
        """Whether it was confirmed once and that no longer holds: what the public is told."""
        return self.next_confirmation_due is not None and self.next_confirmation_due < day


def needs_confirmation(model: Any, now: datetime) -> ColumnElement[bool]:
    """It is overdue, or was never confirmed in the year since it came."""
    return or_(
        model.next_confirmation_due < now.astimezone(clock.COPENHAGEN).date(),
        and_(model.next_confirmation_due.is_(None), model.created_at <= now - GOOD_FOR),
    )


def not_asked_lately(model: Any, now: datetime) -> ColumnElement[bool]:
    """Nobody was asked about it within the year."""
    return or_(model.confirmation_asked_at.is_(None), model.confirmation_asked_at <= now - GOOD_FOR)


class ConfirmationLink(Model):
    """A mailed link that lets its reader confirm one thing without signing in."""

    __tablename__ = "confirmation_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("ix_confirmation_link_kind_subject_id", "kind", "subject_id"),)


def new_link(kind: str, subject_id: int, account_id: int | None, *, now: datetime) -> str:
    """A token for a mail, kept in the running transaction."""
    token = new_token()
    db.session.add(
        ConfirmationLink(
            token_hash=digest_of(token),
            kind=kind,
            subject_id=subject_id,
            account_id=account_id,
            expires_at=now + LINK_OPENS_FOR,
        )
    )
    db.session.flush()
    return token


def link_of(kind: str, token: str, *, now: datetime) -> ConfirmationLink | None:
    """What a link opens; none when it never was or is too old."""
    mine = (ConfirmationLink.token_hash == digest_of(token), ConfirmationLink.kind == kind)
    return db.session.scalar(select(ConfirmationLink).where(*mine, ConfirmationLink.expires_at > now))


def sweep(now: datetime) -> None:
    """Forget links that open nothing any more."""
    db.session.execute(delete(ConfirmationLink).where(ConfirmationLink.expires_at <= now))
