"""Who sees an article and who works on it, as questions and as SQL. An embargo is decided by time, at reading."""

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


DELETABLE = (State.DRAFT, State.REFUSED)
"""States that an article never comes back to once readers have seen it."""

CLOSED = (State.REFUSED, State.WITHDRAWN)
"""States in which the text stays as it is."""


@rule("article.see")
def may_see(actor: Actor, article: Article, now: datetime | None = None) -> bool:
    return may_look_inside(actor, article) or is_public(article, now or clock.now())


def seen_by(actor: Actor, now: Moment | None = None) -> ColumnElement[bool]:
    """`article.see`, said in SQL."""
    return or_(looked_inside_by(actor), public_at(clock.now() if now is None else now))


@rule("article.look_inside")
def may_look_inside(actor: Actor, article: Article) -> bool:
    """Read it whatever its state, with its revisions: who wrote it, admins of the partner it is from, staff."""
    return actor.has(*READERS) or _is_own(actor, article) or article.author_id in actor.admin_of


def looked_inside_by(actor: Actor) -> ColumnElement[bool]:
    """`article.look_inside`, said in SQL."""
    if actor.has(*READERS):
        return true()
    admitted: list[ColumnElement[bool]] = []
    if actor.account_id is not None:
        admitted.append(Article.created_by_id == actor.account_id)
    if actor.admin_of:
        admitted.append(Article.author_id.in_(actor.admin_of))
    return or_(*admitted) if admitted else false()


@rule("article.create")
def may_create(actor: Actor, _nothing: object) -> bool:
    """Editors, and whoever acts for a partner. It concerns no single thing, so it has no twin."""
    return actor.has(Role.EDITOR) or bool(actor.partner_ids)


@rule("article.edit")
def may_edit(actor: Actor, article: Article) -> bool:
    """Editors; members their own drafts, until they hand them in."""
    if actor.has(Role.EDITOR):
        return article.state not in CLOSED
    return article.state is State.DRAFT and _writes_for_partner(actor, article)


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`article.edit`, said in SQL."""
    if actor.has(Role.EDITOR):
        return Article.state.not_in(CLOSED)
    if actor.account_id is None or not actor.partner_ids:
        return false()
    own = and_(Article.created_by_id == actor.account_id, Article.author_id.in_(actor.partner_ids))
    return and_(own, Article.state == State.DRAFT)


@rule("article.delete")
def may_delete(actor: Actor, article: Article) -> bool:
    return article.state in DELETABLE and (actor.has(Role.EDITOR) or _writes_for_partner(actor, article))


@rule("article.submit")
def may_submit(actor: Actor, article: Article) -> bool:
    return article.state is State.DRAFT and _writes_for_partner(actor, article)


@rule("article.take_back")
def may_take_back(actor: Actor, article: Article) -> bool:
    return article.state is State.SUBMITTED and _is_own(actor, article)


@rule("article.publish")
def may_publish(actor: Actor, _article: Article | None) -> bool:
    """Decide about it: take, return, refuse, schedule, publish, withdraw; and show the draft to others."""
    return actor.has(Role.EDITOR)


@rule("article.discuss")
def may_discuss(actor: Actor, article: Article) -> bool:
    """Read and write comments on the draft: staff, and whoever wrote it."""
    return actor.has(*READERS) or _is_own(actor, article)


def _is_own(actor: Actor, article: Article) -> bool:
    return actor.account_id is not None and article.created_by_id == actor.account_id


def _writes_for_partner(actor: Actor, article: Article) -> bool:
    return _is_own(actor, article) and article.author_id in actor.partner_ids


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


def public_at(now: Moment) -> ColumnElement[bool]:
    """`is_public`, said in SQL."""
    undated = and_(Article.publish_at.is_(None), any_of(Article.state, UNDATED_OUT))
    dated = and_(Article.publish_at <= now, any_of(Article.state, OUT))
    return and_(or_(undated, dated), or_(Article.expire_at.is_(None), Article.expire_at > now))
