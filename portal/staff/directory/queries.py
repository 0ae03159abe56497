"""What the curators' pages ask about the directory: every partner in every state, and what waits in it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.accounts.models import Account, AskState, JoinRequest, Membership, MembershipRole
from portal.core import clock, listing, paging
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.freshness import GOOD_FOR, needs_confirmation
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.partners.labels import countries
from portal.partners.models import (
    PUBLIC_STATES,
    ChangeState,
    ContactPoint,
    Partner,
    PartnerChange,
    PartnerState,
    PartnerType,
)
from portal.partners.permissions import seen_by
from portal.partners.queries import ROW, alphabetical
from portal.projects.models import Project, State, Update, Visibility

SILENT = (timedelta(days=90), timedelta(days=180))
GOING_ON = (State.APPROVED, State.RUNNING)
NAMED = ROW[:6]


def plan() -> ListingPlan:
    """The directory as its curators see it."""
    return ListingPlan(
        key=Partner.id,
        facets=(
            Facet("state", _l("State"), select(Partner.id, Partner.state), lambda v: labels_of(PartnerState, v)),
            Facet("type", _l("Type"), select(Partner.id, Partner.type), lambda v: labels_of(PartnerType, v)),
            Facet("country", _l("Country"), select(Partner.id, Partner.country), countries),
        ),
        orders=(
            Order("name", _l("Name"), (alphabetical(),)),
            Order("newest", _l("Newest"), (Partner.created_at.desc(),)),
        ),
        extra=("q",),
    )


def listing_of(choice: Choice, actor: Actor, path: str) -> Listing:
    words = choice.extra.get("q", "")
    return listing.show(plan(), choice, _rows(), seen_by(actor) & _says(words), path, actor, within=words)


def all_of(choice: Choice, actor: Actor) -> Sequence[Any]:
    """Every partner as chosen, for exports."""
    admitted = listing.condition(plan(), choice, seen_by(actor) & _says(choice.extra.get("q", "")))
    return db.session.execute(_rows().where(admitted).order_by(*listing.order_of(plan(), choice))).all()


def _says(words: str) -> ColumnElement[bool]:
    """Partners one of whose names, number, website or address holds each of the words."""
    where = (
        Partner.name,
        Partner.name_da,
        Partner.name_en,
        Partner.acronym,
        Partner.cvr,
        Partner.website,
        Partner.slug,
    )
    return and_(true(), *(or_(*(one.icontains(word, autoescape=True) for one in where)) for word in words.split()[:10]))


def consents(ids: Collection[int]) -> dict[int, list[ContactPoint]]:
    """Partner → everybody to call, agreed to or not; whoever has withdrawn is told to nobody."""
    found: dict[int, list[ContactPoint]] = {partner_id: [] for partner_id in ids}
    theirs = (ContactPoint.partner_id.in_(ids), ContactPoint.consent_withdrawn_at.is_(None))
    for point in db.session.scalars(select(ContactPoint).where(*theirs).order_by(ContactPoint.id)):
        found[point.partner_id].append(point)
    return found


def _rows() -> Any:
    return (
        select(*ROW, Partner.state, Partner.cvr, Partner.confirmed_at, Partner.created_at)
        .select_from(Partner)
        .outerjoin(Municipality, Partner.municipality_id == Municipality.id)
    )


def by_slug(slug: str) -> Partner:
    """A partner to decide on, in whatever state, but not one that was merged away."""
    found = None
    if "\x00" not in slug:
        found = db.session.scalar(
            select(Partner)
            .where(Partner.slug == slug, Partner.merged_into_id.is_(None))
            .options(joinedload(Partner.municipality), selectinload(Partner.themes), selectinload(Partner.other_names))
        )
    if found is None:
        raise NotFound("partner", slug)
    return found


def stays_for(slug: str) -> str:
    """The slug of the partner that this one was merged into; empty for one that was not."""
    stays = aliased(Partner)
    merged = select(stays.slug).join(Partner, Partner.merged_into_id == stays.id)
    return "" if "\x00" in slug else db.session.scalar(merged.where(Partner.slug == slug)) or ""


def history(partner: Partner, limit: int) -> Sequence[AuditEntry]:
    """What was last done to its profile and its place in the directory, the newest first; for its curators."""
    about = (AuditEntry.subject_kind == "partner", AuditEntry.subject_id == str(partner.id))
    entries = select(AuditEntry).where(*about, AuditEntry.action.startswith("partner."))
    return db.session.scalars(entries.order_by(AuditEntry.id.desc()).limit(limit)).all()


def compared(partner: Partner) -> AuditEntry | None:
    """When its CVR number as it stands was last compared with the register, and by whom."""
    about = (AuditEntry.subject_kind == "partner", AuditEntry.subject_id == str(partner.id))
    noted = select(AuditEntry).where(*about, AuditEntry.action == "partner.cvr_verified").order_by(AuditEntry.id.desc())
    entry = db.session.scalar(noted.limit(1))
    return entry if entry and partner.cvr and entry.changes["cvr"][1] == partner.cvr else None


def _suggested() -> ColumnElement[bool]:
    return (Partner.state == PartnerState.SUGGESTED) & Partner.merged_into_id.is_(None)


def applications(page: int) -> Part:
    """What asks to be taken in, the oldest first."""
    return paging.read(select(Partner).where(_suggested()).order_by(Partner.created_at, Partner.id), page)


def applicants(ids: Collection[int]) -> dict[int, list[str]]:
    """Partner → who applied for it, and where they can be written to."""
    found: dict[int, list[str]] = {partner_id: [] for partner_id in ids}
    people = select(Membership.partner_id, Account.name, Account.email).join(
        Account, Account.id == Membership.account_id
    )
    for partner_id, name, email in db.session.execute(
        people.where(Membership.partner_id.in_(ids)).order_by(Account.id)
    ):
        found[partner_id].append(f"{name} ({email})" if email else name)
    return found


def count_applications(_actor: Actor) -> int:
    return _count(Partner, _suggested())


def oldest_application(_actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(Partner.created_at)).where(_suggested()))


def changes(page: int) -> Part:
    """Changes to reviewed fields that wait, the oldest first."""
    waiting = select(PartnerChange).where(PartnerChange.state == ChangeState.PENDING)
    oldest_first = waiting.order_by(PartnerChange.created_at, PartnerChange.id)
    return paging.read(oldest_first.options(joinedload(PartnerChange.partner)), page)


def change(change_id: int) -> PartnerChange:
    """One of them; NotFound for one that is not there."""
    with_partner = select(PartnerChange).options(joinedload(PartnerChange.partner))
    found = db.session.scalar(with_partner.where(PartnerChange.id == change_id))
    if found is None:
        raise NotFound("partner_change", change_id)
    return found


def count_changes(_actor: Actor) -> int:
    return _count(PartnerChange, PartnerChange.state == ChangeState.PENDING)


def oldest_change(_actor: Actor) -> datetime | None:
    pending = PartnerChange.state == ChangeState.PENDING
    return db.session.scalar(select(func.min(PartnerChange.created_at)).where(pending))


def _needs_confirmation(now: datetime) -> ColumnElement[bool]:
    return Partner.state.in_(PUBLIC_STATES) & Partner.merged_into_id.is_(None) & needs_confirmation(Partner, now)


def unconfirmed(now: datetime, page: int) -> Part:
    """Profiles whose confirmation is due, the longest overdue first, with whether somebody can be asked."""
    admins = Membership.partner_id == Partner.id, Membership.role == MembershipRole.ADMIN
    can_ask = select(literal(1)).where(*admins).correlate(Partner).exists().label("can_ask")
    due = (
        select(*NAMED, Partner.confirmed_at, Partner.confirmation_asked_at, Partner.created_at, can_ask)
        .where(_needs_confirmation(now))
        .order_by(func.coalesce(Partner.confirmed_at, Partner.created_at), Partner.id)
    )
    return paging.read(due, page)


def count_unconfirmed(_actor: Actor) -> int:
    return _count(Partner, _needs_confirmation(clock.now()))


def oldest_unconfirmed(_actor: Actor) -> datetime | None:
    """Since when the longest overdue one holds no more."""
    said = select(func.min(func.coalesce(Partner.confirmed_at, Partner.created_at)))
    oldest = db.session.scalar(said.where(_needs_confirmation(clock.now())))
    return oldest + GOOD_FOR if oldest else None


def _project_needs_confirmation(now: datetime) -> ColumnElement[bool]:
    return (Project.visibility == Visibility.PUBLIC) & needs_confirmation(Project, now)


def unconfirmed_projects(now: datetime, page: int) -> Part:
    """Public projects whose confirmation is due, the longest overdue first."""
    columns = (Project.id, Project.slug, Project.title_da, Project.title_en, Project.state)
    due = select(*columns, Project.confirmed_at, Project.confirmation_asked_at)
    oldest_first = due.order_by(func.coalesce(Project.confirmed_at, Project.created_at), Project.id)
    return paging.read(oldest_first.where(_project_needs_confirmation(now)), page)


def count_unconfirmed_projects(_actor: Actor) -> int:
    return _count(Project, _project_needs_confirmation(clock.now()))


def oldest_unconfirmed_project(_actor: Actor) -> datetime | None:
    said = select(func.min(func.coalesce(Project.confirmed_at, Project.created_at)))
    oldest = db.session.scalar(said.where(_project_needs_confirmation(clock.now())))
    return oldest + GOOD_FOR if oldest else None


def _unanswered() -> ColumnElement[bool]:
    there = select(Partner.id).where(Partner.state != PartnerState.LEFT, Partner.merged_into_id.is_(None))
    has_not_answered = ContactPoint.consent_given_at.is_(None) & ContactPoint.consent_withdrawn_at.is_(None)
    return has_not_answered & ContactPoint.partner_id.in_(there)


def without_consent(page: int) -> Part:
    """Contact points whose person has not answered, those first that were never asked."""
    stmt = (
        select(
            ContactPoint.id,
            ContactPoint.name,
            ContactPoint.function_da,
            ContactPoint.function_en,
            ContactPoint.email,
            ContactPoint.consent_asked_at,
            Partner.slug,
            Partner.name.label("partner_name"),
        )
        .join(Partner, Partner.id == ContactPoint.partner_id)
        .where(_unanswered())
        .order_by(ContactPoint.consent_asked_at.is_not(None), ContactPoint.consent_asked_at, ContactPoint.id)
    )
    return paging.read(stmt, page)


def count_without_consent(_actor: Actor) -> int:
    return _count(ContactPoint, _unanswered())


def oldest_without_consent(_actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(ContactPoint.consent_asked_at)).where(_unanswered()))


def _one_language() -> ColumnElement[bool]:
    missing = or_(Partner.description_da == "", Partner.description_en == "")
    return Partner.state.in_(PUBLIC_STATES) & Partner.merged_into_id.is_(None) & missing


def undescribed(page: int) -> Part:
    """Public profiles without a description in a language; those that have the other one come first."""
    has_none = (Partner.description_da == "") & (Partner.description_en == "")
    stmt = select(*NAMED, Partner.description_da, Partner.description_en).where(_one_language())
    return paging.read(stmt.order_by(has_none, alphabetical(), Partner.id), page)


def count_undescribed(_actor: Actor) -> int:
    return _count(Partner, _one_language())


def oldest_undescribed(_actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(Partner.created_at)).where(_one_language()))


def _is_silent(before: datetime) -> ColumnElement[bool]:
    """A public project under way of which nobody has said, edited or confirmed anything since."""
    spoke = select(literal(1)).where(
        Update.project_id == Project.id, Update.withdrawn_at.is_(None), Update.dated >= before.date()
    )
    quiet = Project.created_at < before
    for moment in (Project.confirmed_at, Project.revised_da_at, Project.revised_en_at):
        quiet &= or_(moment.is_(None), moment < before)
    under_way = Project.state.in_(GOING_ON) & (Project.visibility == Visibility.PUBLIC)
    return under_way & quiet & ~spoke.correlate(Project).exists()


def silent(now: datetime, page: int) -> Part:
    """Projects gone silent for 90 days or more, the longest silent first; `for_long` from 180 days on."""
    spoke = _spoke()
    for_long = _is_silent(now - SILENT[1]).label("for_long")
    columns = (Project.id, Project.slug, Project.title_da, Project.title_en, Project.state, for_long)
    stmt = select(*columns, spoke.label("spoke")).where(_is_silent(now - SILENT[0])).order_by(spoke, Project.id)
    return paging.read(stmt, page)


def count_silent(_actor: Actor) -> int:
    return _count(Project, _is_silent(clock.now() - SILENT[0]))


def silent_since(_actor: Actor) -> datetime | None:
    """Since when the first of them has been called silent."""
    oldest = db.session.scalar(select(func.min(_spoke())).where(_is_silent(clock.now() - SILENT[0])))
    return oldest + SILENT[0] if oldest else None


def _spoke() -> Any:
    """When somebody last said something of a project."""
    return reduce(_later, (Project.confirmed_at, Project.revised_da_at, Project.revised_en_at, Project.created_at))


def _later(one: Any, other: Any) -> Any:
    """The later of two times, of which one may be missing."""
    return case((one.is_(None), other), (other.is_(None), one), (one >= other, one), else_=other)


def _orphaned() -> ColumnElement[bool]:
    admins = Membership.partner_id == JoinRequest.partner_id, Membership.role == MembershipRole.ADMIN
    has_admin = select(literal(1)).where(*admins).correlate(JoinRequest).exists()
    return (JoinRequest.state == AskState.PENDING) & ~has_admin


def join_requests(page: int) -> Part:
    """Who asks to act for a partner that has no admin to answer, the oldest first."""
    stmt = select(JoinRequest).where(_orphaned()).order_by(JoinRequest.created_at, JoinRequest.id)
    return paging.read(stmt.options(joinedload(JoinRequest.account), joinedload(JoinRequest.partner)), page)


def count_join_requests(_actor: Actor) -> int:
    return _count(JoinRequest, _orphaned())


def oldest_join_request(_actor: Actor) -> datetime | None:
    return db.session.scalar(select(func.min(JoinRequest.created_at)).where(_orphaned()))


def _count(model: Any, condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(condition)) or 0
