"""What is mailed when partners ask each other and answer."""

from typing import Any

from portal.accounts.models import Account
from portal.core import mail
from portal.core.web import address
from portal.partners.queries import called
from portal.projects.models import Project
from portal.projects.partnerships import queries
from portal.projects.partnerships.models import PartnershipProposal, ProposalState
from portal.projects.partnerships.permissions import TO_PARTNER


def ask(proposal: PartnershipProposal) -> None:
    """Tell those who may answer."""
    is_to_partner = proposal.wish in TO_PARTNER
    people = queries.admins_of([proposal.partner_id]) if is_to_partner else queries.managers_of(proposal.project)
    for account in people:
        _post(account, "partnership_asked", proposal)


def tell(proposal: PartnershipProposal) -> None:
    """Tell the side that asked what became of it; of one that was taken back, the side that was asked."""
    asked_partner = proposal.wish in TO_PARTNER
    to_project = asked_partner is not (proposal.state is ProposalState.WITHDRAWN)
    people = queries.managers_of(proposal.project) if to_project else queries.admins_of([proposal.partner_id])
    for account in people:
        if account.id != proposal.handled_by_id:
            _post(account, "partnership_answered", proposal)


def ended(project: Project, partner_id: int, name: str, by_account: int | None) -> None:
    """Tell both sides that a partner takes part no more."""
    people = {one.id: one for one in [*queries.managers_of(project), *queries.admins_of([partner_id])]}
    for account in people.values():
        if account.id != by_account and account.email:
            place = address("projects.show", language=account.locale, slug=project.slug)
            values: dict[str, Any] = {"project": project, "name": name, "place": place}
            mail.post(account.email, "partnership_ended", kind="partnership", language=account.locale, **values)


def _post(account: Account, template: str, proposal: PartnershipProposal) -> None:
    if account.email is None:
        return
    place = address("partnerships.show", language=account.locale, proposal_id=proposal.id)
    values: dict[str, Any] = {
        "proposal": proposal,
        "project": proposal.project,
        "partner": called(proposal.partner),
        "place": place,
    }
    mail.post(account.email, template, kind="partnership", language=account.locale, **values)
