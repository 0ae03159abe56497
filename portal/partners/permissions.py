"""Who sees a partner's profile, as a question and as SQL."""

from sqlalchemy import ColumnElement, false, or_, true

from portal.core.db import any_of
from portal.core.permissions import Actor, rule
from portal.partners.models import PUBLIC_STATES, Partner


@rule("partner.see")
def may_see(actor: Actor, partner: Partner) -> bool:
    return actor.is_staff or partner.is_public or partner.id in actor.partner_ids


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.see`, said in SQL."""
    if actor.is_staff:
        return true()
    own = Partner.id.in_(actor.partner_ids) if actor.partner_ids else false()
    return or_(any_of(Partner.state, PUBLIC_STATES), own)
