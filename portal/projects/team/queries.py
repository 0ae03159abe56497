"""What the pages ask about a project's people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account, AskState, Membership
from portal.core.db import db
from portal.core.errors import NotFound, Spent
from portal.core.permissions import Actor
from portal.core.tokens import digest_of
from portal.partners.queries import called
from portal.projects.models import Participation, Project, TeamMember
from portal.projects.team.models import UNANSWERED, ProjectInvitation

WITH_PEOPLE = (
    selectinload(Project.team)
    .joinedload(TeamMember.account)
    .selectinload(Account.memberships)
    .joinedload(Membership.partner),
    selectinload(Project.participations).joinedload(Participation.partner),
)

WHOLE = joinedload(ProjectInvitation.project).options(
    selectinload(Project.team), selectinload(Project.participations).joinedload(Participation.partner)
)


def candidates(project: Project) -> list[tuple[int, str]]:
    """(id, name and partner) of the people of the partners that take part who are not in the team yet."""
    here = [one.partner_id for one in project.participations if one.left_at is None]
    in_team = [one.account_id for one in project.team]
    statement = (
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.partner_id.in_(here),
            Membership.account_id.not_in(in_team),
            Account.suspended_at.is_(None),
            Account.erased_at.is_(None),
        )
        .options(joinedload(Membership.account), joinedload(Membership.partner))
        .order_by(Account.name, Account.id)
    )
    found = {one.account_id: f"{one.account.name} · {called(one.partner)}" for one in db.session.scalars(statement)}
    return list(found.items())


def unanswered(project_id: int) -> Sequence[ProjectInvitation]:
    """The people from outside who have not answered, not yet or not in time, the first asked first."""
    mine = ProjectInvitation.project_id == project_id, ProjectInvitation.state.in_(UNANSWERED)
    known = ProjectInvitation.email != ""
    return db.session.scalars(select(ProjectInvitation).where(*mine, known).order_by(ProjectInvitation.id)).all()


def by_token(token: str, now: datetime) -> ProjectInvitation:
    """The open question that a mailed link stands for. `Spent` for every other link, and nobody learns why."""
    known = ProjectInvitation.token_hash == digest_of(token), ProjectInvitation.state == AskState.PENDING
    statement = select(ProjectInvitation).where(*known, ProjectInvitation.expires_at > now)
    found = db.session.scalar(statement.options(WHOLE))
    if found is None:
        raise Spent
    return found


def invitations_to(actor: Actor, now: datetime) -> Sequence[ProjectInvitation]:
    """The projects offered to the address that the actor has proven, the oldest first."""
    statement = select(ProjectInvitation).where(*_open_to(actor, now)).order_by(ProjectInvitation.id)
    return db.session.scalars(statement.options(joinedload(ProjectInvitation.project))).all()


def invitation_to(actor: Actor, invitation_id: int, now: datetime) -> ProjectInvitation:
    """One of them. An answer takes the address out, so that one which has ended is not there, as another's."""
    statement = select(ProjectInvitation).where(ProjectInvitation.id == invitation_id, *_open_to(actor, now))
    found = db.session.scalar(statement.options(WHOLE))
    if found is None:
        raise NotFound("project invitation", invitation_id)
    return found


def _open_to(actor: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    proven = select(Account.email).where(Account.id == actor.account_id, Account.email_verified_at.is_not(None))
    return (
        ProjectInvitation.email == proven.scalar_subquery(),
        ProjectInvitation.state == AskState.PENDING,
        ProjectInvitation.expires_at > now,
    )


def account(account_id: int | None) -> Account | None:
    return db.session.get(Account, account_id) if account_id else None


def partners_of(member: TeamMember, project: Project) -> str:
    """For whom somebody is in the team: their partners that take part; empty for people from outside."""
    here = {one.partner_id for one in project.participations if one.left_at is None}
    return ", ".join(called(one.partner) for one in member.account.memberships if one.partner_id in here)
