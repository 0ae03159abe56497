"""Who sees a partner's profile, as a question and as SQL."""

from sqlalchemy import ColumnElement, or_, true

from portal.core.permissions import Actor, rule
from portal.partners.models import PUBLIC_STATES, Partner


@rule("partner.see")
def may_see(actor: Actor, partner: Partner) -> bool:
    return actor.is_staff or partner.is_public or partner.id in actor.partner_ids | actor.applicant_of


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.see`, said in SQL."""
    if actor.is_staff:
        return true()
    return or_(Partner.state.in_(PUBLIC_STATES), Partner.id.in_(actor.partner_ids | actor.applicant_of))


@rule("partner.propose")
def may_propose(actor: Actor, _proposal: object) -> bool:
    """Everybody who is signed in. It concerns no partner that is there, so it has no twin."""
    return actor.is_signed_in
