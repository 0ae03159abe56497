"""What we have written ourselves, for feeds: a story that is told here already needs no other telling."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal.core import richtext
from portal.core.bilingual import LANGUAGES
from portal.core.db import any_of, read
from portal.core.web import absolute
from portal.feeds.ours import Own
from portal.news.models import Article
from portal.news.permissions import OUT

KIND = "article"
COMPARED = 600


def stories(since: datetime) -> Sequence[Own]:
    """Articles that are out or about to be, one for each language they are written in."""
    pairs = ("title", "standfirst", "body")
    texts = (getattr(Article, f"{pair}_{language}") for pair in pairs for language in LANGUAGES)
    lately = or_(Article.publish_at >= since, Article.created_at >= since)
    statement = select(Article.id, Article.slug, Article.origin_url, *texts).where(any_of(Article.state, OUT), lately)
    return [own for row in read(statement).all() for own in _told(row)]


def _told(row: Any) -> Iterator[Own]:
    urls = tuple(absolute(f"/{language}/news/{row.slug}") for language in LANGUAGES)
    for language in LANGUAGES:
        if title := getattr(row, f"title_{language}"):
            text = f"{getattr(row, f'standfirst_{language}')}\n\n{getattr(row, f'body_{language}')}"
            yield Own(KIND, row.id, title, richtext.excerpt(text, COMPARED), (*urls, *filter(None, [row.origin_url])))
