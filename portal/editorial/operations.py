"""Links to drafts, what is said of drafts, and their revisions. Whoever calls has asked the subject's own rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from portal.core import audit, mail
from portal.core.db import db
from portal.core.errors import Invalid, Spent
from portal.core.permissions import VISITOR, Actor
from portal.core.tokens import digest_of, new_token
from portal.editorial import queries
from portal.editorial.models import DraftComment, DraftLink, Purpose, Revision

LINKS_HOLD = timedelta(days=7)
LINKS_KEPT = timedelta(days=30)
NAMES_KEPT = timedelta(days=365)
LONGEST_COMMENT = 4000

Subject = tuple[str, int]
"""The kind and the id of what is looked after: ("article", 7)."""


def share(subject: Subject, purpose: Purpose, name: str, *, actor: Actor, now: datetime) -> tuple[DraftLink, str]:
    """Make a link to a draft; returns it with its token, which is kept nowhere."""
    kind, subject_id = subject
    if purpose is Purpose.REVIEW and not name:
        raise Invalid("name", "a reviewer has a name")
    token = new_token()
    link = DraftLink(
        subject_kind=kind,
        subject_id=subject_id,
        purpose=purpose,
        name=name,
        token_hash=digest_of(token),
        created_by_id=actor.account_id,
        created_at=now,
        expires_at=now + LINKS_HOLD,
    )
    db.session.add(link)
    db.session.flush()
    audit.record(actor, f"{kind}.link_made", kind, subject_id, {"link": (None, purpose), "for": ("", name)}, now=now)
    return link, token


def ask_reviewer(subject: Subject, name: str, *, actor: Actor, now: datetime) -> str:
    """Make a link by which somebody reads a draft and says what they think of it; returns its token."""
    return share(subject, Purpose.REVIEW, name, actor=actor, now=now)[1]


def mail_reviewer(email: str, language: str, *, name: str, giver: str, title: object, link: str) -> None:
    """Mail a reviewer their link."""
    mail.post(
        email,
        "review_asked",
        kind="review_asked",
        language=language,
        name=name,
        giver=giver,
        title=title,
        link=link,
    )


def revoke(link: DraftLink, *, actor: Actor, now: datetime) -> None:
    """Let a link lead nowhere from now on. Twice keeps the first moment."""
    if link.revoked_at is None:
        link.revoked_at = now
        changes = {"link": (link.purpose, None), "for": (link.name, "")}
        audit.record(actor, f"{link.subject_kind}.link_revoked", link.subject_kind, link.subject_id, changes, now=now)


def opened(link: DraftLink, *, now: datetime) -> None:
    """Note when a link was last used."""
    link.opened_at = now


def comment(subject: Subject, body: str, *, actor: Actor, now: datetime) -> DraftComment:
    """Say something about a draft, as oneself."""
    return _say(subject, body, actor, now, author_id=actor.account_id)


def comment_by_link(link: DraftLink, name: str, body: str, *, now: datetime) -> DraftComment:
    """Say something about a draft as the one whom a link was made for. `Spent` when it is good for that no more."""
    if link.purpose is not Purpose.REVIEW or not queries.holds(link, now):
        raise Spent
    if not name:
        raise Invalid("name", "a reviewer has a name")
    return _say((link.subject_kind, link.subject_id), body, VISITOR, now, link_id=link.id, name=name)


def _say(subject: Subject, body: str, actor: Actor, now: datetime, **who: Any) -> DraftComment:
    kind, subject_id = subject
    if not body or len(body) > LONGEST_COMMENT:
        raise Invalid("body", "is empty or too long")
    said = DraftComment(subject_kind=kind, subject_id=subject_id, body=body, at=now, **who)
    db.session.add(said)
    db.session.flush()
    # That something was said, never what.
    audit.record(actor, f"{kind}.commented", kind, subject_id, {"comment": (None, said.id)}, now=now)
    return said


def settle(said: DraftComment, *, settled: bool, actor: Actor, now: datetime) -> None:
    """Note that a comment has been dealt with, or that it has not after all."""
    if settled == (said.settled_at is not None):
        return
    said.settled_at = now if settled else None
    action = "comment_settled" if settled else "comment_reopened"
    kind = said.subject_kind
    audit.record(actor, f"{kind}.{action}", kind, said.subject_id, {"comment": (said.id, said.id)}, now=now)


def keep(subject: Subject, content: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Keep a thing's content as its next revision, unless the last one says the same."""
    kind, subject_id = subject
    last = queries.last_revision(subject)
    if last is not None and last.content == dict(content):
        return
    number = last.number + 1 if last else 1
    db.session.add(
        Revision(
            subject_kind=kind,
            subject_id=subject_id,
            number=number,
            at=now,
            author_id=actor.account_id,
            content=dict(content),
        )
    )
    db.session.flush()


def forget(subject: Subject) -> None:
    """Forget what was said of a thing that is deleted, its links and its revisions."""
    kind, subject_id = subject
    for model in (DraftComment, DraftLink, Revision):
        db.session.execute(delete(model).where(model.subject_kind == kind, model.subject_id == subject_id))


def sweep(now: datetime) -> None:
    """Forget links that led nowhere long ago, and the names of reviewers whose comment is a year old."""
    db.session.execute(delete(DraftLink).where(DraftLink.expires_at < now - LINKS_KEPT))
    named = (DraftComment.name != "", DraftComment.at < now - NAMES_KEPT)
    db.session.execute(update(DraftComment).where(*named).values(name=""))
