"""What the staff ask about hints from readers."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.core import paging
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.corrections.models import Correction


def waiting(page: int) -> Part:
    """What nobody has answered, the oldest first."""
    stmt = _with_subject().where(Correction.closed_at.is_(None)).order_by(Correction.created_at, Correction.id)
    return paging.read(stmt, page)


def count_waiting(_actor: Actor) -> int:
    open_ones = select(func.count()).select_from(Correction).where(Correction.closed_at.is_(None))
    return db.session.scalar(open_ones) or 0


def oldest(_actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(Correction.created_at)).where(Correction.closed_at.is_(None)))


def by_id(correction_id: int) -> Correction:
    """One of them; NotFound for one that is not there."""
    found = db.session.scalar(_with_subject().where(Correction.id == correction_id))
    if found is None:
        raise NotFound("correction", correction_id)
    return found


def _with_subject() -> Select[Correction]:
    return select(Correction).options(joinedload(Correction.partner), joinedload(Correction.project))
