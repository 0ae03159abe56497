"""Series of webinars as search sees them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.projects.models import Visibility
from portal.search.documents import Document
from portal.webinars.models import Series, SeriesPartner, SeriesProject
from portal.webinars.series.permissions import seen_by


class SeriesSource:
    """Implements `portal.search.documents.Source`."""

    kind = "series"

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        statement = (
            select(Series)
            .where(seen_by(VISITOR))
            .options(
                selectinload(Series.themes),
                selectinload(Series.partners).joinedload(SeriesPartner.partner),
                selectinload(Series.projects).joinedload(SeriesProject.project),
            )
        )
        if ids is not None:
            statement = statement.where(Series.id.in_(ids))
        yield from map(_document, db.session.scalars(statement))

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        return set(db.session.scalars(select(Series.id).where(Series.id.in_(ids), seen_by(actor))))

    def versions(self) -> Mapping[int, int]:
        return dict(db.session.execute(select(Series.id, Series.version).where(seen_by(VISITOR))).all())

    def known_since(self, ids: Collection[int]) -> Mapping[int, datetime]:
        known = select(Series.id, Series.created_at)
        return dict(db.session.execute(known.where(Series.id.in_(ids))).all())


source = SeriesSource()


def _document(series: Series) -> Document:
    partners = [one.partner for one in series.partners if one.partner.is_public]
    projects = [one.project for one in series.projects if one.project.visibility is Visibility.PUBLIC]
    named = [*(one.name for one in partners), *(one.acronym for one in projects)]
    others = " ".join(filter(None, [*named, series.host_names, series.speaker_names]))
    return Document(
        kind="series",
        id=series.id,
        version=series.version,
        path=f"/webinars/series/{series.slug}",
        title_da=series.title_da,
        title_en=series.title_en,
        summary_da=series.summary_da,
        summary_en=series.summary_en,
        body_da=others,
        body_en=others,
        themes=tuple(one.theme.value for one in series.themes),
        partners=tuple(one.slug for one in partners),
    )
