"""Who sees a webinar and who works on it, as questions and as SQL. An embargo is decided by time, at reading."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from portal.core import clock
from portal.core.db import Moment, any_of
from portal.core.permissions import Actor, Role, rule
from portal.webinars.models import State, Webinar, WebinarPartner

READERS = (Role.EDITOR, Role.CURATOR)
OUT = (State.ANNOUNCED, State.OPEN, State.RECORDED, State.CANCELLED, State.POSTPONED)
"""States the public may know of: a cancelled webinar stays visible and says so."""

DELETABLE = (State.DRAFT, State.REFUSED)
"""States that a webinar never comes back to once readers have seen it."""

CLOSED = (State.REFUSED, State.WITHDRAWN)
"""States in which the text stays as it is."""


@rule("webinar.see")
def may_see(actor: Actor, webinar: Webinar, now: datetime | None = None) -> bool:
    return is_public(webinar, now or clock.now()) or may_look_inside(actor, webinar)


def seen_by(actor: Actor, now: Moment | None = None) -> ColumnElement[bool]:
    """`webinar.see`, said in SQL."""
    if actor.has(*READERS):
        return true()
    return or_(_public(clock.now() if now is None else now), looked_inside_by(actor))


@rule("webinar.look_inside")
def may_look_inside(actor: Actor, webinar: Webinar) -> bool:
    """Read it whatever its state: who wrote it, admins of the partners that hold it, staff."""
    if actor.has(*READERS) or _is_own(actor, webinar):
        return True
    return _is_held_by_admin(actor, webinar)


def looked_inside_by(actor: Actor) -> ColumnElement[bool]:
    """`webinar.look_inside`, said in SQL."""
    if actor.has(*READERS):
        return true()
    admitted: list[ColumnElement[bool]] = []
    if actor.account_id is not None:
        admitted.append(Webinar.created_by_id == actor.account_id)
    if actor.admin_of:
        admitted.append(_held_by(actor.admin_of))
    return or_(*admitted) if admitted else false()


@rule("webinar.create")
def may_create(actor: Actor, _nothing: object) -> bool:
    """Editors, and whoever acts for a partner. It concerns no single thing, so it has no twin."""
    return actor.has(Role.EDITOR) or bool(actor.partner_ids)


@rule("webinar.edit")
def may_edit(actor: Actor, webinar: Webinar) -> bool:
    """Editors; members their own drafts, until they hand them in."""
    if actor.has(Role.EDITOR):
        return webinar.state not in CLOSED
    return webinar.state is State.DRAFT and _writes_for_host(actor, webinar)


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`webinar.edit`, said in SQL."""
    if actor.has(Role.EDITOR):
        return Webinar.state.not_in(CLOSED)
    if actor.account_id is None or not actor.partner_ids:
        return false()
    own = and_(Webinar.created_by_id == actor.account_id, _held_by(actor.partner_ids))
    return and_(own, Webinar.state == State.DRAFT)


@rule("webinar.delete")
def may_delete(actor: Actor, webinar: Webinar) -> bool:
    return webinar.state in DELETABLE and (actor.has(Role.EDITOR) or _writes_for_host(actor, webinar))


@rule("webinar.submit")
def may_submit(actor: Actor, webinar: Webinar) -> bool:
    return webinar.state is State.DRAFT and _writes_for_host(actor, webinar)


@rule("webinar.take_back")
def may_take_back(actor: Actor, webinar: Webinar) -> bool:
    return webinar.state is State.SUBMITTED and _is_own(actor, webinar)


@rule("webinar.publish")
def may_publish(actor: Actor, _webinar: Webinar | None) -> bool:
    """Decide about it: take, return, refuse, announce, call off, withdraw; and put its recording on the page."""
    return actor.has(Role.EDITOR)


@rule("webinar.record")
def may_record(actor: Actor, webinar: Webinar) -> bool:
    """Write what belongs to its recording: editors, and the administrators of a partner that holds it, once it is out.

    Whether readers see the recording is decided by `webinar.publish`.
    """
    if actor.has(Role.EDITOR):
        return webinar.state not in CLOSED
    return webinar.state in OUT and _is_held_by_admin(actor, webinar)


def recorded_by(actor: Actor) -> ColumnElement[bool]:
    """`webinar.record`, said in SQL."""
    if actor.has(Role.EDITOR):
        return Webinar.state.not_in(CLOSED)
    return and_(_held_by(actor.admin_of), any_of(Webinar.state, OUT)) if actor.admin_of else false()


@rule("webinar.discuss")
def may_discuss(actor: Actor, webinar: Webinar) -> bool:
    """Read and write comments on the draft: staff, and whoever wrote it."""
    return actor.has(*READERS) or _is_own(actor, webinar)


@rule("webinar.share")
def may_share(actor: Actor, webinar: Webinar) -> bool:
    """Show the draft to somebody without an account, as long as it is one."""
    return actor.has(Role.EDITOR) and webinar.state not in CLOSED and not is_public(webinar, clock.now())


def _is_held_by_admin(actor: Actor, webinar: Webinar) -> bool:
    return any(tie.is_host and tie.partner_id in actor.admin_of for tie in webinar.partners)


def _is_own(actor: Actor, webinar: Webinar) -> bool:
    return actor.account_id is not None and webinar.created_by_id == actor.account_id


def _writes_for_host(actor: Actor, webinar: Webinar) -> bool:
    is_host = any(tie.is_host and tie.partner_id in actor.partner_ids for tie in webinar.partners)
    return is_host and _is_own(actor, webinar)


def _held_by(partner_ids: frozenset[int]) -> ColumnElement[bool]:
    held = WebinarPartner.is_host, WebinarPartner.partner_id.in_(partner_ids)
    return Webinar.id.in_(select(WebinarPartner.webinar_id).where(*held))


def is_public(webinar: Webinar, now: datetime) -> bool:
    """Whether everybody may know of it at that moment."""
    return webinar.state in OUT and (webinar.publish_at is None or webinar.publish_at <= now)


def was_public(webinar: Webinar, now: datetime) -> bool:
    """Whether it was out once and has been withdrawn: its address then says so."""
    return webinar.state is State.WITHDRAWN and (webinar.publish_at is None or webinar.publish_at <= now)


def _public(now: Moment) -> ColumnElement[bool]:
    """`is_public`, said in SQL."""
    return and_(any_of(Webinar.state, OUT), or_(Webinar.publish_at.is_(None), Webinar.publish_at <= now))
