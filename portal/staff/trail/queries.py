"""What pages ask about the trace."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, or_, select

from portal.accounts.models import Account
from portal.accounts.permissions import seen_by as accounts_seen_by
from portal.accounts.queries import normal
from portal.core import clock, paging
from portal.core.audit import AuditEntry
from portal.core.bilingual import text_of
from portal.core.db import db
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.news.models import Article
from portal.partners.models import Partner
from portal.partners.queries import called
from portal.projects.models import Project
from portal.staff.trail.permissions import seen_by
from portal.webinars.models import Series, Webinar

MOST_EXPORTED = 100_000
WITH_ADDRESS: Mapping[str, Any] = {
    "partner": Partner,
    "project": Project,
    "article": Article,
    "webinar": Webinar,
    "series": Series,
    "municipality": Municipality,
}


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the trace; empty parts ask nothing."""

    who: str = ""
    action: str = ""
    kind: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    unknown: tuple[str, ...] = field(default=())
    thing: tuple[str, int] | None = None
    """The kind and id of the one thing whose trace is read; none reads of all."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: its name, and where it is a page, its slug."""

    name: str
    slug: str = ""


def page(asked: Asked, actor: Actor, number: int) -> Part:
    """One page of what was asked, the newest first."""
    return paging.read(_newest(_condition(asked, actor)), number)


def all_of(asked: Asked, actor: Actor) -> Sequence[AuditEntry]:
    """All that was asked, for a file."""
    return db.session.scalars(_newest(_condition(asked, actor)).limit(MOST_EXPORTED)).all()


def of_subject(kind: str, subject_id: int, actor: Actor, limit: int) -> Sequence[AuditEntry]:
    """What was last done to one thing."""
    wanted = and_(seen_by(actor), AuditEntry.subject_kind == kind, AuditEntry.subject_id == str(subject_id))
    return db.session.scalars(_newest(wanted).limit(limit)).all()


def actions(asked: Asked, actor: Actor) -> Sequence[str]:
    """Everything that was ever done, or was done to the thing whose trace is read."""
    there = select(AuditEntry.action).where(_condition(Asked(thing=asked.thing), actor))
    return db.session.scalars(there.distinct().order_by(AuditEntry.action)).all()


def kinds() -> Sequence[str]:
    """Everything that something was ever done to."""
    return db.session.scalars(select(AuditEntry.subject_kind).distinct().order_by(AuditEntry.subject_kind)).all()


def subjects(entries: Collection[AuditEntry]) -> dict[tuple[str, str], Subject]:
    """(kind, id) → what the entries are about, as far as it is still there."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        if entry.subject_id.isdecimal():
            ids.setdefault(entry.subject_kind, set()).add(int(entry.subject_id))
    found: dict[tuple[str, str], Subject] = {}
    for kind, model in WITH_ADDRESS.items():
        if wanted := ids.get(kind):
            for row in db.session.execute(select(model.id, model.slug, *_names(model)).where(model.id.in_(wanted))):
                found[kind, str(row.id)] = Subject(_called(kind, row), row.slug)
    if wanted := ids.get("account"):
        people = select(Account.id, Account.name, Account.email).where(Account.id.in_(wanted))
        for id, name, email in db.session.execute(people):
            found["account", str(id)] = Subject(name or email or f"#{id}")
    return found


def _names(model: Any) -> list[Any]:
    if model is Partner:
        return [Partner.name, Partner.name_da, Partner.name_en]
    pair = model.pairs[0]
    return [getattr(model, f"{pair}_da"), getattr(model, f"{pair}_en")]


def _called(kind: str, row: Any) -> str:
    if kind == "partner":
        return called(row)
    return str(text_of(row, WITH_ADDRESS[kind].pairs[0])) or row.slug


def _newest(wanted: ColumnElement[bool]) -> Any:
    return select(AuditEntry).where(wanted).order_by(AuditEntry.id.desc())


def _condition(asked: Asked, actor: Actor) -> ColumnElement[bool]:
    wanted = [seen_by(actor), *([false()] if asked.unknown else [])]
    if asked.who:
        named = AuditEntry.actor_name.icontains(asked.who, autoescape=True)
        # Whose address it is, only those may find out who see every account.
        with_address = select(Account.id).where(Account.email == normal(asked.who), accounts_seen_by(actor))
        wanted.append(or_(named, AuditEntry.account_id.in_(with_address)))
    if asked.action:
        wanted.append(AuditEntry.action == asked.action)
    if asked.thing:
        kind, subject_id = asked.thing
        wanted += [AuditEntry.subject_kind == kind, AuditEntry.subject_id == str(subject_id)]
    if asked.kind:
        wanted.append(AuditEntry.subject_kind == asked.kind)
    if asked.subject:
        wanted.append(_about(asked.subject.strip().rstrip("/").rpartition("/")[2]))
    if asked.since:
        wanted.append(AuditEntry.at >= clock.start_of(asked.since))
    if asked.until:
        wanted.append(AuditEntry.at < clock.start_of(asked.until + timedelta(days=1)))
    return and_(*wanted)


def _about(key: str) -> ColumnElement[bool]:
    """Entries about a thing by its number, or by the last part of its address."""
    by_slug = [
        and_(
            AuditEntry.subject_kind == kind,
            AuditEntry.subject_id.in_(select(cast(model.id, String)).where(model.slug == key)),
        )
        for kind, model in WITH_ADDRESS.items()
    ]
    return or_(AuditEntry.subject_id == key, *by_slug)
