"""What the workspace holds about a person: the views they saved."""

from typing import Any

from sqlalchemy import delete, select

from portal.accounts.personal import Holder
from portal.core.db import db
from portal.workspace.models import SavedView


def give_out(account_id: int) -> list[dict[str, Any]]:
    """The account's saved views."""
    mine = select(SavedView).where(SavedView.account_id == account_id).order_by(SavedView.id)
    return [{"name": one.name, "query": one.query} for one in db.session.scalars(mine)]


def erase(account_id: int) -> None:
    """Forget the account's saved views."""
    db.session.execute(delete(SavedView).where(SavedView.account_id == account_id))


holder = Holder("saved_views", give_out, erase)
