"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func

from portal.core.db import AnySelect, db
from portal.core.errors import NotFound

PER_PAGE = 50


@dataclass(frozen=True)
class Part:
    """One page of a list, and how long the whole is."""

    rows: Sequence[Any]
    total: int
    page: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


def read(statement: AnySelect | Select[Any], page: int, per_page: int = PER_PAGE) -> Part:
    """One page of what an ordered statement finds: things where it selects one, else rows. `NotFound` beyond."""
    counted = statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = db.session.execute(counted).scalar_one()
    _expect(page, total, per_page)
    found = db.session.execute(statement.limit(per_page).offset((page - 1) * per_page))
    rows = found.scalars().all() if len(statement.column_descriptions) == 1 else found.all()
    return Part(rows, total, page, per_page)


def cut(everything: Sequence[Any], page: int, per_page: int = PER_PAGE) -> Part:
    """The same of a list that is there already."""
    _expect(page, len(everything), per_page)
    return Part(everything[(page - 1) * per_page : page * per_page], len(everything), page, per_page)


def _expect(page: int, total: int, per_page: int) -> None:
    if page != 1 and not 0 < page <= -(-total // per_page):
        raise NotFound("page", page)
