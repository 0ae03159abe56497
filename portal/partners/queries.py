"""What pages ask about partners; every answer starts from what the actor may see."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select

from portal.core.bilingual import chosen
from portal.core.db import db
from portal.partners.models import Partner, PartnerType


def is_municipality() -> ColumnElement[bool]:
    """The partner is a Danish municipality's own organisation."""
    return (Partner.type == PartnerType.MUNICIPALITY) & Partner.municipality_id.is_not(None)


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → name in the page's language of the partners among the values, in alphabetical order."""
    statement = select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
    rows = db.session.execute(statement.where(Partner.slug.in_(list(values))).order_by(Partner.sort_key))
    return {row.slug: called(row) for row in rows}


def called(row: object) -> str:
    """The name of a partner row (name, name_da, name_en) in the page's language."""
    return getattr(row, f"name_{chosen()}") or row.name  # type: ignore[attr-defined]
