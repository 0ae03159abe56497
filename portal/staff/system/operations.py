"""What administrators do to the machinery."""

from datetime import datetime

from portal.core import audit, signs, waking
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.mail import Mail
from portal.core.permissions import Actor, require
from portal.staff.system import permissions as _rules  # noqa: F401  enters what is asked for here


def order_rebuild(*, actor: Actor, now: datetime) -> None:
    """Have the worker build the search index anew, beside the one in use."""
    require(actor, "system.manage", None)
    signs.put(signs.REBUILD, now=now)
    audit.record(actor, "search.rebuild_ordered", "search", "index", now=now)
    waking.ask()


def try_again(mail: Mail, *, actor: Actor, now: datetime) -> None:
    """Try a mail again that did not go out."""
    require(actor, "system.manage", mail)
    if mail.sent_at is not None:
        raise Conflict("the mail went out meanwhile")
    mail.failed_at, mail.next_try_at = None, now
    db.session.flush()
    audit.record(actor, "mail.tried_again", "mail", mail.id, now=now)
    waking.ask()
