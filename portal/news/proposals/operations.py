"""A member's proposal: handed in, taken back, taken by the desk, returned with a word, or refused with a reason."""

from datetime import datetime

from portal.core import mail
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.core.web import address
from portal.editorial import queries as drafts
from portal.news.models import Article, State
from portal.news.publishing import rules
from portal.news.publishing.operations import note


def submit(article: Article, *, actor: Actor, now: datetime) -> None:
    """Hand a draft in. `Invalid` while title or text are missing."""
    require(actor, "article.submit", article)
    if lacking := rules.missing(article, State.IN_REVIEW, now):
        raise Invalid("state", f"missing: {', '.join(lacking)}")
    _move(article, State.SUBMITTED, "article.submitted", actor, now)
    article.submitted_at, article.answer = now, ""


def take_back(article: Article, *, actor: Actor, now: datetime) -> None:
    """Have it back as a draft, as long as nobody has taken it."""
    require(actor, "article.take_back", article)
    _move(article, State.DRAFT, "article.taken_back", actor, now)
    article.submitted_at = None


def take(article: Article, *, actor: Actor, now: datetime) -> None:
    """Make it the desk's: staff edit it from now on, and whoever takes it has it. `Conflict` where none waits."""
    _require_submitted(article, actor)
    article.assignee_id = actor.account_id
    _move(article, State.IN_REVIEW, "article.taken", actor, now)


def give_back(article: Article, answer: str, *, actor: Actor, now: datetime) -> None:
    """Return it to be worked over; whoever wrote it is told what is missing."""
    require(actor, "article.publish", article)
    is_proposal = article.submitted_at is not None and article.state in (State.SUBMITTED, State.IN_REVIEW)
    if not is_proposal:
        raise Conflict
    _answer(article, answer, State.DRAFT, "article.returned", "proposal_returned", actor, now)
    article.submitted_at = article.assignee_id = None


def refuse(article: Article, answer: str, *, actor: Actor, now: datetime) -> None:
    """Turn it down for good; whoever wrote it is told why."""
    require(actor, "article.publish", article)
    if article.submitted_at is None or article.state not in (State.SUBMITTED, State.IN_REVIEW):
        raise Conflict
    _answer(article, answer, State.REFUSED, "article.refused", "proposal_refused", actor, now)


def _require_submitted(article: Article, actor: Actor) -> None:
    require(actor, "article.publish", article)
    if article.state is not State.SUBMITTED:
        raise Conflict


def _answer(article: Article, answer: str, to: State, action: str, template: str, actor: Actor, now: datetime) -> None:
    if not answer:
        raise Invalid("reason", "a word to whoever wrote it")
    article.answer = answer
    _move(article, to, action, actor, now, answer)
    if article.created_by_id is None:
        return
    account = drafts.account(article.created_by_id)
    if not account.email or not account.is_active:
        return
    mail.post(
        account.email,
        template,
        kind=template,
        language=account.locale,
        name=account.name,
        title=article.text("title", "en" if account.locale == "en" else "da"),
        answer=answer,
        link=address("proposals.show", article_id=article.id, language=account.locale),
    )


def _move(article: Article, to: State, action: str, actor: Actor, now: datetime, reason: str = "") -> None:
    changes: dict[str, tuple[object, object]] = {"state": (article.state, to)}
    if reason:
        changes["reason"] = ("", reason)
    article.state, article.updated_at = to, now
    note(article, action, changes, actor=actor, now=now)
