"""Who sees a project, as a question and as SQL."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from portal.core.permissions import Actor, Role, rule
from portal.projects.models import Participation, Project, Visibility

READERS = (Role.EDITOR, Role.CURATOR)


@rule("project.see")
def may_see(actor: Actor, project: Project) -> bool:
    return actor.has(*READERS) or _admits(actor, project.visibility, project)


@lru_cache(maxsize=128)
def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`project.see`, said in SQL."""
    if actor.has(*READERS):
        return true()
    admitted = [Project.visibility == Visibility.PUBLIC]
    if actor.partner_ids:
        admitted.append(Project.visibility == Visibility.PARTNERS)
        admitted.append(Project.id.in_(_taken_part_in_by(actor)))
    return or_(*admitted)


def may_see_part(actor: Actor, part: Any, project: Project) -> bool:
    """Whether a section, update or document is for the actor: never wider than its project."""
    return may_see(actor, project) and (actor.has(*READERS) or _admits(actor, part.visibility, project))


def part_seen_by(actor: Actor, part: Any) -> ColumnElement[bool]:
    """`may_see_part`, said in SQL over one of the project's parts; the project itself must be seen already."""
    if actor.has(*READERS):
        return true()
    admitted: list[ColumnElement[bool]] = [part.visibility == Visibility.PUBLIC]
    if actor.partner_ids:
        admitted.append(part.visibility == Visibility.PARTNERS)
        admitted.append(part.project_id.in_(_taken_part_in_by(actor)))
    return or_(*admitted)


def _admits(actor: Actor, visibility: Visibility, project: Project) -> bool:
    if visibility is Visibility.PUBLIC:
        return True
    if visibility is Visibility.PARTNERS and actor.partner_ids:
        return True
    return any(participation.partner_id in actor.partner_ids for participation in project.participations)


def _taken_part_in_by(actor: Actor) -> Any:
    return select(Participation.project_id).where(Participation.partner_id.in_(actor.partner_ids))
