"""Making an article of what a feed brought: an excerpt that leads to its source, never the whole foreign text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.bilingual import Language, other
from portal.core.db import db
from portal.core.permissions import Actor, require
from portal.core.themes import Theme
from portal.news.editing import operations as editing
from portal.news.editing.content import Content
from portal.news.models import Article, State
from portal.news.publishing import operations as publishing

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Source:
    """What is known of somebody else's text. `partner_id` is whose feed brought it.

    `other_title` and `other_excerpt` are what it says in the other language, where they tell it in both.
    """

    entry_id: int
    title: str
    excerpt: str
    language: Language
    origin_url: str
    partner_id: int | None = None
    published_at: datetime | None = None
    themes: tuple[Theme, ...] = ()
    partner_ids: tuple[int, ...] = ()
    project_ids: tuple[int, ...] = ()
    municipality_ids: tuple[int, ...] = ()
    other_title: str = ""
    other_excerpt: str = ""


def of_entry(entry_id: int) -> Article | None:
    """The article that was made of a feed's entry."""
    return db.session.scalar(select(Article).where(Article.entry_id == entry_id))


def take(source: Source, *, publish: bool, actor: Actor, now: datetime) -> Article:
    """Make a draft of it, or publish it at once as a linked notice. What was taken once is returned as it is now.

    A notice carries the source's own date, as far as that is known and past; whoever decides about entries may publish
    one. A draft is for those who write on it.
    """
    require(actor, "entry.decide" if publish else "article.publish", None)
    if (known := of_entry(source.entry_id)) is not None:
        return known
    dated = source.published_at if source.published_at and source.published_at <= now else None
    content = Content(
        texts={
            f"title_{source.language}": source.title[:LONGEST_TITLE],
            f"standfirst_{source.language}": source.excerpt,
            f"title_{other(source.language)}": source.other_title[:LONGEST_TITLE],
            f"standfirst_{other(source.language)}": source.other_excerpt,
        },
        themes=source.themes,
        author_id=source.partner_id,
        partner_ids=tuple(sorted({*source.partner_ids, *([source.partner_id] if source.partner_id else [])})),
        project_ids=tuple(sorted(source.project_ids)),
        municipality_ids=tuple(sorted(source.municipality_ids)),
        publish_at=dated,
        origin_url=source.origin_url,
    )
    article = editing.begin(content, actor=actor, now=now, entry_id=source.entry_id)
    if publish:
        publishing.carry_out(article, State.PUBLISHED, actor=actor, now=now)
    return article
