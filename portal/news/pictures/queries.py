"""What pages ask about the pictures of articles. A picture is seen by whoever sees its article."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.core.bilingual import LANGUAGES, Language
from portal.core.db import db, read
from portal.core.errors import NotFound
from portal.core.generations import remembered
from portal.core.permissions import VISITOR, Actor
from portal.editorial import queries as drafts
from portal.news import queries as news
from portal.news.models import Article
from portal.news.permissions import CLOSED, seen_by
from portal.news.pictures.models import ArticlePicture

ORDER = (ArticlePicture.position, ArticlePicture.id)
ROW = select(ArticlePicture.__table__, Article.slug).join(Article, Article.id == ArticlePicture.article_id)


def of_article(article_id: int) -> Sequence[Any]:
    """The pictures of an article that may be seen, the first one first; each with the article's slug."""
    # Most articles have none, and each one's page asks.
    if article_id not in remembered("articles with pictures", _with_pictures):
        return ()
    return read(ROW.where(ArticlePicture.article_id == article_id).order_by(*ORDER)).all()


def _with_pictures() -> frozenset[int]:
    return frozenset(read(select(ArticlePicture.article_id).distinct()).scalars())


def firsts(ids: Collection[int]) -> dict[int, Any]:
    """Article → its first picture, of those articles that have one. The articles may be seen."""
    return {article_id: several[0] for article_id, several in of_each(ids).items()}


def of_each(ids: Collection[int]) -> dict[int, list[Any]]:
    """Article → its pictures as `of_article` gives them, of several at once; of those articles that have any."""
    pictured = remembered("articles with pictures", _with_pictures).intersection(ids)
    found: dict[int, list[Any]] = {}
    if pictured:
        for row in read(ROW.where(ArticlePicture.article_id.in_(pictured)).order_by(*ORDER)):
            found.setdefault(row.article_id, []).append(row)
    return found


def shown(slug: str, picture_id: int, actor: Actor) -> tuple[Any, bool]:
    """(The picture's row, whether everybody may see it). What is said of the article is said of its picture."""
    wanted = ROW.where(Article.slug == slug, ArticlePicture.id == picture_id)
    row = read(wanted.add_columns(seen_by(VISITOR).label("is_public")).where(seen_by(actor))).one_or_none()
    if row is not None:
        return row, bool(row.is_public)
    news.by_slug(slug, actor)  # says whether the article moved, is gone or was never there
    raise NotFound("picture", picture_id)


def shown_by_link(slug: str, picture_id: int, token: str, now: datetime) -> Any:
    """The picture's row, for whoever was given a link to the draft."""
    wanted = ROW.where(Article.slug == slug, ArticlePicture.id == picture_id, Article.state.not_in(CLOSED))
    row = read(wanted).one_or_none()
    if row is None or not drafts.opens(token, ("article", row.article_id), now):
        raise NotFound("picture", picture_id)
    return row


def one_of(article: Article, picture_id: int) -> ArticlePicture:
    """A picture of an article, to be changed."""
    picture = db.session.get(ArticlePicture, picture_id)
    if picture is None or picture.article_id != article.id:
        raise NotFound("picture", picture_id)
    return picture


def count(article_id: int) -> int:
    """How many pictures an article has."""
    number = select(func.count()).select_from(ArticlePicture).where(ArticlePicture.article_id == article_id)
    return db.session.scalar(number) or 0


def without_words(article_id: int) -> Mapping[Language, int]:
    """Language → how many of an article's pictures have no words in it."""
    rows = of_article(article_id)
    return {language: sum(not getattr(row, f"alt_{language}") for row in rows) for language in LANGUAGES}
