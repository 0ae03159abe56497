"""Who watches a project, and what has happened in it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Membership
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Actor
from portal.projects.documents.models import Document
from portal.projects.documents.permissions import documents_seen_by
from portal.projects.models import Participation, Project, TeamMember, Update
from portal.projects.permissions import edited_by, entered_by, part_seen_by, seen_by
from portal.projects.watching.models import Watch


def watchers(project_ids: Collection[int]) -> Mapping[int, Mapping[int, datetime | None]]:
    """Project → account → since when it watches, if it said so: the team but for who said no, and whoever said yes."""
    found: dict[int, dict[int, datetime | None]] = {project_id: {} for project_id in project_ids}
    team = select(TeamMember.project_id, TeamMember.account_id).where(TeamMember.project_id.in_(project_ids))
    for project_id, account_id in db.session.execute(team):
        found[project_id][account_id] = None
    said = select(Watch.project_id, Watch.account_id, Watch.is_on, Watch.since)
    for project_id, account_id, is_on, since in db.session.execute(said.where(Watch.project_id.in_(project_ids))):
        if is_on:
            found[project_id][account_id] = since
        else:
            found[project_id].pop(account_id, None)
    return found


def people_inside(project_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Project → the accounts that take part in it: its team, and the people of the partners that do."""
    found: dict[int, set[int]] = {project_id: set() for project_id in project_ids}
    team = select(TeamMember.project_id, TeamMember.account_id).where(TeamMember.project_id.in_(project_ids))
    partners = (
        select(Participation.project_id, Membership.account_id)
        .join(Membership, Membership.partner_id == Participation.partner_id)
        .where(Participation.project_id.in_(project_ids), Participation.left_at.is_(None))
    )
    for people in (team, partners):
        for project_id, account_id in db.session.execute(people):
            found[project_id].add(account_id)
    return found


def is_watching(project_id: int, actor: Actor) -> bool:
    """Whether the actor is told of what happens in the project."""
    return actor.account_id in watchers([project_id])[project_id]


def projects_of(ids: Collection[int], actor: Actor) -> Mapping[int, Project]:
    """Those of the projects that the actor may see."""
    found = select(Project).where(Project.id.in_(ids), seen_by(actor))
    return {project.id: project for project in db.session.scalars(found)}


def entered_of(ids: Collection[int], actor: Actor) -> set[int]:
    """Those of the projects that the actor takes part in."""
    return set(db.session.scalars(select(Project.id).where(Project.id.in_(ids), entered_by(actor))))


def edited_of(ids: Collection[int], actor: Actor) -> set[int]:
    """Those of the projects that the actor edits."""
    return set(db.session.scalars(select(Project.id).where(Project.id.in_(ids), edited_by(actor))))


def updates_of(ids: Collection[int], actor: Actor) -> Mapping[int, Any]:
    """The titles of those of the updates that the actor may read, by their number."""
    titles = select(Update.id, Update.title_da, Update.title_en).join(Project, Project.id == Update.project_id)
    mine = titles.where(Update.id.in_(ids), Update.withdrawn_at.is_(None), seen_by(actor), part_seen_by(actor, Update))
    return {row.id: row for row in db.session.execute(mine)} if ids else {}


def documents_of(ids: Collection[int], actor: Actor) -> Mapping[int, Any]:
    """The titles of those of the documents that the actor may read, by their number."""
    titles = select(Document.id, Document.title_da, Document.title_en).join(Document.project)
    mine = titles.where(Document.id.in_(ids), documents_seen_by(actor))
    return {row.id: row for row in db.session.execute(mine)} if ids else {}


def entries(ids: Collection[int]) -> Mapping[int, AuditEntry]:
    """Entries of the trace by their number."""
    return {entry.id: entry for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.id.in_(ids)))}


def entries_after(position: int, limit: int) -> Sequence[AuditEntry]:
    """What was noted of projects after an entry, in order."""
    statement = select(AuditEntry).where(AuditEntry.id > position, AuditEntry.subject_kind == "project")
    return db.session.scalars(statement.order_by(AuditEntry.id).limit(limit)).all()
