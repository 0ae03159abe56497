"""Saying that a project's page is right, and asking those who can say so once a year."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Account, Membership, MembershipRole
from portal.core import audit, freshness, mail
from portal.core.db import db
from portal.core.freshness import Confirmer, needs_confirmation, not_asked_lately
from portal.core.permissions import Actor, Role, require
from portal.partners.models import PUBLIC_STATES, Partner
from portal.projects.models import Participation, Project, TeamMember, TeamRole, Visibility
from portal.projects.models import Role as Part
from portal.search.outbox import touch

KIND = "project"
AT_ONCE = 20
Due = list[tuple[str, int]]


def confirm(project: Project, *, actor: Actor, now: datetime) -> None:
    """Say that the project's page is right as it stands. `project` comes with its team and participations."""
    require(actor, "project.edit", project)
    by = Confirmer.STAFF if actor.has(Role.CURATOR) and not actor.admin_of else Confirmer.OWNER

    audit.record(actor, "project.confirmed", KIND, project.id, {"confirmed_at": (project.confirmed_at, now)}, now=now)
    project.confirm(by, now)
    project.confirmed_partner_id = _in_whose_name(project, actor) if by is Confirmer.OWNER else None
    touch(KIND, project.id)


def _in_whose_name(project: Project, actor: Actor) -> int | None:
    """The partner that the actor acts for in the project, the coordinator before others; none for outsiders."""
    theirs = [one for one in project.participations if one.left_at is None and one.partner_id in actor.partner_ids]
    theirs.sort(key=lambda one: (one.role is not Part.COORDINATOR, one.id))
    return theirs[0].partner_id if theirs else None


def ask_for_confirmations(now: datetime) -> int:
    """Write to everybody whose profile or project is due, one mail each; returns how many.

    What was asked is marked in the same transaction: nobody is asked twice, however often this runs.
    """
    due: dict[int, Due] = defaultdict(list)
    for partner in db.session.scalars(_due_partners(now)):
        partner.confirmation_asked_at = now
        for account_id in _admins_of(partner.id):
            due[account_id].append(("partner", partner.id))
    for project in db.session.scalars(_due_projects(now)):
        project.confirmation_asked_at = now
        for account_id in _managers_of(project.id):
            due[account_id].append((KIND, project.id))
    accounts = db.session.scalars(select(Account).where(Account.id.in_(due), Account.email.is_not(None))).all()
    for account in accounts:
        if account.is_active:
            _ask(account, due[account.id], now)
    db.session.flush()
    return len(accounts)


def _due_partners(now: datetime) -> Any:
    """Public profiles that are due and have somebody to ask: others would stop up the row."""
    has_admin = (
        select(Membership.id)
        .where(Membership.partner_id == Partner.id, Membership.role == MembershipRole.ADMIN)
        .exists()
    )
    is_due = needs_confirmation(Partner, now) & not_asked_lately(Partner, now)
    public = Partner.state.in_(PUBLIC_STATES) & Partner.merged_into_id.is_(None)
    return select(Partner).where(public, is_due, has_admin).order_by(Partner.id).limit(AT_ONCE)


def _due_projects(now: datetime) -> Any:
    is_due = needs_confirmation(Project, now) & not_asked_lately(Project, now)
    has_somebody = Project.id.in_(select(TeamMember.project_id)) | Project.id.in_(
        select(Participation.project_id)
        .join(Membership, Membership.partner_id == Participation.partner_id)
        .where(Participation.role == Part.COORDINATOR, Membership.role == MembershipRole.ADMIN)
    )
    is_public = Project.visibility == Visibility.PUBLIC
    return select(Project).where(is_public, is_due, has_somebody).order_by(Project.id).limit(AT_ONCE)


def _admins_of(partner_id: int) -> set[int]:
    admins = (Membership.partner_id == partner_id, Membership.role == MembershipRole.ADMIN)
    return set(db.session.scalars(select(Membership.account_id).where(*admins)))


def _managers_of(project_id: int) -> set[int]:
    managers = select(TeamMember.account_id).where(
        TeamMember.project_id == project_id, TeamMember.role == TeamRole.MANAGER
    )
    admins = (
        select(Membership.account_id)
        .join(Participation, Participation.partner_id == Membership.partner_id)
        .where(
            Participation.project_id == project_id,
            Participation.role == Part.COORDINATOR,
            Membership.role == MembershipRole.ADMIN,
        )
    )
    return {*db.session.scalars(managers), *db.session.scalars(admins)}


ENDPOINTS = {"partner": "lifecycle_partners.confirm_by_link", KIND: "freshness.confirm_by_link"}


def _ask(account: Account, due: Due, now: datetime) -> None:
    things = [
        (_title(kind, id, account.locale), ENDPOINTS[kind], freshness.new_link(kind, id, account.id, now=now))
        for kind, id in due
    ]
    mail.post(
        account.email or "",
        "confirm",
        kind="confirm",
        language=account.locale,
        name=account.name,
        things=things,
    )


def _title(kind: str, subject_id: int, language: Any) -> str:
    if kind == KIND:
        return str(db.session.get_one(Project, subject_id).text("title", language))
    return db.session.get_one(Partner, subject_id).called(language)
