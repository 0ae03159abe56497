"""What has happened in a project, newest first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, allows
from portal.projects.models import Project

PER_PAGE = 30

NARROWER: dict[str, str] = {
    "project.shared": "project.manage",
    "project.sharing_": "project.manage",
    "document.read": "project.manage",
}
"""How an action begins → what one must be allowed to do to read of it; all else is for everybody inside."""


def entries(project: Project, actor: Actor, page: int) -> tuple[Sequence[AuditEntry], int]:
    """One page of what happened, and how many pages there are. `NotFound` for a page beyond the last."""
    here = _of(project, actor)
    total = db.session.scalar(select(func.count()).select_from(AuditEntry).where(*here)) or 0
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound("page", page)
    newest = select(AuditEntry).where(*here).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return db.session.scalars(newest.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all(), pages


def _of(project: Project, actor: Actor) -> list[ColumnElement[bool]]:
    hidden = [begins for begins, action in NARROWER.items() if not allows(actor, action, project)]
    here = [AuditEntry.subject_kind == "project", AuditEntry.subject_id == str(project.id)]
    if hidden:
        here.append(~or_(*(AuditEntry.action.startswith(begins, autoescape=True) for begins in hidden)))
    return here
