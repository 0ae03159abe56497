"""What webinars hold about a person: their registrations and what they thought.

A registration belongs to no account. Who has proven an address is given out what was made under it, and takes it along.
"""

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.personal import Holder
from portal.core import clock
from portal.core.db import db
from portal.webinars.registration import operations, queries
from portal.webinars.registration.models import Feedback


def give_out(account_id: int) -> list[dict[str, Any]]:
    """The registrations under the account's address, and the feedback given with them."""
    found = []
    for one in queries.of_address(_proven(account_id)):
        said = db.session.get(Feedback, one.id)
        found.append(
            {
                "webinar": one.webinar.slug,
                "state": one.state.value,
                "name": one.name,
                "email": one.email,
                "organisation": one.organisation,
                "language": one.language,
                "is_listed": one.is_listed,
                "registered_at": one.registered_at.isoformat(),
                "deleted_on": one.forget_on.isoformat() if one.forget_on else None,
                "feedback": {"rating": said.rating, "text": said.text, "at": said.at.isoformat()} if said else None,
            }
        )
    return found


def erase(account_id: int) -> None:
    """Leave the webinars to come, and forget who it was everywhere."""
    for one in queries.of_address(_proven(account_id)):
        operations.forget_me(one, now=clock.now())


def _proven(account_id: int) -> str:
    proven = select(Account.email).where(Account.id == account_id, Account.email_verified_at.is_not(None))
    return db.session.scalar(proven) or ""


holder = Holder("webinar_registrations", give_out, erase)
