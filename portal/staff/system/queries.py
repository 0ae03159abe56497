"""What the pages and the measurements ask about mail, the worker and the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, text

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.mail import Mail
from portal.core.permissions import Actor
from portal.search.models import OutboxRow


@dataclass(frozen=True, slots=True)
class MailState:
    waiting: int
    oldest: datetime | None
    failed: int


def mail_state() -> MailState:
    """How much mail waits, since when, and how much was given up."""
    waits = Mail.next_try_at.is_not(None)
    waiting, oldest = db.session.execute(select(func.count(), func.min(Mail.created_at)).where(waits)).one()
    failed = db.session.scalar(select(func.count()).where(Mail.failed_at.is_not(None))) or 0
    return MailState(waiting, oldest, failed)


def troubled_mail(limit: int) -> Sequence[Mail]:
    """Mail that did not go out: given up, or tried in vain so far; the newest first."""
    return db.session.scalars(select(Mail).where(_troubled()).order_by(Mail.id.desc()).limit(limit)).all()


def count_troubled_mail(_actor: Actor) -> int:
    return db.session.scalar(select(func.count()).select_from(Mail).where(_troubled())) or 0


def oldest_troubled_mail(_actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(Mail.created_at)).where(_troubled()))


def troubled(mail_id: int) -> Mail:
    found = db.session.scalar(select(Mail).where(Mail.id == mail_id, _troubled()))
    if found is None:
        raise NotFound("mail", mail_id)
    return found


def outbox_oldest() -> datetime | None:
    """Since when the search index has not seen a change; none when it has seen all."""
    return db.session.scalar(select(func.min(OutboxRow.created_at)))


def database_version() -> str:
    """The database in the words of its makers."""
    if db.engine.dialect.name == "sqlite":
        return f"SQLite {db.session.scalar(text('select sqlite_version()'))}"
    return f"PostgreSQL {db.session.scalar(text('show server_version'))}"


def _troubled() -> ColumnElement[bool]:
    return or_(Mail.failed_at.is_not(None), and_(Mail.sent_at.is_(None), Mail.error != ""))
