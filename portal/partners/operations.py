"""What is done to partners."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from stdnum.dk import cvr as cvr_numbers
from stdnum.exceptions import ValidationError

from portal.core import audit, slugs
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.core.sorting import sort_key
from portal.partners.models import Partner, PartnerState, PartnerType
from portal.search.outbox import touch


@dataclass(frozen=True)
class Proposal:
    """What somebody says of an organisation that is not in the directory yet."""

    name: str
    type: PartnerType
    country: str = "DK"
    municipality_id: int | None = None
    website: str = ""
    cvr: str = ""
    description_da: str = ""
    description_en: str = ""


def propose(proposal: Proposal, *, actor: Actor, now: datetime) -> Partner:
    """A partner that waits for staff to approve it; nobody but they and its own people see it until then."""
    require(actor, "partner.propose", proposal)
    return _entered(proposal, PartnerState.SUGGESTED, "partner.proposed", actor, now)


def add(proposal: Proposal, *, actor: Actor, now: datetime) -> Partner:
    """A partner that a curator puts into the directory; it is public at once."""
    require(actor, "partner.curate", None)
    return _entered(proposal, PartnerState.PUBLISHED, "partner.added", actor, now)


def _entered(proposal: Proposal, state: PartnerState, action: str, actor: Actor, now: datetime) -> Partner:
    partner = Partner(
        slug=slugs.free(proposal.name, secrets.token_hex(3), slugs.in_use("partner", Partner.slug)),
        name=proposal.name,
        sort_key=sort_key(proposal.name),
        type=proposal.type,
        state=state,
        country=proposal.country,
        municipality_id=proposal.municipality_id,
        website=proposal.website,
        cvr=checked_cvr(proposal.cvr),
        created_at=now,
    ).write(now, description_da=proposal.description_da, description_en=proposal.description_en)
    db.session.add(partner)
    db.session.flush()
    audit.record(actor, action, "partner", partner.id, {"name": (None, partner.name)}, now=now)
    touch("partner", partner.id)
    return partner


def checked_cvr(number: str, *, of: Partner | None = None) -> str | None:
    """A CVR number in its plain form. `Invalid` when it is none, or another organisation's."""
    if not number:
        return None
    try:
        plain = str(cvr_numbers.validate(number))
    except ValidationError:
        raise Invalid("cvr", "is not a CVR number") from None
    owner = db.session.scalar(select(Partner.id).where(Partner.cvr == plain))
    if owner is not None and (of is None or owner != of.id):
        raise Invalid("cvr", "belongs to an organisation that is known already")
    return plain
