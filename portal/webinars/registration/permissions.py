"""Who reads and keeps the registrations of a webinar, as questions and as SQL."""

from sqlalchemy import ColumnElement, false, select, true

from portal.core.permissions import Actor, Role, rule
from portal.webinars.models import Webinar, WebinarPartner

KEEPERS = (Role.EDITOR,)


@rule("registration.read")
def may_read(actor: Actor, webinar: Webinar) -> bool:
    """Editors, and the administrators of a partner that holds it: they also say who attended."""
    return actor.has(*KEEPERS) or any(tie.is_host and tie.partner_id in actor.admin_of for tie in webinar.partners)


def read_by(actor: Actor) -> ColumnElement[bool]:
    """`registration.read`, said in SQL of webinars."""
    if actor.has(*KEEPERS):
        return true()
    if not actor.admin_of:
        return false()
    hosted = select(WebinarPartner.webinar_id).where(
        WebinarPartner.is_host, WebinarPartner.partner_id.in_(actor.admin_of)
    )
    return Webinar.id.in_(hosted)


@rule("registration.manage")
def may_manage(actor: Actor, _webinar: Webinar) -> bool:
    """Editors add and cancel by hand and change how many places there are."""
    return actor.has(*KEEPERS)


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """`registration.manage`, said in SQL of webinars."""
    return true() if actor.has(*KEEPERS) else false()
