"""What members and the desk ask about webinars that are being written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from portal.core import paging
from portal.core.db import db, read
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.webinars.models import State, Webinar, WebinarPartner
from portal.webinars.permissions import looked_inside_by
from portal.webinars.queries import NEWEST, ROW


def mine(actor: Actor, page: int) -> Part:
    """A page of what the actor wrote, and, for admins, of what their partners hold; the last changed first."""
    held = WebinarPartner.is_host, WebinarPartner.partner_id.in_(actor.admin_of)
    theirs = or_(
        Webinar.created_by_id == actor.account_id, Webinar.id.in_(select(WebinarPartner.webinar_id).where(*held))
    )
    statement = select(*ROW, Webinar.updated_at).where(theirs, looked_inside_by(actor))
    return paging.read(statement.order_by(Webinar.updated_at.desc(), *NEWEST), page)


def returned(actor: Actor) -> Sequence[Any]:
    """The actor's proposals that were returned to be worked over."""
    waiting = Webinar.created_by_id == actor.account_id, Webinar.state == State.DRAFT, Webinar.answer != ""
    return read(select(*ROW, Webinar.answer, Webinar.updated_at).where(*waiting)).all() if actor.account_id else ()


def count_submitted(_actor: Actor) -> int:
    """How many proposals wait for the desk."""
    return db.session.scalar(select(func.count()).where(Webinar.state == State.SUBMITTED)) or 0


def oldest_submitted(_actor: Actor) -> datetime | None:
    """Since when the oldest proposal waits."""
    return db.session.scalar(select(func.min(Webinar.submitted_at)).where(Webinar.state == State.SUBMITTED))
