"""Giving out partners.csv, as `load` reads it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.partners.models import Partner
from portal.partners.permissions import seen_by


def rows() -> Iterator[dict[str, Any]]:
    """A row for each partner that everybody may see."""
    options = (joinedload(Partner.municipality), selectinload(Partner.networks))
    for partner in db.session.scalars(select(Partner).where(seen_by(VISITOR)).order_by(Partner.id).options(*options)):
        yield {
            "partner_id": partner.import_key or partner.slug,
            "name": partner.name,
            "name_da": partner.name_da,
            "name_en": partner.name_en,
            "type": partner.source_type or partner.type,
            "country": partner.country,
            "municipality_code": partner.municipality.code if partner.municipality else "",
            "website": partner.website,
            "feed_url": partner.feed_url,
            "networks": "; ".join(network.name for network in partner.networks),
            "source_url": partner.source_url,
            "note": partner.source_note,
            "retrieved": partner.retrieved,
        }


def ids() -> dict[int, str]:
    """Partner id → its id in the files, of those that everybody may see."""
    stmt = select(Partner.id, Partner.import_key, Partner.slug).where(seen_by(VISITOR)).order_by(Partner.id)
    return {id: import_key or slug for id, import_key, slug in db.session.execute(stmt)}
