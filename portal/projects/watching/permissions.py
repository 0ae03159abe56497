"""Who may watch a project: whoever is signed in and sees it."""

from sqlalchemy import ColumnElement, false

from portal.core.permissions import Actor, rule
from portal.projects.models import Project
from portal.projects.permissions import may_see, seen_by


@rule("project.watch")
def may_watch(actor: Actor, project: Project) -> bool:
    return actor.is_signed_in and may_see(actor, project)


def watchable_by(actor: Actor) -> ColumnElement[bool]:
    """`project.watch`, said in SQL."""
    return seen_by(actor) if actor.is_signed_in else false()
