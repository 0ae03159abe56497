"""What the pages on which articles are written ask the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.bilingual import text_of
from portal.core.db import db, read
from portal.core.errors import NotFound
from portal.core.permissions import Actor, Role, allows
from portal.municipalities.models import Municipality
from portal.news.editing.content import LOADS
from portal.news.models import Article
from portal.news.permissions import looked_inside_by
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Project

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


def names_of(field: str, ids: Sequence[int]) -> list[str]:
    """What the partners, projects or municipalities that a revision holds are called now."""
    models: dict[str, tuple[Any, Any]] = {
        "author": (Partner, partners.called),
        "partners": (Partner, partners.called),
        "projects": (Project, lambda one: str(text_of(one, "title"))),
        "municipalities": (Municipality, lambda one: str(text_of(one, "name"))),
    }
    model, called = models[field]
    found = {one.id: called(one) for one in db.session.scalars(select(model).where(model.id.in_(ids)))}
    return [found.get(one, f"#{one}") for one in ids]
