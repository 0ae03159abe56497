"""What the pages ask about partners in projects and the questions between them."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account, Membership, MembershipRole
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.partners import queries as partners
from portal.partners.models import PUBLIC_STATES, Partner
from portal.projects.models import Participation, Project, Role, TeamMember, TeamRole
from portal.projects.partnerships.models import PartnershipProposal, ProposalState
from portal.projects.partnerships.permissions import answered_by, seen_by

WITH_PARTNERS = selectinload(Project.participations).joinedload(Participation.partner)
WHOLE = (
    joinedload(PartnershipProposal.partner),
    joinedload(PartnershipProposal.asked_by),
    joinedload(PartnershipProposal.project).options(WITH_PARTNERS, selectinload(Project.team)),
)


def proposal(proposal_id: int, actor: Actor) -> PartnershipProposal:
    """The question, also before its project may be seen: its title, who asks and what for belong to it."""
    statement = select(PartnershipProposal).where(PartnershipProposal.id == proposal_id, seen_by(actor))
    found = db.session.scalar(statement.options(*WHOLE))
    if found is None:
        raise NotFound("proposal", proposal_id)
    return found


def partner(partner_id: int) -> Partner:
    found = db.session.get(Partner, partner_id)
    if found is None:
        raise NotFound("partner", partner_id)
    return found


def of_project(project_id: int) -> Sequence[PartnershipProposal]:
    """The open questions of a project, oldest first."""
    mine = PartnershipProposal.project_id == project_id, PartnershipProposal.state == ProposalState.PENDING
    statement = select(PartnershipProposal).where(*mine).order_by(PartnershipProposal.id)
    return db.session.scalars(statement.options(*WHOLE)).all()


def waiting_for(actor: Actor) -> Sequence[PartnershipProposal]:
    """The open questions that the actor may answer, oldest first."""
    mine = PartnershipProposal.state == ProposalState.PENDING, answered_by(actor)
    statement = select(PartnershipProposal).where(*mine).order_by(PartnershipProposal.id)
    return db.session.scalars(statement.options(*WHOLE)).all()


def recently_handled(actor: Actor, limit: int = 20) -> Sequence[PartnershipProposal]:
    """Questions that concern the actor's partners and have been answered, newest first."""
    mine = PartnershipProposal.state != ProposalState.PENDING, seen_by(actor)
    statement = select(PartnershipProposal).where(*mine).order_by(PartnershipProposal.handled_at.desc())
    return db.session.scalars(statement.options(*WHOLE).limit(limit)).all()


def invitable(project: Project) -> list[tuple[int, str]]:
    """(id, name) of the published partners that do not take part, in alphabetical order."""
    there = {one.partner_id for one in project.participations if one.left_at is None}
    everybody = select(Partner).where(Partner.state.in_(PUBLIC_STATES)).order_by(Partner.sort_key)
    return [(one.id, partners.called(one)) for one in db.session.scalars(everybody) if one.id not in there]


def administered(actor: Actor, project: Project) -> list[tuple[int, str]]:
    """(id, name) of the partners that the actor is an admin of and that do not take part."""
    there = {one.partner_id for one in project.participations if one.left_at is None}
    mine = select(Partner).where(Partner.id.in_(actor.admin_of)).order_by(Partner.sort_key)
    return [(one.id, partners.called(one)) for one in db.session.scalars(mine) if one.id not in there]


def admins_of(partner_ids: Sequence[int]) -> Sequence[Account]:
    """The people who decide for these partners and can be written to."""
    theirs = (
        select(Membership.account_id)
        .join(Partner, Partner.id == Membership.partner_id)
        .where(
            Membership.partner_id.in_(partner_ids),
            Membership.role == MembershipRole.ADMIN,
            Partner.state.in_(PUBLIC_STATES),
        )
    )
    return _reachable(Account.id.in_(theirs))


def managers_of(project: Project) -> Sequence[Account]:
    """The people who manage the project and can be written to: its managers and the coordinator's admins."""
    team = select(TeamMember.account_id).where(TeamMember.project_id == project.id, TeamMember.role == TeamRole.MANAGER)
    leads = [one.partner_id for one in project.participations if one.role is Role.COORDINATOR]
    admins = {account.id for account in admins_of(leads)}
    return _reachable(or_(Account.id.in_(team), Account.id.in_(admins)))


def _reachable(who: object) -> Sequence[Account]:
    active = Account.suspended_at.is_(None), Account.erased_at.is_(None), Account.email.is_not(None)
    return db.session.scalars(select(Account).where(who, *active).order_by(Account.id)).all()  # type: ignore[arg-type]
