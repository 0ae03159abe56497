"""What pages ask about what goes on before readers see a thing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, AccountRole
from portal.accounts.queries import is_reachable
from portal.core.audit import AuditEntry
from portal.core.bilingual import text_of
from portal.core.db import db, read
from portal.core.errors import NotFound, Spent
from portal.core.permissions import Role
from portal.core.tokens import digest_of
from portal.editorial.models import DraftComment, DraftLink, Purpose, Revision
from portal.municipalities.models import Municipality
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.projects.models import Project

Subject = tuple[str, int]

NAMED: dict[str, tuple[Any, Any]] = {
    "author": (Partner, partners.called),
    "hosts": (Partner, partners.called),
    "partners": (Partner, partners.called),
    "projects": (Project, lambda one: str(text_of(one, "title"))),
    "municipalities": (Municipality, lambda one: str(text_of(one, "name"))),
}
"""Fields of revisions that hold ids → of what, and how one is called."""


def holds(link: DraftLink, now: datetime) -> bool:
    """Whether a link still leads to its draft."""
    return link.revoked_at is None and now < link.expires_at


def link_by_token(token: str, kind: str, purpose: Purpose, now: datetime) -> DraftLink:
    """The link that a token belongs to. `Spent` for what has ended, is for something else or never was."""
    found = db.session.scalar(
        select(DraftLink).where(
            DraftLink.token_hash == digest_of(token), DraftLink.subject_kind == kind, DraftLink.purpose == purpose
        )
    )
    if found is None or not holds(found, now):
        raise Spent
    return found


def opens(token: str, subject: Subject, now: datetime) -> bool:
    """Whether a token's link leads to this draft, whatever else it is good for: what the draft shows asks so."""
    found = db.session.scalar(select(DraftLink).where(DraftLink.token_hash == digest_of(token)))
    return found is not None and (found.subject_kind, found.subject_id) == subject and holds(found, now)


def links_of(subject: Subject, now: datetime) -> Sequence[DraftLink]:
    """The links to a draft that still lead there, the newest first."""
    mine = select(DraftLink).where(DraftLink.subject_kind == subject[0], DraftLink.subject_id == subject[1])
    good = mine.where(DraftLink.revoked_at.is_(None), DraftLink.expires_at > now)
    return db.session.scalars(good.order_by(DraftLink.id.desc())).all()


def link_of(subject: Subject, link_id: int) -> DraftLink:
    """One of the links to a draft."""
    link = db.session.get(DraftLink, link_id)
    if link is None or (link.subject_kind, link.subject_id) != subject:
        raise NotFound("link", link_id)
    return link


def comments_of(subject: Subject) -> Sequence[DraftComment]:
    """What was said of a draft, in order, with who said it."""
    mine = select(DraftComment).where(DraftComment.subject_kind == subject[0], DraftComment.subject_id == subject[1])
    return db.session.scalars(mine.order_by(DraftComment.id).options(joinedload(DraftComment.author))).all()


def comment_of(subject: Subject, comment_id: int) -> DraftComment:
    """One of the things said of a draft."""
    said = db.session.get(DraftComment, comment_id)
    if said is None or (said.subject_kind, said.subject_id) != subject:
        raise NotFound("comment", comment_id)
    return said


def open_comments(kind: str, ids: Collection[int]) -> dict[int, int]:
    """Thing → how many comments on it nobody has dealt with."""
    waiting = (
        select(DraftComment.subject_id, func.count())
        .where(DraftComment.subject_kind == kind, DraftComment.subject_id.in_(ids), DraftComment.settled_at.is_(None))
        .group_by(DraftComment.subject_id)
    )
    return {row[0]: row[1] for row in read(waiting)}


def last_revision(subject: Subject) -> Revision | None:
    """A thing's newest revision."""
    return db.session.scalars(_revisions(subject).order_by(Revision.number.desc()).limit(1)).first()


def revisions_of(subject: Subject) -> Sequence[Revision]:
    """A thing's revisions, the newest first, with who saved each."""
    newest = _revisions(subject).order_by(Revision.number.desc())
    return db.session.scalars(newest.options(joinedload(Revision.author))).all()


def revision_of(subject: Subject, number: int) -> Revision:
    """One revision of a thing."""
    found = db.session.scalar(_revisions(subject).where(Revision.number == number).options(joinedload(Revision.author)))
    if found is None:
        raise NotFound("revision", number)
    return found


def _revisions(subject: Subject):  # type: ignore[no-untyped-def]
    return select(Revision).where(Revision.subject_kind == subject[0], Revision.subject_id == subject[1])


def staff() -> list[tuple[int, str]]:
    """(id, name) of everybody whom work on content can be given to: editors and curators who can sign in."""
    has = select(AccountRole.account_id).where(AccountRole.role.in_((Role.EDITOR, Role.CURATOR)))
    people = select(Account.id, Account.name, Account.email).where(Account.id.in_(has), is_reachable())
    return [(row.id, row.name or row.email) for row in read(people.order_by(Account.name, Account.id))]


def account(account_id: int) -> Account:
    """Whom a mail of the desk goes to."""
    return db.session.scalars(select(Account).where(Account.id == account_id)).one()


def trace_of(subject: Subject, action: str) -> int:
    """The number of the last entry in the trace that says that this was done to a thing."""
    about = (AuditEntry.subject_kind == subject[0], AuditEntry.subject_id == str(subject[1]))
    done = select(func.max(AuditEntry.id)).where(*about, AuditEntry.action == action)
    return db.session.scalar(done) or 0


def names_of(field: str, ids: Collection[int]) -> list[str]:
    """What the things that a field of a revision holds are called now."""
    model, called = NAMED[field]
    found = {one.id: called(one) for one in db.session.scalars(select(model).where(model.id.in_(ids)))}
    return [found.get(one, f"#{one}") for one in ids]


def still_there(column: Any, ids: Collection[int]) -> tuple[int, ...]:
    """Of the ids that a revision holds, those of what has not been deleted since."""
    return tuple(sorted(db.session.scalars(select(column).where(column.in_(ids))))) if ids else ()
