"""What hints hold about a person: the address that was left with those nobody has answered yet.

A hint belongs to no account. Who has proven an address is given out what was sent under it, and takes it along.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from portal.accounts.models import Account
from portal.accounts.personal import Holder
from portal.core.db import db
from portal.corrections.models import Correction


def give_out(account_id: int) -> list[dict[str, Any]]:
    """The open hints that were sent under the account's address."""
    mine = select(Correction).where(_sent_by(account_id)).order_by(Correction.id)
    return [
        {
            "text": one.text,
            "evidence": one.evidence,
            "email": one.email,
            "language": one.language,
            "at": one.created_at.isoformat(),
        }
        for one in db.session.scalars(mine)
    ]


def erase(account_id: int) -> None:
    """Forget the address; what was said about the portal stays."""
    db.session.execute(
        update(Correction).where(_sent_by(account_id)).values(email="").execution_options(synchronize_session="fetch")
    )


def _sent_by(account_id: int) -> ColumnElement[bool]:
    """Readers write addresses as they please, accounts keep them in small letters."""
    proven = select(Account.email).where(Account.id == account_id, Account.email_verified_at.is_not(None))
    return func.lower(Correction.email) == proven.scalar_subquery()


holder = Holder("corrections", give_out, erase)
