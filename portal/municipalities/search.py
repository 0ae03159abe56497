"""Municipalities as search sees them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.municipalities.models import Municipality, MunicipalityRegion
from portal.municipalities.permissions import seen_by
from portal.search.documents import Document
from portal.search.names import Entry


class MunicipalitySource:
    """Implements `portal.search.documents.Source`."""

    kind = "municipality"

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        statement = (
            select(Municipality)
            .where(seen_by(VISITOR))
            .options(selectinload(Municipality.regions).joinedload(MunicipalityRegion.region))
        )
        if ids is not None:
            statement = statement.where(Municipality.id.in_(ids))
        told = _told(ids)
        for municipality in db.session.scalars(statement):
            yield _document(municipality, *told.get(municipality.id, ("", "")))

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        return set(db.session.scalars(select(Municipality.id).where(Municipality.id.in_(ids), seen_by(actor))))

    def versions(self) -> Mapping[int, int]:
        statement = select(Municipality.id, Municipality.version).where(seen_by(VISITOR))
        return dict(db.session.execute(statement).all())

    def names(self) -> Iterator[Entry]:
        columns = Municipality.id, Municipality.slug, Municipality.name_da, Municipality.name_en
        for row in db.session.execute(select(*columns).order_by(Municipality.sort_key)):
            da, en = row.name_da, row.name_en or row.name_da
            yield Entry(row.id, da, en, (f"{da} Kommune", f"{en} Municipality"), slug=row.slug)

    def known_since(self, _ids: Collection[int]) -> Mapping[int, datetime]:
        return {}  # they were there before the portal


source = MunicipalitySource()

Said = Callable[[Collection[int] | None], Mapping[int, tuple[str, str]]]
_more: list[Said] = []


def tell_more(said: Said) -> None:
    """Let a slice above say what else a municipality is found by: its id → Danish and English words."""
    if said not in _more:
        _more.append(said)


def _told(ids: Collection[int] | None) -> dict[int, tuple[str, str]]:
    told: dict[int, tuple[str, str]] = {}
    for said in _more:
        for one, (da, en) in said(ids).items():
            before = told.get(one, ("", ""))
            told[one] = f"{before[0]} {da}".strip(), f"{before[1]} {en}".strip()
    return told


def _document(municipality: Municipality, told_da: str, told_en: str) -> Document:
    regions = [stay.region for stay in municipality.regions]
    da, en = municipality.name_da, municipality.name_en or municipality.name_da
    return Document(
        kind="municipality",
        id=municipality.id,
        version=municipality.version,
        path=f"/municipalities/{municipality.slug}",
        title_da=da,
        title_en=en,
        names=(f"{da} Kommune", f"{en} Municipality", municipality.code),
        body_da=" ".join(filter(None, [*(region.name_da for region in regions), municipality.province_da, told_da])),
        body_en=" ".join(filter(None, [*(region.name_en or region.name_da for region in regions), told_en])),
        municipalities=(municipality.slug,),
    )
