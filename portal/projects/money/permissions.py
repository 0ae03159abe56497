"""Who sees the partners' shares of the budget, as a question and as SQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from portal.core.permissions import Actor, rule
from portal.projects.models import Project
from portal.projects.permissions import may_see_part, part_seen_by


@dataclass(frozen=True)
class _Shares:
    """The shares as a part of their project: its columns for SQL, its values for a question."""

    project_id: Any
    visibility: Any


@rule("project.see_shares")
def may_see_shares(actor: Actor, project: Project) -> bool:
    return may_see_part(actor, _Shares(project.id, project.shares_visibility), project)


def shares_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`project.see_shares`, said in SQL over projects; the project itself must be seen already."""
    return part_seen_by(actor, _Shares(Project.id, Project.shares_visibility))
