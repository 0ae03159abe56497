"""Who sees an article, as a question and as SQL. An embargo is decided by time, at reading."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, true

from portal.core import clock
from portal.core.db import Moment, any_of
from portal.core.permissions import Actor, Role, rule
from portal.news.models import Article, State

READERS = (Role.EDITOR, Role.CURATOR)
OUT = (State.SCHEDULED, State.PUBLISHED, State.ARCHIVED)
"""States in which an article is out once its time has come."""

UNDATED_OUT = (State.PUBLISHED, State.ARCHIVED)
"""Of these, the ones that may lack a date: what is scheduled needs one."""


@rule("article.see")
def may_see(actor: Actor, article: Article, now: datetime | None = None) -> bool:
    if actor.has(*READERS) or article.author_id in actor.admin_of:
        return True
    return is_public(article, now or clock.now())


def seen_by(actor: Actor, now: Moment | None = None) -> ColumnElement[bool]:
    """`article.see`, said in SQL."""
    if actor.has(*READERS):
        return true()
    own = Article.author_id.in_(actor.admin_of) if actor.admin_of else false()
    return or_(_public(clock.now() if now is None else now), own)


def is_public(article: Article, now: datetime) -> bool:
    """Whether everybody may read it at that moment."""
    if article.expire_at is not None and article.expire_at <= now:
        return False
    if article.publish_at is None:
        return article.state in UNDATED_OUT
    return article.state in OUT and article.publish_at <= now


def was_public(article: Article, now: datetime) -> bool:
    """Whether it was out once and is no longer: its address then says so."""
    if article.publish_at is not None and article.publish_at > now:
        return False
    return article.state is State.WITHDRAWN or (article.state in OUT and not is_public(article, now))


def _public(now: Moment) -> ColumnElement[bool]:
    """`is_public`, said in SQL."""
    undated = and_(Article.publish_at.is_(None), any_of(Article.state, UNDATED_OUT))
    dated = and_(Article.publish_at <= now, any_of(Article.state, OUT))
    return and_(or_(undated, dated), or_(Article.expire_at.is_(None), Article.expire_at > now))
