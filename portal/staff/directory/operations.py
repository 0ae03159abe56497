"""What curators decide about partners, and who is told: the decision itself is the partners' own operation."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.accounts import queries as accounts
from portal.core import audit, mail
from portal.core.permissions import Actor, require
from portal.core.web import address
from portal.partners.lifecycle import operations as lifecycle
from portal.partners.models import Partner, PartnerChange
from portal.partners.profile import operations as profile

KIND = "partner"


def approve(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Take an application in and tell its people."""
    lifecycle.approve(partner, actor=actor, now=now)
    tell(partner, "partner_approved")


def reject(partner: Partner, reason: str, *, actor: Actor, now: datetime) -> None:
    """Refuse an application and tell its people why."""
    lifecycle.reject(partner, reason, actor=actor, now=now)
    tell(partner, "partner_rejected", reason=reason)


def ask_back(partner: Partner, question: str, *, actor: Actor, now: datetime) -> None:
    """Ask an application's people something."""
    lifecycle.ask_back(partner, question, actor=actor, now=now)
    tell(partner, "partner_asked", question=question)


def put_to_rest(partner: Partner, _reason: str, *, actor: Actor, now: datetime) -> None:
    lifecycle.put_to_rest(partner, actor=actor, now=now)
    tell(partner, "partner_dormant")


def leave(partner: Partner, reason: str, *, actor: Actor, now: datetime) -> None:
    lifecycle.leave(partner, reason, actor=actor, now=now)
    tell(partner, "partner_left", reason=reason)


def restore(partner: Partner, _reason: str, *, actor: Actor, now: datetime) -> None:
    lifecycle.restore(partner, actor=actor, now=now)
    tell(partner, "partner_restored")


DECISIONS: dict[str, Callable[..., None]] = {
    "dormant": put_to_rest,
    "left": leave,
    "restore": restore,
}


def accept_change(change: PartnerChange, *, actor: Actor, now: datetime) -> None:
    """Publish what was proposed and tell the partner's people."""
    profile.accept_change(change, actor=actor, now=now)
    tell(change.partner, "change_accepted")


def refuse_change(change: PartnerChange, reason: str, *, actor: Actor, now: datetime) -> None:
    """Leave it as it is and tell the partner's people why."""
    profile.refuse_change(change, reason, actor=actor, now=now)
    tell(change.partner, "change_refused", reason=reason)


def verify_cvr(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Note that the number was compared with the register."""
    require(actor, "partner.curate", partner)
    audit.record(actor, "partner.cvr_verified", KIND, partner.id, {"cvr": (partner.cvr, partner.cvr)}, now=now)


def tell(partner: Partner, template: str, **values: Any) -> None:
    """Write to the partner's admins, each in their language."""
    for account in accounts.admins_of(partner.id):
        link = address("partners.show", slug=partner.slug, language=account.locale)
        mail.post(
            account.email or "",
            template,
            kind=template,
            language=account.locale,
            name=account.name,
            partner=partner.called(account.locale),  # type: ignore[arg-type]
            link=link,
            **values,
        )
