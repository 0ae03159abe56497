"""What hangs on partners."""

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import db
from portal.core.intake import chunks
from portal.partners.models import Partner

_OWN = frozenset({"partner_theme", "partner_network"})


def tied(ids: Collection[int]) -> set[int]:
    """Those partners that anything else of the portal refers to, whatever table that is in."""
    found: set[int] = set()
    for table in db.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column is Partner.__table__.c.id and table.name not in _OWN:
                for some in chunks(list(ids)):
                    found.update(db.session.scalars(select(key.parent).where(key.parent.in_(some)).distinct()))
    return found
