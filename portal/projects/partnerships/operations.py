"""Who takes part in a project and as what. A partner takes part only once it has said yes itself."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, select

from portal.accounts.models import Membership
from portal.core.db import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Actor, Role, require
from portal.partners.models import PUBLIC_STATES, Partner
from portal.projects.models import Participation, Project, TeamMember
from portal.projects.models import Role as Part
from portal.projects.operations import changed, note
from portal.projects.partnerships.models import PartnershipProposal, ProposalState, Wish


@dataclass(frozen=True)
class Terms:
    """As what a partner is to take part, from when to when, and with which share of the budget."""

    role: Part
    starts_on: date | None = None
    ends_on: date | None = None
    budget_share: Decimal | None = None
    budget_currency: str = ""


def invite(
    project: Project, partner: Partner, terms: Terms, message: str, *, actor: Actor, now: datetime
) -> PartnershipProposal:
    """Ask a partner to take part."""
    require(actor, "project.manage", project)
    if partner.state not in PUBLIC_STATES:
        raise Invalid("partner", "not a partner in the directory")
    return _ask(project, partner, Wish.INVITATION, terms, message, actor, now)


def request(
    project: Project, partner: Partner, terms: Terms, message: str, *, actor: Actor, now: datetime
) -> PartnershipProposal:
    """Ask a project, for a partner one is an admin of, to be let in."""
    require(actor, "project.see", project)
    if partner.id not in actor.admin_of:
        raise Forbidden("project.request")
    if terms.role is Part.COORDINATOR:
        raise Invalid("role", "coordination is passed on, not asked for")
    return _ask(project, partner, Wish.REQUEST, terms, message, actor, now)


def offer_coordination(
    project: Project, partner: Partner, message: str, *, actor: Actor, now: datetime
) -> PartnershipProposal:
    """Ask a partner that takes part to coordinate from now on."""
    require(actor, "project.answer_for", project)
    part = part_of(project, partner.id)
    if part is None or part.role is Part.COORDINATOR:
        raise Invalid("partner", "only another partner of the project can coordinate it")
    return _ask(project, partner, Wish.TRANSFER, Terms(Part.COORDINATOR), message, actor, now)


def _ask(
    project: Project, partner: Partner, wish: Wish, terms: Terms, message: str, actor: Actor, now: datetime
) -> PartnershipProposal:
    if wish is not Wish.TRANSFER and part_of(project, partner.id):
        raise Invalid("partner", "takes part already")
    if wish is Wish.INVITATION and terms.role is Part.COORDINATOR and coordinator_of(project):
        raise Invalid("role", "another partner coordinates")
    pending = PartnershipProposal.state == ProposalState.PENDING
    here = PartnershipProposal.project_id == project.id, PartnershipProposal.partner_id == partner.id
    if db.session.scalar(select(PartnershipProposal.id).where(*here, pending)):
        raise Invalid("partner", "is asked already")
    asked = PartnershipProposal(
        project_id=project.id,
        partner_id=partner.id,
        wish=wish,
        role=terms.role,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        budget_share=terms.budget_share,
        budget_currency=terms.budget_currency,
        message=message,
        asked_by_id=actor.account_id,
        created_at=now,
    )
    db.session.add(asked)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"partner": ("", partner.name), "role": ("", terms.role)}
    if terms.budget_share is not None:
        changes["budget_share"] = ("", f"{terms.budget_share} {terms.budget_currency}")
    note(project, f"partnership.{wish}_sent", changes, actor=actor, now=now)
    return asked


def accept(proposal: PartnershipProposal, *, actor: Actor, now: datetime) -> None:
    """Say yes: only now the partner takes part, or coordinates. `Conflict` when it was answered meanwhile."""
    require(actor, "proposal.answer", proposal)
    _still_open(proposal)
    project = proposal.project
    if proposal.wish is Wish.TRANSFER:
        _pass_on(project, proposal.partner_id)
    else:
        _let_in(project, proposal, now)
    _handled(proposal, ProposalState.ACCEPTED, actor, now)


def refuse(proposal: PartnershipProposal, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no, and why."""
    require(actor, "proposal.answer", proposal)
    _still_open(proposal)
    if not reason:
        raise Invalid("reason", "a refusal says why")
    proposal.reason = reason
    _handled(proposal, ProposalState.REFUSED, actor, now)


def withdraw(proposal: PartnershipProposal, *, actor: Actor, now: datetime) -> None:
    """Take a question back."""
    require(actor, "proposal.withdraw", proposal)
    _still_open(proposal)
    _handled(proposal, ProposalState.WITHDRAWN, actor, now)


def _still_open(proposal: PartnershipProposal) -> None:
    """Whoever answers second finds it answered: asked of the database, with the row locked."""
    same = select(PartnershipProposal.state).where(PartnershipProposal.id == proposal.id)
    if db.session.scalar(same.with_for_update()) is not ProposalState.PENDING:
        raise Conflict


