"""Who reads the trace, as a question and as SQL."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from portal.core.audit import AuditEntry
from portal.core.permissions import Actor, Role, rule
from portal.partners.models import Partner


@rule("trail.see")
def may_see(actor: Actor, entry: AuditEntry) -> bool:
    """Administrators all of it, everybody what they did themselves, a partner's admins what was done to the partner."""
    return (
        actor.has(Role.ADMINISTRATOR)
        or (actor.is_signed_in and entry.account_id == actor.account_id)
        or (entry.subject_kind == "partner" and entry.subject_id in {str(id) for id in actor.admin_of})
    )


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`trail.see`, said in SQL."""
    if actor.has(Role.ADMINISTRATOR):
        return true()
    mine: list[Any] = [AuditEntry.account_id == actor.account_id] if actor.is_signed_in else [false()]
    ids = [str(id) for id in actor.admin_of]
    return or_(*mine, and_(AuditEntry.subject_kind == "partner", AuditEntry.subject_id.in_(ids)))


@rule("trail.of_partner")
def may_read_of(actor: Actor, partner: Partner) -> bool:
    """What was done to the partner: its admins, and administrators."""
    return actor.has(Role.ADMINISTRATOR) or partner.id in actor.admin_of


def read_of_by(actor: Actor) -> ColumnElement[bool]:
    """`trail.of_partner`, said in SQL."""
    return true() if actor.has(Role.ADMINISTRATOR) else Partner.id.in_(actor.admin_of)


@rule("trail.open")
def may_open(actor: Actor, _nothing: object) -> bool:
    """The whole trace, with its filters and its export."""
    return actor.has(Role.ADMINISTRATOR)
