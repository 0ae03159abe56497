"""Who sees the partners' shares of the budget, as a question and as SQL."""

from sqlalchemy import ColumnElement

from portal.core.permissions import Actor, rule
from portal.projects.models import Project
from portal.projects.permissions import Section, may_see_part, part_seen_by


@rule("project.see_shares")
def may_see_shares(actor: Actor, project: Project) -> bool:
    return may_see_part(actor, Section(project.id, project.shares_visibility), project)


def shares_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`project.see_shares`, said in SQL over projects; the project itself must be seen already."""
    return part_seen_by(actor, Section(Project.id, Project.shares_visibility))
