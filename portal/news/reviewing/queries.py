"""The draft behind a link."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.errors import Spent
from portal.editorial.models import DraftLink
from portal.news.models import Article
from portal.news.permissions import CLOSED, is_public


def behind(link: DraftLink, now: datetime) -> tuple[Article, bool]:
    """The article that a link leads to, and whether readers have it already. `Spent` for what is closed."""
    statement = select(Article).where(Article.id == link.subject_id)
    article = db.session.scalar(statement.options(joinedload(Article.author), selectinload(Article.themes)))
    if article is None or article.state in CLOSED:
        raise Spent
    return article, is_public(article, now)
