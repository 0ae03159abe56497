"""A partner's way through the directory: suggested, published, dormant, left; or rejected. And its confirmation."""

from datetime import datetime

from sqlalchemy import select

from portal.core import audit, slugs
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.freshness import Confirmer
from portal.core.permissions import Actor, require
from portal.partners.models import PUBLIC_STATES, ContactPoint, Partner, PartnerState
from portal.partners.permissions import contacts_owned_by
from portal.search.outbox import touch

KIND = "partner"


def approve(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Take an application into the directory; also one that was rejected, when it was put right."""
    require(actor, "partner.curate", partner)
    _only_from(partner, PartnerState.SUGGESTED, PartnerState.REJECTED)
    _go_to(partner, PartnerState.PUBLISHED, "partner.approved", actor, now)
    partner.rejected_reason = partner.question = ""
    partner.asked_at = None


def reject(partner: Partner, reason: str, *, actor: Actor, now: datetime) -> None:
    """Refuse an application, for a reason that its people are told."""
    require(actor, "partner.curate", partner)
    _only_from(partner, PartnerState.SUGGESTED)
    if not reason:
        raise Invalid("reason", "is missing")
    partner.rejected_reason, partner.question, partner.asked_at = reason, "", None
    _go_to(partner, PartnerState.REJECTED, "partner.rejected", actor, now, reason=reason)


def ask_back(partner: Partner, question: str, *, actor: Actor, now: datetime) -> None:
    """Ask the applicants something before deciding; the application waits for their answer."""
    require(actor, "partner.curate", partner)
    _only_from(partner, PartnerState.SUGGESTED)
    if not question:
        raise Invalid("question", "is missing")
    audit.record(actor, "partner.asked", KIND, partner.id, {"question": (partner.question, question)}, now=now)
    partner.question, partner.asked_at = question, now


def put_to_rest(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Say that it takes no active part; its page stays."""
    require(actor, "partner.curate", partner)
    _only_from(partner, PartnerState.PUBLISHED)
    _go_to(partner, PartnerState.DORMANT, "partner.dormant", actor, now)


def leave(partner: Partner, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take it out of the directory. Its address says so; what it took part in keeps its name."""
    require(actor, "partner.curate", partner)
    _only_from(partner, *PUBLIC_STATES)
    _go_to(partner, PartnerState.LEFT, "partner.left", actor, now, reason=reason)
    slugs.withdrawn(KIND, partner.slug, now=now)


def restore(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Bring back one that rested, left or was rejected."""
    require(actor, "partner.curate", partner)
    if partner.merged_into_id is not None:
        raise Invalid("state", "it was merged into another partner")
    _only_from(partner, PartnerState.DORMANT, PartnerState.LEFT, PartnerState.REJECTED)
    was_rejected = partner.state is PartnerState.REJECTED
    slugs.restored(KIND, partner.slug)
    state = PartnerState.SUGGESTED if was_rejected else PartnerState.PUBLISHED
    partner.rejected_reason = ""
    _go_to(partner, state, "partner.restored", actor, now)


def confirm(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Say that the profile is right as it stands."""
    require(actor, "partner.confirm", partner)
    by = Confirmer.OWNER if partner.id in actor.admin_of else Confirmer.STAFF
    audit.record(actor, "partner.confirmed", KIND, partner.id, {"confirmed_at": (partner.confirmed_at, now)}, now=now)
    partner.confirm(by, now)
    # Readers are told the person only as far as their contact point is shown to them.
    theirs = (ContactPoint.partner_id == partner.id, contacts_owned_by(actor))
    partner.confirmed_contact_id = db.session.scalar(select(ContactPoint.id).where(*theirs).limit(1))
    touch(KIND, partner.id)


def _only_from(partner: Partner, *states: PartnerState) -> None:
    if partner.state not in states:
        raise Invalid("state", f"cannot be done to a partner that is {partner.state}")


def _go_to(
    partner: Partner, state: PartnerState, action: str, actor: Actor, now: datetime, *, reason: str = ""
) -> None:
    changes = {"state": (partner.state, state), **({"reason": ("", reason)} if reason else {})}
    partner.state = state
    db.session.flush()
    audit.record(actor, action, KIND, partner.id, changes, now=now)
    touch(KIND, partner.id)