def _handled(proposal: PartnershipProposal, state: ProposalState, actor: Actor, now: datetime) -> None:
    proposal.state, proposal.handled_at, proposal.handled_by_id = state, now, actor.account_id
    changes: dict[str, tuple[object, object]] = {
        "partner": ("", proposal.partner.name),
        "role": ("", proposal.role),
    }
    if proposal.reason:
        changes["reason"] = ("", proposal.reason)
    note(proposal.project, f"partnership.{proposal.wish}_{state}", changes, actor=actor, now=now)


def _let_in(project: Project, proposal: PartnershipProposal, now: datetime) -> None:
    role = proposal.role
    if role is Part.COORDINATOR and coordinator_of(project):
        role = Part.PARTNER  # somebody else has become it since the question was asked
    known = next((one for one in project.participations if one.partner_id == proposal.partner_id), None)
    if known is None:
        known = Participation(partner_id=proposal.partner_id)
        project.participations.append(known)
    known.role, known.left_at = role, None
    known.starts_on, known.ends_on = proposal.starts_on or now.date(), proposal.ends_on
    # Shares have one currency. Where the project has chosen another one meanwhile, the question alone says the amount.
    if proposal.budget_share is not None and project.shares_currency in ("", proposal.budget_currency):
        known.budget_share, project.shares_currency = proposal.budget_share, proposal.budget_currency


def _pass_on(project: Project, partner_id: int) -> None:
    part, before = part_of(project, partner_id), coordinator_of(project)
    if part is None:
        raise Conflict
    if before is not None and before is not part:
        before.role = Part.PARTNER
        db.session.flush()  # a project never has two, not even between two statements
    part.role = Part.COORDINATOR


def force_coordination(project: Project, partner_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Let another partner coordinate without asking it: for curators, with a reason, when nobody answers any more."""
    if not actor.has(Role.CURATOR):
        raise Forbidden("project.force_coordination")
    if not reason:
        raise Invalid("reason", "this wants a reason")
    before, part = coordinator_of(project), part_of(project, partner_id)
    if part is None:
        raise Invalid("partner", "only another partner of the project can coordinate it")
    names = (before.partner.name if before else "", part.partner.name)
    _pass_on(project, partner_id)
    changes = {"coordinator": names, "reason": ("", reason)}
    note(project, "partnership.transfer_forced", changes, actor=actor, now=now)


def revise(project: Project, part: Participation, terms: Terms, *, actor: Actor, now: datetime) -> None:
    """Change as what a partner takes part, and from when to when. Coordination is passed on in its own way."""
    require(actor, "project.manage", project)
    if (terms.role is Part.COORDINATOR) is not (part.role is Part.COORDINATOR):
        raise Invalid("role", "coordination is passed on with acceptance")
    before = {"role": part.role or "", "starts": str(part.starts_on or ""), "ends": str(part.ends_on or "")}
    after = {"role": terms.role, "starts": str(terms.starts_on or ""), "ends": str(terms.ends_on or "")}
    differences = changed(before, after)
    if not differences:
        return
    if terms.role is not part.role:
        part.source_role = ""
    part.role, part.starts_on, part.ends_on = terms.role, terms.starts_on, terms.ends_on
    differences["partner"] = (part.partner.name, part.partner.name)
    note(project, "partnership.revised", differences, actor=actor, now=now)


def end(project: Project, part: Participation, *, actor: Actor, now: datetime) -> None:
    """End a partner's part today: by those who manage the project, or by the partner itself.

    Its people leave the team, unless another partner of theirs takes part. The coordinator passes on first.
    """
    if part.partner_id not in actor.admin_of:
        require(actor, "project.manage", project)
    if part.role is Part.COORDINATOR:
        raise Invalid("partner", "coordination has to be passed on first")
    if part.left_at is not None:
        return
    part.left_at, part.ends_on = now, min(part.ends_on or now.date(), now.date())
    still_here = [one.partner_id for one in project.participations if one.left_at is None]
    others = select(Membership.account_id).where(Membership.partner_id.in_(still_here))
    theirs = select(Membership.account_id).where(
        Membership.partner_id == part.partner_id, Membership.account_id.not_in(others)
    )
    here = TeamMember.project_id == project.id, TeamMember.account_id.in_(theirs)
    db.session.execute(delete(TeamMember).where(*here))
    note(project, "partnership.ended", {"partner": (part.partner.name, "")}, actor=actor, now=now)


def part_of(project: Project, partner_id: int) -> Participation | None:
    """A partner's part in the project; none where it has none or has left."""
    return next((one for one in project.participations if one.partner_id == partner_id and not one.left_at), None)


def coordinator_of(project: Project) -> Participation | None:
    return next((one for one in project.participations if one.role is Part.COORDINATOR), None)
