"""Who reads and who answers the questions between projects and partners, each as a question and as SQL."""

from sqlalchemy import ColumnElement, and_, or_, select, true

from portal.core.permissions import Actor, Role, rule
from portal.projects.models import Project
from portal.projects.partnerships.models import PartnershipProposal, Wish
from portal.projects.permissions import managed_by, may_manage, taken_part_in_by, takes_part

TO_PARTNER = (Wish.INVITATION, Wish.TRANSFER)
"""Questions that the project asks and the partner answers."""


@rule("proposal.see")
def may_see(actor: Actor, proposal: PartnershipProposal) -> bool:
    """The people of the partner, those who take part in the project, and curators."""
    return actor.has(Role.CURATOR) or proposal.partner_id in actor.partner_ids or takes_part(actor, proposal.project)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`proposal.see`, said in SQL."""
    if actor.has(Role.CURATOR):
        return true()
    return or_(
        PartnershipProposal.partner_id.in_(actor.partner_ids),
        PartnershipProposal.project_id.in_(select(Project.id).where(taken_part_in_by(actor))),
    )


@rule("proposal.answer")
def may_answer(actor: Actor, proposal: PartnershipProposal) -> bool:
    """Admins of the partner that is asked; those who manage the project that is asked; curators."""
    if actor.has(Role.CURATOR):
        return True
    if proposal.wish in TO_PARTNER:
        return proposal.partner_id in actor.admin_of
    return may_manage(actor, proposal.project)


def answered_by(actor: Actor) -> ColumnElement[bool]:
    """`proposal.answer`, said in SQL."""
    if actor.has(Role.CURATOR):
        return true()
    return or_(_asks_partner_of(actor), _asks_project_of(actor))


@rule("proposal.withdraw")
def may_withdraw(actor: Actor, proposal: PartnershipProposal) -> bool:
    """The side that asked."""
    if actor.has(Role.CURATOR):
        return True
    if proposal.wish in TO_PARTNER:
        return may_manage(actor, proposal.project)
    return proposal.partner_id in actor.admin_of


def withdrawn_by(actor: Actor) -> ColumnElement[bool]:
    """`proposal.withdraw`, said in SQL."""
    if actor.has(Role.CURATOR):
        return true()
    managed = PartnershipProposal.project_id.in_(select(Project.id).where(managed_by(actor)))
    return or_(
        and_(PartnershipProposal.wish.in_(TO_PARTNER), managed),
        and_(PartnershipProposal.wish == Wish.REQUEST, PartnershipProposal.partner_id.in_(actor.admin_of)),
    )


def _asks_partner_of(actor: Actor) -> ColumnElement[bool]:
    return and_(PartnershipProposal.wish.in_(TO_PARTNER), PartnershipProposal.partner_id.in_(actor.admin_of))


def _asks_project_of(actor: Actor) -> ColumnElement[bool]:
    managed = PartnershipProposal.project_id.in_(select(Project.id).where(managed_by(actor)))
    return and_(PartnershipProposal.wish == Wish.REQUEST, managed)
