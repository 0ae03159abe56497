"""What the rooms of those who judge ask: every cell of every municipality, and one assessment with all it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock
from portal.core.db import LARGEST_ID, db, read
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.progress.models import Assessment, Basis, Dimension, Dispute, Framework, ReplyRequest, State
from portal.progress.permissions import assessed_by, seen_by
from portal.progress.queries import LATEST, dimensions_on

UNDER_WAY = (State.DRAFT, State.SENT, State.CONFIRMED, State.DISPUTED, State.NO_REPLY)


@dataclass
class Box:
    """A municipality in a dimension as the editors see it: what holds, and what is on its way."""

    municipality: Any
    dimension: Dimension
    now: Any = None
    coming: list[Any] = field(default_factory=list)

    def is_old(self, today: date) -> bool:
        """What holds rests on something that was so longer ago than it counts."""
        return self.now is not None and self.now.valid_until is not None and self.now.valid_until < today

    def is_disputed(self) -> bool:
        """The municipality says otherwise, and nobody has answered."""
        return any(one.dispute_id and not one.noted_at for one in (*self.coming, *filter(None, [self.now])))

    def shows(self, what: str, today: date) -> bool:
        """Whether it is of a kind that a list is filtered by."""
        if what == "unknown":
            return self.now is None or self.now.stage is None
        if what == "known":
            return self.now is not None and self.now.stage is not None
        if what == "old":
            return self.is_old(today)
        if what == State.DISPUTED:
            return self.is_disputed()
        if what == "returned":
            return any(one.bounced_at for one in (*self.coming, *filter(None, [self.now])))
        if what == "own":
            return self.now is not None and self.now.basis == Basis.SELF
        return any(one.state == what for one in self.coming)


def boxes(today: date, municipality: str = "", dimension: str = "", what: str = "") -> list[Box]:
    """The cells of all municipalities in the framework in force, filtered."""
    dimensions = dimensions_on(today)
    columns = Municipality.id, Municipality.slug, Municipality.name_da, Municipality.name_en
    places = read(select(*columns).order_by(Municipality.sort_key)).all()
    found = {(place.id, one.id): Box(place, one) for place in places for one in dimensions}
    about = (
        Assessment.id,
        Assessment.municipality_id,
        Assessment.dimension_id,
        Assessment.stage,
        Assessment.state,
        Assessment.basis,
        Assessment.valid_until,
        Assessment.assessed_on,
        Assessment.reply,
        Dispute.id.label("dispute_id"),
        Dispute.noted_at,
        ReplyRequest.bounced_at,
    )
    current = Assessment.dimension_id.in_([one.id for one in dimensions]), Assessment.state != State.SUPERSEDED
    # What a municipality has begun and not handed in is its own business yet.
    begun = (Assessment.basis == Basis.SELF) & (Assessment.state == State.DRAFT)
    asked = (ReplyRequest.id == Assessment.request_id) & ReplyRequest.closed_at.is_(None)
    statement = (
        select(*about)
        .outerjoin(Dispute, Dispute.assessment_id == Assessment.id)
        .outerjoin(ReplyRequest, asked)
        .where(*current, ~begun)
    )
    for row in read(statement.order_by(Assessment.id)):
        box = found[row.municipality_id, row.dimension_id]
        if row.state == State.PUBLISHED:
            box.now = row
        else:
            box.coming.append(row)
    return [
        box
        for box in found.values()
        if municipality in ("", box.municipality.slug)
        and dimension in ("", box.dimension.slug)
        and (not what or box.shows(what, today))
    ]


def by_id(assessment_id: int, actor: Actor) -> Assessment:
    """An assessment with all it holds, if the actor may see it."""
    found = None
    if 0 < assessment_id <= LARGEST_ID:
        wanted = select(Assessment).where(Assessment.id == assessment_id, seen_by(actor))
        found = db.session.scalars(wanted.options(*_loads())).one_or_none()
    if found is None:
        raise NotFound("assessment", assessment_id)
    return found


def of_municipality(municipality_id: int, today: date, actor: Actor) -> Sequence[Assessment]:
    """What holds and what is on its way in the framework in force, for those who may see it; in order."""
    dimensions = [one.id for one in dimensions_on(today)]
    wanted = (
        Assessment.municipality_id == municipality_id,
        Assessment.dimension_id.in_(dimensions),
        Assessment.state != State.SUPERSEDED,
        seen_by(actor),
    )
    statement = select(Assessment).join(Assessment.dimension).where(*wanted).options(*_loads())
    return db.session.scalars(statement.order_by(Dimension.position, Assessment.id)).all()


def _loads() -> tuple[Any, ...]:
    dimension = joinedload(Assessment.dimension)
    return (
        joinedload(Assessment.municipality),
        dimension.joinedload(Dimension.framework),
        dimension.selectinload(Dimension.stages),
        selectinload(Assessment.evidence),
        joinedload(Assessment.dispute),
        joinedload(Assessment.request),
    )


def dimension_in_force(slug: str, today: date) -> Dimension:
    """A dimension of the framework in force, with its stages."""
    found = next((one for one in dimensions_on(today) if one.slug == slug), None)
    if found is None:
        raise NotFound("dimension", slug)
    return found


def own_partner(municipality_id: int, actor: Actor) -> Partner:
    """The municipality's own profile, if the actor acts for it."""
    mine = select(Partner).where(Partner.municipality_id == municipality_id, assessed_by(actor))
    found = db.session.scalars(mine.order_by(Partner.id)).first()
    if found is None:
        raise NotFound("partner", municipality_id)
    return found


