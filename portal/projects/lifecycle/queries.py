"""What the lifecycle asks the database."""

from sqlalchemy import exists, select

from portal.core.db import db
from portal.projects.lifecycle.rules import Known
from portal.projects.models import Project, Result


def known(project: Project) -> Known:
    """What a step's demands are asked of."""
    has_result = db.session.scalar(select(exists().where(Result.project_id == project.id)))
    return Known(project, bool(has_result))
