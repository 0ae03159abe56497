"""What pages ask about municipalities."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from portal.core.bilingual import text_of
from portal.core.db import db
from portal.municipalities.models import Municipality


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → name in the page's language of the municipalities among the values, in alphabetical order."""
    statement = select(Municipality.slug, Municipality.name_da, Municipality.name_en)
    rows = db.session.execute(statement.where(Municipality.slug.in_(list(values))).order_by(Municipality.sort_key))
    return {row.slug: str(text_of(row, "name")) for row in rows}


def tiles() -> Sequence[Any]:
    """Every municipality's place on the tile map: id, slug, names, tile_col, tile_row; alphabetical."""
    columns = (
        Municipality.id,
        Municipality.slug,
        Municipality.name_da,
        Municipality.name_en,
        Municipality.tile_col,
        Municipality.tile_row,
    )
    return db.session.execute(select(*columns).order_by(Municipality.sort_key)).all()
