"""The trace of every change: who, when, what field, from, to; in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, db
from portal.core.permissions import Actor

PART = "part_id"
"""Among the changes of a thing: the number of the part of it that they are about."""


class AuditEntry(Model):
    """One change. `changes` maps a field to its value before and after. Rows change only to erase a person."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    actor: Actor,
    action: str,
    kind: str,
    subject_id: object,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    now: datetime | None = None,
) -> None:
    """Write one entry into the running transaction. `changes`: field → (before, after)."""
    db.session.add(AuditEntry(**_entry(actor, action, kind, subject_id, changes, now or clock.now())))


def record_all(
    actor: Actor,
    action: str,
    kind: str,
    changes: Mapping[int, Mapping[str, tuple[Any, Any]]],
    *,
    now: datetime | None = None,
) -> None:
    """`record` for many things of one kind to which the same was done, in one statement. `changes`: id → changes."""
    at = now or clock.now()
    if rows := [_entry(actor, action, kind, subject_id, of_one, at) for subject_id, of_one in changes.items()]:
        db.session.execute(insert(AuditEntry), rows)


def _entry(
    actor: Actor,
    action: str,
    kind: str,
    subject_id: object,
    changes: Mapping[str, tuple[Any, Any]] | None,
    at: datetime,
) -> dict[str, Any]:
    return {
        "at": at,
        "account_id": actor.account_id,
        "actor_name": actor.name,
        "action": action,
        "subject_kind": kind,
        "subject_id": str(subject_id),
        "changes": {field: [_plain(old), _plain(new)] for field, (old, new) in (changes or {}).items()},
    }


def of_account(account_id: int) -> Sequence[AuditEntry]:
    """What an account has done, the oldest first."""
    return db.session.scalars(
        select(AuditEntry).where(AuditEntry.account_id == account_id).order_by(AuditEntry.id)
    ).all()


def erase(account_id: int) -> None:
    """Take a person's name out of the trace: what they did stays, under the account's number."""
    db.session.execute(update(AuditEntry).where(AuditEntry.account_id == account_id).values(actor_name=""))
    about = (AuditEntry.subject_kind == "account", AuditEntry.subject_id == str(account_id))
    db.session.execute(update(AuditEntry).where(*about).values(changes={}))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
