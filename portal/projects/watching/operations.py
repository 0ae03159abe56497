"""Watching, and telling those who watch."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from portal.accounts.notices import operations as notices
from portal.accounts.notices.models import NoticeCursor, NoticeKind
from portal.core.audit import PART, AuditEntry
from portal.core.db import db
from portal.core.labels import is_named
from portal.core.permissions import VISITOR, Actor, require
from portal.projects.models import Project
from portal.projects.watching import queries
from portal.projects.watching.models import Watch

SOURCE = "audit"
AT_ONCE = 500
# A transaction that began earlier may commit later: what is so young waits, or it could be passed over.
SETTLING = timedelta(seconds=5)
OLDEST = timedelta(days=7)
FOR_ONLOOKERS = frozenset(
    {
        "project.moved",
        "project.texts_revised",
        "project.facts_revised",
        "project.place_set",
        "project.place_removed",
        "project.renamed",
    }
)
"""What those are told who watch from outside: it shows on the page that they may read anyway."""

FOR_ONLOOKERS_TO_READ = frozenset(
    {"update.added", "update.restored", "document.added", "document.version_sent", "document.restored"}
)
"""And this, where what it is about is for them to read as well."""

NOBODYS_NEWS = frozenset({"document.read", "project.created"})
"""What is noted and told to nobody: that staff read something, and what happened before anybody watched."""


def watch(project: Project, *, is_on: bool, actor: Actor, now: datetime) -> None:
    """Say that one wants to be told what happens in the project, or does not."""
    require(actor, "project.watch", project)
    known = db.session.get(Watch, (project.id, actor.account_id))
    if known is None:
        db.session.add(Watch(project_id=project.id, account_id=actor.account_id, is_on=is_on, since=now))
    else:
        known.is_on, known.since = is_on, now
    db.session.flush()


def gather(now: datetime) -> None:
    """Make notices of what happened in projects, in the running transaction; of each thing once."""
    cursor = db.session.get(NoticeCursor, SOURCE, with_for_update=True)
    if cursor is None:
        cursor = NoticeCursor(source=SOURCE, position=0)
        db.session.add(cursor)
    found: list[AuditEntry] = []
    for entry in queries.entries_after(cursor.position, AT_ONCE):
        if entry.at > now - SETTLING:
            break
        found.append(entry)
    if not found:
        return
    cursor.position = found[-1].id
    _tell([one for one in found if one.at > now - OLDEST and is_news(one)])
    db.session.flush()


def is_news(entry: AuditEntry) -> bool:
    """Whether people did it and it has words for people."""
    return entry.action not in NOBODYS_NEWS and is_named(entry.action) and entry.account_id is not None


def numbers(entries: Iterable[AuditEntry], noun: str) -> set[int]:
    """The numbers of the parts of one kind that entries are about."""
    return {part_id(one) for one in entries if one.action.startswith(f"{noun}.")}


def part_id(entry: AuditEntry) -> int:
    """The number of the part that an entry is about; 0 where it is about the whole project."""
    return int((entry.changes.get(PART) or (0, 0))[1])


def _tell(entries: Collection[AuditEntry]) -> None:
    project_ids = {int(entry.subject_id) for entry in entries if entry.subject_id.isdecimal()}
    if not project_ids:
        return
    watchers, inside = queries.watchers(project_ids), queries.people_inside(project_ids)
    public = {
        "update": queries.updates_of(numbers(entries, "update"), VISITOR),
        "document": queries.documents_of(numbers(entries, "document"), VISITOR),
    }
    for entry in entries:
        project_id = int(entry.subject_id) if entry.subject_id.isdecimal() else 0
        watched = watchers.get(project_id, {})
        told = {account for account, since in watched.items() if since is None or since <= entry.at}
        others = told - {entry.account_id}
        to_read = entry.action in FOR_ONLOOKERS_TO_READ and part_id(entry) in public[entry.action.partition(".")[0]]
        if not to_read and entry.action not in FOR_ONLOOKERS:
            others &= inside.get(project_id, set())
        notices.notify(others, NoticeKind.EVENT, ("project", project_id), entry.id, now=entry.at)
