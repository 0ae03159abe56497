"""Staff who look at what is not public leave a line in the trace (permissions.md, cross rule 10)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import audit
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.permissions import Actor
from portal.projects.models import Visibility
from portal.projects.permissions import READERS

ACTION = "project.read"
ONCE_IN = timedelta(hours=1)


def note(actor: Actor, project: Any, *, now: datetime) -> None:
    """Note that staff read a private project or one of its pages; once an hour for each of them and each project.

    The one thing that a page which is only fetched writes. `project` is the model or a row of its columns.
    """
    if not actor.has(*READERS) or project.visibility == Visibility.PUBLIC:
        return
    mine = (
        AuditEntry.account_id == actor.account_id,
        AuditEntry.action == ACTION,
        AuditEntry.subject_id == str(project.id),
        AuditEntry.at > now - ONCE_IN,
    )
    if db.session.scalar(select(AuditEntry.id).where(*mine).limit(1)) is None:
        with transaction():
            audit.record(actor, ACTION, "project", project.id, now=now)