def own_places(actor: Actor) -> Sequence[Any]:
    """The municipalities that the actor may judge from within: slug, name_da, name_en."""
    if not actor.partner_ids:
        return ()
    columns = Municipality.slug, Municipality.name_da, Municipality.name_en
    mine = select(*columns).join(Partner, Partner.municipality_id == Municipality.id).where(assessed_by(actor))
    return read(mine.distinct().order_by(Municipality.slug)).all()


# Queues of the desk. What waits under an older version waits no more: nobody reads it as what holds.


def _in_force() -> ColumnElement[bool]:
    latest = select(Framework.id).where(Framework.valid_from <= clock.today()).order_by(*LATEST).limit(1)
    return Assessment.dimension_id.in_(select(Dimension.id).where(Dimension.framework_id == latest.scalar_subquery()))


def _disputed() -> ColumnElement[bool]:
    unanswered = select(Dispute.assessment_id).where(Dispute.noted_at.is_(None))
    return Assessment.id.in_(unanswered) & Assessment.state.in_((State.DISPUTED, State.PUBLISHED)) & _in_force()


def _unanswered() -> ColumnElement[bool]:
    return (Assessment.state == State.NO_REPLY) & _in_force()


def _old() -> ColumnElement[bool]:
    return (Assessment.state == State.PUBLISHED) & (Assessment.valid_until < clock.today()) & _in_force()


def _own() -> ColumnElement[bool]:
    return (Assessment.state == State.PUBLISHED) & (Assessment.basis == Basis.SELF) & _in_force()


def _count(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Assessment).where(which)) or 0


def _oldest(which: ColumnElement[bool]) -> datetime | None:
    return db.session.scalar(select(func.min(Assessment.replied_at)).where(which))


def count_disputed(_actor: Actor) -> int:
    return _count(_disputed())


def oldest_disputed(_actor: Actor) -> datetime | None:
    return _oldest(_disputed())


def count_unanswered(_actor: Actor) -> int:
    return _count(_unanswered())


def count_returned(_actor: Actor) -> int:
    """How many mails to municipalities came back and have not been sent anew."""
    returned = (ReplyRequest.bounced_at.is_not(None), ReplyRequest.closed_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(ReplyRequest).where(*returned)) or 0


def count_old(_actor: Actor) -> int:
    return _count(_old())


def count_own(_actor: Actor) -> int:
    return _count(_own())


def oldest_own(_actor: Actor) -> datetime | None:
    return _oldest(_own())
