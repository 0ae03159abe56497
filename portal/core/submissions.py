"""Forms that were taken, by the random key each carries: so that none is taken twice."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, db

KEPT_FOR = timedelta(days=2)


class Submission(Model):
    """A form that was taken: the address that its sender was shown, and a digest of what was sent."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str]
    content: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(index=True)


def place_of(key: str) -> str | None:
    """Where the form with this key led; nothing when it has not been taken."""
    return db.session.scalar(select(Submission.place).where(Submission.key == key)) if key else None


def taken(key: str) -> Submission | None:
    """The form with this key, if it was taken."""
    return db.session.scalar(select(Submission).where(Submission.key == key)) if key else None


def remember(key: str, place: str, content: str = "") -> None:
    """Note in the running transaction that the form is taken. IntegrityError when another one is just doing so."""
    if not key:
        return
    known = db.session.get(Submission, key)
    if known is None:
        db.session.add(Submission(key=key, place=place, content=content, at=clock.now()))
    else:
        known.place = place
    db.session.flush()


def sweep(now: datetime) -> None:
    """Forget the keys of forms that nobody will send again."""
    db.session.execute(delete(Submission).where(Submission.at < now - KEPT_FOR))
