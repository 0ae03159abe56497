"""Pictures of an article: the only way they are added, described anew, put first and taken away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.core import pictures, uploads
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.core.uploads import Upload
from portal.news.editing.operations import keep_version
from portal.news.models import Article
from portal.news.pictures import queries
from portal.news.pictures.models import ArticlePicture
from portal.news.publishing.operations import note

MOST = 12


@dataclass(frozen=True)
class Details:
    """What is said of a picture."""

    alt_da: str
    alt_en: str
    caption_da: str
    caption_en: str
    credit: str
    focus_x: int
    focus_y: int


def add(article: Article, upload: Upload, details: Details, *, actor: Actor, now: datetime) -> ArticlePicture:
    """Put a picture after those that an article has."""
    require(actor, "article.edit", article)
    _demand(details)
    if queries.count(article.id) >= MOST:
        raise Invalid("picture", f"an article has at most {MOST} pictures")
    uploads.enter(upload, now=now)
    width, height = pictures.measured(upload.digest)
    last = select(func.max(ArticlePicture.position)).where(ArticlePicture.article_id == article.id)
    picture = ArticlePicture(
        article_id=article.id,
        digest=upload.digest,
        width=width,
        height=height,
        position=(db.session.scalar(last) or 0) + 1,
        created_at=now,
        **vars(details),
    )
    db.session.add(picture)
    _trace(article, "article.picture_added", {"alt_da": ("", details.alt_da)}, actor, now)
    return picture


def revise(article: Article, picture: ArticlePicture, details: Details, *, actor: Actor, now: datetime) -> None:
    """Say something else of a picture, or see something else in it. Nothing changed, nothing recorded."""
    require(actor, "article.edit", article)
    _demand(details)
    changes = {name: (getattr(picture, name), said) for name, said in vars(details).items()}
    changes = {name: change for name, change in changes.items() if change[0] != change[1]}
    for name, (_before, said) in changes.items():
        setattr(picture, name, said)
    if changes:
        _trace(article, "article.picture_revised", changes, actor, now)


def put_first(article: Article, picture: ArticlePicture, *, actor: Actor, now: datetime) -> None:
    """Let a picture stand above the text, on lists and in feeds."""
    require(actor, "article.edit", article)
    others = (ArticlePicture.article_id == article.id, ArticlePicture.id != picture.id)
    lowest = db.session.scalar(select(func.min(ArticlePicture.position)).where(*others))
    if lowest is None or picture.position < lowest:
        return
    picture.position = lowest - 1
    _trace(article, "article.picture_put_first", {"alt_da": ("", picture.alt_da)}, actor, now)


def remove(article: Article, picture: ArticlePicture, *, actor: Actor, now: datetime) -> None:
    """Take a picture away; its file goes when nothing refers to it any more."""
    require(actor, "article.edit", article)
    db.session.delete(picture)
    _trace(article, "article.picture_removed", {"alt_da": (picture.alt_da, "")}, actor, now)


def _demand(details: Details) -> None:
    if not (details.alt_da and details.alt_en):
        raise Invalid("alt_da", "a picture needs words in both languages")


def _trace(article: Article, action: str, changes: dict[str, tuple[Any, Any]], actor: Actor, now: datetime) -> None:
    article.updated_at = now
    note(article, action, changes, actor=actor, now=now)
    keep_version(article, actor=actor, now=now)
