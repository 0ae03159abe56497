"""News as search sees it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.core.richtext import plain
from portal.news.models import Article, ArticleMunicipality, ArticlePartner, ArticleProject
from portal.news.permissions import seen_by
from portal.partners.models import Partner, PartnerType
from portal.projects.models import Project, Visibility
from portal.search.documents import Document

BATCH = 500


class ArticleSource:
    """Implements `portal.search.documents.Source`."""

    kind = "article"

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        statement = (
            select(Article)
            .where(seen_by(VISITOR))
            .options(
                joinedload(Article.author),
                selectinload(Article.themes),
                selectinload(Article.partners).joinedload(ArticlePartner.partner).joinedload(Partner.municipality),
                selectinload(Article.projects).joinedload(ArticleProject.project),
                selectinload(Article.municipalities).joinedload(ArticleMunicipality.municipality),
            )
            .execution_options(yield_per=BATCH)
        )
        if ids is not None:
            statement = statement.where(Article.id.in_(ids))
        yield from map(_document, db.session.scalars(statement))

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        return set(db.session.scalars(select(Article.id).where(Article.id.in_(ids), seen_by(actor))))

    def versions(self) -> Mapping[int, int]:
        return dict(db.session.execute(select(Article.id, Article.version).where(seen_by(VISITOR))).all())

    def known_since(self, ids: Collection[int]) -> Mapping[int, datetime]:
        known = select(Article.id, func.coalesce(Article.publish_at, Article.created_at))
        return dict(db.session.execute(known.where(Article.id.in_(ids))).all())


source = ArticleSource()


def _document(article: Article) -> Document:
    partners = [one.partner for one in article.partners if one.partner.is_public]
    projects = [one.project for one in article.projects if one.project.visibility is Visibility.PUBLIC]
    others = _names(partners, projects)
    dated = article.dated
    return Document(
        kind="article",
        id=article.id,
        version=article.version,
        path=f"/news/{article.slug}",
        title_da=article.title_da,
        title_en=article.title_en,
        summary_da=article.standfirst_da,
        summary_en=article.standfirst_en,
        body_da="\n".join([plain(article.body_da), others]).strip(),
        body_en="\n".join([plain(article.body_en), others]).strip(),
        themes=tuple(one.theme.value for one in article.themes),
        partners=tuple(partner.slug for partner in partners),
        municipalities=_places(article, partners),
        years=(dated.day.year,) if dated else (),
        date=dated.day if dated else None,
    )


def _places(article: Article, partners: Collection[Partner]) -> tuple[str, ...]:
    """The municipalities it names, itself or through their own organisations."""
    own = [partner.municipality for partner in partners if partner.type is PartnerType.MUNICIPALITY]
    places = [one.municipality for one in article.municipalities] + [place for place in own if place]
    return tuple(dict.fromkeys(place.slug for place in places))


def _names(partners: Collection[Partner], projects: Collection[Project]) -> str:
    return " ".join([partner.name for partner in partners] + [project.acronym for project in projects])
