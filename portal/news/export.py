"""Giving out the articles of news.csv, as `load` reads them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.bilingual import other
from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.news.models import Article
from portal.news.permissions import seen_by
from portal.partners import export as partners
from portal.projects import export as projects


def rows() -> Iterator[dict[str, Any]]:
    """A row for each article that everybody may read now."""
    partner_ids, project_ids = partners.ids(), projects.ids()
    options = (selectinload(Article.partners), selectinload(Article.projects))
    for article in db.session.scalars(select(Article).where(seen_by(VISITOR)).order_by(Article.id).options(*options)):
        shown = article.text("title", "da")
        dated = article.dated
        yield {
            "news_id": article.import_key or article.slug,
            "kind": "article",
            "date": dated,
            "date_precision": dated.precision if dated else "none",
            "language": shown.language,
            "title": shown.text,
            "summary": article.text("standfirst", shown.language).text,
            "title_translated": _only(article, "title", shown.language),
            "summary_translated": _only(article, "standfirst", shown.language),
            "partner_ids": ";".join(partner_ids[t.partner_id] for t in article.partners if t.partner_id in partner_ids),
            "project_ids": ";".join(project_ids[t.project_id] for t in article.projects if t.project_id in project_ids),
            "url": article.origin_url,
            "note": article.source_note,
            "source_url": article.source_url,
            "retrieved": article.retrieved,
        }


def _only(article: Article, pair: str, language: Any) -> str:
    return getattr(article, f"{pair}_{other(language)}") if article.title_da and article.title_en else ""
