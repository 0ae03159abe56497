"""What has happened in a project, newest first."""

from sqlalchemy import ColumnElement, or_, select

from portal.core import paging
from portal.core.audit import AuditEntry
from portal.core.paging import Part
from portal.core.permissions import Actor, allows
from portal.projects.models import Project

PER_PAGE = 30

NARROWER: dict[str, str] = {
    "project.shared": "project.manage",
    "project.sharing_": "project.manage",
    "document.read": "project.manage",
}
"""How an action begins → what one must be allowed to do to read of it; all else is for everybody inside."""


def entries(project: Project, actor: Actor, page: int) -> Part:
    """One page of what happened."""
    newest = select(AuditEntry).where(*_of(project, actor)).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return paging.read(newest, page, PER_PAGE)


def _of(project: Project, actor: Actor) -> list[ColumnElement[bool]]:
    hidden = [begins for begins, action in NARROWER.items() if not allows(actor, action, project)]
    here = [AuditEntry.subject_kind == "project", AuditEntry.subject_id == str(project.id)]
    if hidden:
        here.append(~or_(*(AuditEntry.action.startswith(begins, autoescape=True) for begins in hidden)))
    return here
