"""What the newsletter holds about a person with an account: who has proven an address is given out what it gets."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts.models import Account
from portal.accounts.personal import Holder
from portal.core.db import db
from portal.newsletter.models import Subscriber


def give_out(account_id: int) -> list[dict[str, Any]]:
    """The subscription of the account's address, if it has one."""
    return [
        {
            "email": one.email,
            "language": one.language,
            "frequency": one.frequency.value,
            "themes": [tie.theme.value for tie in one.themes],
            "state": one.state.value,
            "confirmed_at": one.confirmed_at.isoformat() if one.confirmed_at else None,
        }
        for one in _of(account_id)
    ]


def erase(account_id: int) -> None:
    """Forget the subscription with the account."""
    for one in _of(account_id):
        db.session.delete(one)
    db.session.flush()


def _of(account_id: int) -> list[Subscriber]:
    proven = select(Account.email).where(Account.id == account_id, Account.email_verified_at.is_not(None))
    stmt = select(Subscriber).where(Subscriber.email == proven.scalar_subquery())
    return list(db.session.scalars(stmt.options(selectinload(Subscriber.themes))))


holder = Holder("newsletter", give_out, erase)
