"""What the pages of the right of reply ask: what a link opens, and what a municipality was sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db, read
from portal.core.errors import NotFound, Spent
from portal.core.permissions import Actor
from portal.core.tokens import key_of
from portal.municipalities.models import Municipality
from portal.partners.models import ContactPoint, Partner
from portal.partners.permissions import contacts_edited_by
from portal.partners.queries import is_municipality
from portal.progress.models import Assessment, Dimension, ReplyRequest
from portal.progress.permissions import assessed_by
from portal.progress.reply.operations import PURPOSE


def by_token(token: str) -> ReplyRequest:
    """What a mailed link is about, with its cells. `Spent` for one of ours that was never made."""
    number = key_of(PURPOSE, token)
    found = None
    if number is not None:
        asked = selectinload(ReplyRequest.assessments)
        dimension = asked.joinedload(Assessment.dimension)
        found = db.session.scalars(
            select(ReplyRequest)
            .where(ReplyRequest.id == number)
            .options(
                joinedload(ReplyRequest.municipality),
                dimension.joinedload(Dimension.framework),
                dimension.selectinload(Dimension.stages),
                asked.selectinload(Assessment.evidence),
                asked.joinedload(Assessment.dispute),
            )
        ).one_or_none()
    if found is None:
        raise Spent
    found.assessments.sort(key=lambda one: (one.dimension.position, one.id))
    return found


def by_id(request_id: int) -> ReplyRequest:
    """A request with its cells, for the editors."""
    wanted = select(ReplyRequest).where(ReplyRequest.id == request_id)
    loads = (selectinload(ReplyRequest.assessments), joinedload(ReplyRequest.municipality))
    found = db.session.scalars(wanted.options(*loads)).one_or_none()
    if found is None:
        raise NotFound("request", request_id)
    return found


def requests_to(municipality_id: int) -> Sequence[ReplyRequest]:
    """What a municipality was sent, the newest first."""
    mine = select(ReplyRequest).where(ReplyRequest.municipality_id == municipality_id)
    loads = (selectinload(ReplyRequest.assessments), joinedload(ReplyRequest.municipality))
    return db.session.scalars(mine.order_by(ReplyRequest.id.desc()).options(*loads)).all()


def addresses_of(municipality_id: int, actor: Actor) -> Sequence[Any]:
    """Whom to write to at the municipality: its contact points with an address, those who agreed first."""
    here = is_municipality() & (Partner.municipality_id == municipality_id)
    columns = ContactPoint.email, ContactPoint.name, ContactPoint.function_da, ContactPoint.function_en
    statement = (
        select(*columns)
        .join(Partner, ContactPoint.partner_id == Partner.id)
        .where(here, ContactPoint.email != "", contacts_edited_by(actor))
        .order_by(ContactPoint.consent_given_at.is_(None), ContactPoint.id)
    )
    return read(statement).all()


def waiting_for(actor: Actor) -> Sequence[Any]:
    """The open requests to municipalities that the actor acts for: id, answer_by, sent_at, name_da, name_en."""
    if not actor.partner_ids:
        return ()
    mine = select(Partner.municipality_id).where(assessed_by(actor))
    columns = ReplyRequest.id, ReplyRequest.answer_by, ReplyRequest.sent_at, Municipality.name_da, Municipality.name_en
    statement = select(*columns).join(Municipality, ReplyRequest.municipality_id == Municipality.id)
    return read(statement.where(ReplyRequest.closed_at.is_(None), Municipality.id.in_(mine))).all()
