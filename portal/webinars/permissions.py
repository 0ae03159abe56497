"""Who sees a webinar, as a question and as SQL. An embargo is decided by time, at reading."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from portal.core import clock
from portal.core.db import Moment, any_of
from portal.core.permissions import Actor, Role, rule
from portal.webinars.models import State, Webinar, WebinarPartner

READERS = (Role.EDITOR, Role.CURATOR)
OUT = (State.ANNOUNCED, State.OPEN, State.RECORDED, State.CANCELLED, State.POSTPONED)
"""States the public may know of: a cancelled webinar stays visible and says so."""


@rule("webinar.see")
def may_see(actor: Actor, webinar: Webinar, now: datetime | None = None) -> bool:
    if actor.has(*READERS):
        return True
    if is_public(webinar, now or clock.now()):
        return True
    return any(tie.is_host and tie.partner_id in actor.admin_of for tie in webinar.partners)


def seen_by(actor: Actor, now: Moment | None = None) -> ColumnElement[bool]:
    """`webinar.see`, said in SQL."""
    if actor.has(*READERS):
        return true()
    hosted = select(WebinarPartner.webinar_id).where(
        WebinarPartner.is_host, WebinarPartner.partner_id.in_(actor.admin_of)
    )
    return or_(_public(clock.now() if now is None else now), Webinar.id.in_(hosted) if actor.admin_of else false())


def is_public(webinar: Webinar, now: datetime) -> bool:
    """Whether everybody may know of it at that moment."""
    return webinar.state in OUT and (webinar.publish_at is None or webinar.publish_at <= now)


def was_public(webinar: Webinar, now: datetime) -> bool:
    """Whether it was out once and has been withdrawn: its address then says so."""
    return webinar.state is State.WITHDRAWN and (webinar.publish_at is None or webinar.publish_at <= now)


def _public(now: Moment) -> ColumnElement[bool]:
    """`is_public`, said in SQL."""
    return and_(any_of(Webinar.state, OUT), or_(Webinar.publish_at.is_(None), Webinar.publish_at <= now))
