"""How often somebody may try: counted in the database, so that it holds for every process and after a restart."""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, db
from portal.core.errors import TooMany

log = logging.getLogger(__name__)


class Attempt(Model):
    """One try. Whose it was stands there only as a keyed digest."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("ix_attempt_scope_key_at", "scope", "key", "at"),)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries within `window`, for each key of a scope."""

    scope: str
    most: int
    window: timedelta


LONGEST = timedelta(days=1)


def check(limit: Limit, key: str, *, now: datetime) -> None:
    """Pass silently, or raise `TooMany` with the seconds to wait."""
    mine = (Attempt.scope == limit.scope, Attempt.key == _digest(key), Attempt.at > now - limit.window)
    tries, first = db.session.execute(select(func.count(), func.min(Attempt.at)).where(*mine)).one()
    if tries >= limit.most:
        log.warning("too many tries: %s", limit.scope)
        raise TooMany(max(1, round((first + limit.window - now).total_seconds())))


def note(limit: Limit, key: str, *, now: datetime) -> None:
    """Count a try in the running transaction."""
    db.session.add(Attempt(scope=limit.scope, key=_digest(key), at=now))
    db.session.flush()


def clear(limit: Limit, key: str) -> None:
    """Forget the tries, after one that worked."""
    db.session.execute(delete(Attempt).where(Attempt.scope == limit.scope, Attempt.key == _digest(key)))


def forget(key: str) -> None:
    """Forget every try of somebody, whatever it was."""
    db.session.execute(delete(Attempt).where(Attempt.key == _digest(key)))


def sweep(now: datetime) -> None:
    """Forget tries that count nowhere any more."""
    db.session.execute(delete(Attempt).where(Attempt.at < now - LONGEST))


def _digest(key: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()
