"""What every change of a project has in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.permissions import Actor
from portal.projects.models import Project
from portal.search.outbox import touch


def note(
    project: Project,
    action: str,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Leave the trace of a change, give the project its next version, and tell search and caches."""
    flag_modified(project, "sort_key")  # what hangs on a project has no part in its version of its own
    audit.record(actor, action, "project", project.id, changes, now=now)
    touch("project", project.id)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → (before, after) of the fields that differ."""
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}
