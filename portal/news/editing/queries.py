"""What the pages on which articles are written ask the database."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db, read
from portal.core.errors import NotFound
from portal.core.permissions import Actor, Role, allows
from portal.news.editing.content import LOADS
from portal.news.models import Article
from portal.news.permissions import looked_inside_by
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by

MOST_ID = 2**31 - 1


def to_work_on(article_id: int, actor: Actor, action: str) -> Article:
    """The article with all that its writers decide. `NotFound` unless the actor may do `action` to it."""
    statement = (
        select(Article)
        .where(Article.id == article_id, looked_inside_by(actor))
        .options(*LOADS, joinedload(Article.author), joinedload(Article.created_by), joinedload(Article.assignee))
    )
    article = db.session.scalar(statement) if article_id <= MOST_ID else None
    if article is None or not allows(actor, action, article):
        raise NotFound("article", article_id)
    return article


def authors_for(actor: Actor) -> list[tuple[int, str]]:
    """In whose name somebody may write: editors in every partner's, members in their own partners'."""
    rows = select(Partner.id, Partner.name, Partner.name_da, Partner.name_en).where(partner_seen_by(actor))
    if not actor.has(Role.EDITOR):
        rows = rows.where(Partner.id.in_(actor.partner_ids))
    return [(row.id, partners.called(row)) for row in read(rows.order_by(Partner.sort_key))]
