"""Signs that processes leave each other in the database: when the worker was last there, what it is asked to do."""

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, db

WORKER = "worker"
REBUILD = "search_rebuild"


class Sign(Model):
    """A name and the moment it was put up."""

    __tablename__ = "sign"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


def put(name: str, *, now: datetime) -> None:
    """Put a sign up, or a newer one in its place, in the running transaction."""
    sign = db.session.get(Sign, name) or Sign(name=name)
    sign.at = now
    db.session.add(sign)
    db.session.flush()


def seen(name: str) -> datetime | None:
    """When the sign was put up; nothing where there is none."""
    return db.session.scalar(select(Sign.at).where(Sign.name == name))


def take(name: str) -> bool:
    """Take a sign down in the running transaction; whether there was one."""
    done = db.session.execute(delete(Sign).where(Sign.name == name))
    return bool(done.rowcount)  # type: ignore[attr-defined]
