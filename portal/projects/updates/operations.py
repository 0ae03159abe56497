"""Withdrawing news from a project, and letting it stand again. Written and changed it is as any part of a project."""

from datetime import datetime

from portal.core.permissions import Actor, require
from portal.projects.models import Project, Update
from portal.projects.parts.operations import trace


def withdraw(update: Update, project: Project, *, actor: Actor, now: datetime) -> None:
    """Take an update off every page; its own says that it is gone. Withdrawing twice keeps the first moment."""
    require(actor, "project.edit", project)
    if update.withdrawn_at is None:
        update.withdrawn_at = now
        trace(update, "update.withdrawn", project, {"withdrawn_at": (None, now)}, actor, now)


def restore(update: Update, project: Project, *, actor: Actor, now: datetime) -> None:
    """Let a withdrawn update stand where it stood."""
    require(actor, "project.edit", project)
    if (before := update.withdrawn_at) is not None:
        update.withdrawn_at = None
        trace(update, "update.restored", project, {"withdrawn_at": (before, None)}, actor, now)
