"""What the right of reply holds about a person: the address to which a municipality was written, and who answered."""

from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from portal.accounts.models import Account
from portal.accounts.personal import Holder
from portal.core.db import db
from portal.progress.models import ReplyRequest


def give_out(account_id: int) -> list[dict[str, Any]]:
    """What was sent to the account's address."""
    mine = select(ReplyRequest).where(_sent_to(account_id)).order_by(ReplyRequest.id)
    return [
        {"email": one.email, "sent_at": one.sent_at.isoformat(), "answered_by": one.replied_by}
        for one in db.session.scalars(mine)
    ]


def erase(account_id: int) -> None:
    """Forget the address and the name; what the municipality said stays."""
    theirs = update(ReplyRequest).where(_sent_to(account_id)).values(email="", replied_by="")
    db.session.execute(theirs.execution_options(synchronize_session="fetch"))


def _sent_to(account_id: int) -> ColumnElement[bool]:
    proven = select(Account.email).where(Account.id == account_id, Account.email_verified_at.is_not(None))
    return func.lower(ReplyRequest.email) == proven.scalar_subquery()


holder = Holder("replies", give_out, erase)
