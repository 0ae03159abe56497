"""Partners as search sees them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.partners.models import Partner, PartnerName
from portal.partners.permissions import seen_by
from portal.search.documents import Document
from portal.search.names import Entry

BATCH = 500


class PartnerSource:
    """Implements `portal.search.documents.Source`."""

    kind = "partner"

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        statement = (
            select(Partner)
            .where(seen_by(VISITOR))
            .options(
                joinedload(Partner.municipality),
                selectinload(Partner.themes),
                selectinload(Partner.networks),
                selectinload(Partner.interests),
                selectinload(Partner.other_names),
            )
            .execution_options(yield_per=BATCH)
        )
        if ids is not None:
            statement = statement.where(Partner.id.in_(ids))
        yield from map(_document, db.session.scalars(statement))

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        return set(db.session.scalars(select(Partner.id).where(Partner.id.in_(ids), seen_by(actor))))

    def versions(self) -> Mapping[int, int]:
        return dict(db.session.execute(select(Partner.id, Partner.version).where(seen_by(VISITOR))).all())

    def names(self) -> Iterator[Entry]:
        others: dict[int, list[str]] = {}
        for partner_id, name in db.session.execute(select(PartnerName.partner_id, PartnerName.name)):
            others.setdefault(partner_id, []).append(name)
        columns = (
            Partner.id,
            Partner.slug,
            Partner.name,
            Partner.name_da,
            Partner.name_en,
            Partner.acronym,
            Partner.type,
        )
        for row in db.session.execute(select(*columns).order_by(Partner.sort_key)):
            names = (row.name, *others.get(row.id, ()))
            yield Entry(
                row.id, row.name_da or row.name, row.name_en or row.name, names, row.acronym, row.slug, row.type
            )

    def known_since(self, ids: Collection[int]) -> Mapping[int, datetime]:
        known = select(Partner.id, Partner.created_at)
        return dict(db.session.execute(known.where(Partner.id.in_(ids))).all())


source = PartnerSource()


def _document(partner: Partner) -> Document:
    seat = partner.municipality
    titles = partner.called("da"), partner.called("en")
    others = (partner.name, partner.acronym, *(one.name for one in partner.other_names))
    return Document(
        kind="partner",
        id=partner.id,
        version=partner.version,
        path=f"/partners/{partner.slug}",
        title_da=titles[0],
        title_en=titles[1],
        names=tuple(dict.fromkeys(name for name in others if name and name not in titles)),
        summary_da=partner.description_da,
        summary_en=partner.description_en,
        body_da=_body(partner, "da"),
        body_en=_body(partner, "en"),
        themes=tuple(one.theme.value for one in partner.themes),
        partners=(partner.slug,),
        municipalities=(seat.slug,) if seat else (),
    )


def _body(partner: Partner, language: str) -> str:
    lines = [getattr(interest, f"line_{language}") for interest in partner.interests]
    place = [partner.municipality.name_da] if partner.municipality else []
    return "\n".join(filter(None, [*lines, *(network.name for network in partner.networks), *place]))
