"""Taking an article from state to state, giving it to somebody, and keeping its hours: the only way these change."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.core import audit, mail
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import SYSTEM, Actor, require
from portal.core.web import address
from portal.editorial import queries as drafts
from portal.news.editing.content import content_of
from portal.news.editing.operations import KIND, free_slug
from portal.news.models import Article, State
from portal.news.publishing import rules
from portal.search.outbox import touch

HELD = (State.SCHEDULED, State.PUBLISHED)


def move(article: Article, to: State, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Take the step. `Conflict` where there is none from here, `Invalid` while something it demands is missing."""
    require(actor, "article.publish", article)
    carry_out(article, to, reason=reason, actor=actor, now=now)


def carry_out(article: Article, to: State, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """`move` for an operation that has asked already."""
    step = rules.step(article, to, now)
    if step is None:
        raise Conflict
    if step.wants_reason and not reason:
        raise Invalid("reason", "this step wants a reason")
    if lacking := rules.missing(article, to, now):
        raise Invalid("state", f"missing: {', '.join(lacking)}")
    before = rules.state_now(article, now)
    changes: dict[str, tuple[object, object]] = {"state": (before, to)}
    if reason:
        changes["reason"] = ("", reason)
    if before in rules.OPEN and to in HELD:
        _settle_address(article)
    if to is State.PUBLISHED and before in rules.OPEN and (article.publish_at is None or article.publish_at > now):
        changes["publish_at"] = (article.publish_at, now)
        article.publish_at = now
    article.state, article.updated_at = to, now
    note(article, "article.moved", changes, actor=actor, now=now)


def _settle_address(article: Article) -> None:
    """Name the address by the title as it is now: nobody has been given it yet."""
    article.slug = free_slug(content_of(article), but=article.slug)


def assign(article: Article, account_id: int | None, *, actor: Actor, now: datetime) -> None:
    """Give an article to one of the staff, who is told, or to nobody."""
    require(actor, "article.publish", article)
    if article.assignee_id == account_id:
        return
    before = article.assignee_id
    names = dict(drafts.staff())
    if account_id is not None and account_id not in names:
        raise Invalid("assignee", "is none of the staff")
    article.assignee_id = account_id
    changes = {"assignee": (names.get(before or 0, ""), names.get(account_id or 0, ""))}
    note(article, "article.assigned", changes, actor=actor, now=now)
    if account_id is not None and account_id != actor.account_id:
        _tell(article, account_id, actor)


def _tell(article: Article, account_id: int, giver: Actor) -> None:
    account = drafts.account(account_id)
    mail.post(
        str(account.email),
        "draft_assigned",
        kind="draft_assigned",
        language=account.locale,
        name=account.name,
        giver=giver.name,
        title=article.text("title", "en" if account.locale == "en" else "da"),
        link=address("newsroom.show", article_id=article.id, language=account.locale),
    )


def keep_hours(now: datetime) -> None:
    """Note of what came out and of what expired by time alone that it did: readers saw so at the moment itself."""
    due = select(Article).where(Article.state == State.SCHEDULED, Article.publish_at <= now)
    for article in db.session.scalars(due.with_for_update()).all():
        article.state = State.PUBLISHED
        changes = {"state": (State.SCHEDULED, State.PUBLISHED)}
        note(article, "article.came_out", changes, actor=SYSTEM, now=now)
    expired = select(Article).where(Article.state == State.PUBLISHED, Article.expire_at <= now)
    for article in db.session.scalars(expired.with_for_update()).all():
        article.state = State.ARCHIVED
        changes = {"state": (State.PUBLISHED, State.ARCHIVED)}
        note(article, "article.expired", changes, actor=SYSTEM, now=now)


def note(
    article: Article, action: str, changes: Mapping[str, tuple[object, object]], *, actor: Actor, now: datetime
) -> None:
    """Leave the trace of a change of state, and tell search and caches."""
    db.session.flush()
    audit.record(actor, action, KIND, article.id, changes, now=now)
    touch(KIND, article.id)
