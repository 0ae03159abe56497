"""What pages ask about results."""

from collections.abc import Sequence
from typing import Any

from portal.core.db import read
from portal.core.permissions import Actor
from portal.projects.models import Result
from portal.projects.plan.queries import steps


def all_of(project_id: int, actor: Actor) -> Sequence[Any]:
    """The results of a project, in its own order."""
    return read(steps(Result, actor), project_id=project_id).all()
