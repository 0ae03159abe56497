"""What imports hold about a person: who uploaded and wrote them."""

from typing import Any

from sqlalchemy import select, update

from portal.accounts.personal import Holder
from portal.core.db import db
from portal.staff.imports.models import ImportBatch


def _give_out(account_id: int) -> list[dict[str, Any]]:
    mine = select(ImportBatch).where(ImportBatch.account_id == account_id).order_by(ImportBatch.id)
    return [{"file": one.name, "at": one.created_at.isoformat()} for one in db.session.scalars(mine)]


def _erase(account_id: int) -> None:
    mine = update(ImportBatch).where(ImportBatch.account_id == account_id)
    db.session.execute(mine.values(actor_name="", account_id=None))


holder = Holder("imports", _give_out, _erase)
