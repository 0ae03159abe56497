"""One part of a project, for somebody who works on it."""

from typing import Any

from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Project


def part_of(project: Project, model: Any, part_id: int) -> Any:
    """The part with this id. `NotFound` when there is none, or it is another project's."""
    part = db.session.get(model, part_id)
    if part is None or part.project_id != project.id:
        raise NotFound(model.__tablename__, part_id)
    return part
