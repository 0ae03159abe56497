"""What members ask about the articles of their partners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.core import paging
from portal.core.db import db
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.news.models import Article, State
from portal.news.permissions import looked_inside_by


def mine(actor: Actor, page: int) -> Part:
    """A page of the articles that the actor wrote, and, for admins, those of their partners; the last changed first."""
    theirs = or_(Article.created_by_id == actor.account_id, Article.author_id.in_(actor.admin_of))
    statement = (
        select(Article)
        .where(theirs, looked_inside_by(actor))
        .order_by(Article.updated_at.desc(), Article.id.desc())
        .options(joinedload(Article.author), joinedload(Article.created_by))
    )
    return paging.read(statement, page)


def answered(actor: Actor) -> Sequence[Any]:
    """The actor's proposals that were returned to be worked over: id, title pair, when."""
    columns = (Article.id, Article.title_da, Article.title_en, Article.answer, Article.updated_at)
    waiting = (Article.created_by_id == actor.account_id, Article.state == State.DRAFT, Article.answer != "")
    return db.session.execute(select(*columns).where(*waiting)).all() if actor.account_id else ()


def count_submitted(_actor: Actor) -> int:
    """How many proposals wait for the desk."""
    return db.session.scalar(select(func.count()).where(Article.state == State.SUBMITTED)) or 0


def oldest_submitted(_actor: Actor) -> datetime | None:
    """Since when the oldest proposal waits."""
    return db.session.scalar(select(func.min(Article.submitted_at)).where(Article.state == State.SUBMITTED))


def count_in_review(_actor: Actor) -> int:
    """How many articles are being reviewed."""
    return db.session.scalar(select(func.count()).where(Article.state == State.IN_REVIEW)) or 0


def oldest_in_review(_actor: Actor) -> datetime | None:
    """Since when the one that was left alone longest is in review."""
    return db.session.scalar(select(func.min(Article.updated_at)).where(Article.state == State.IN_REVIEW))
