"""Who sees, edits and manages a project, each as a question and as SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from portal.core.permissions import Actor, Role, rule
from portal.projects.models import Participation, Project, TeamMember, TeamRole, Visibility
from portal.projects.models import Role as Part

READERS = (Role.EDITOR, Role.CURATOR)
WORKING = (Part.COORDINATOR, Part.PARTNER, Part.CONTRACTOR, Part.IN_KIND, Part.ASSOCIATE)
"""The parts in which a partner works in a project rather than pays for it or looks on."""


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
    return or_(*admitted, *_inside(actor, Project.id))


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
    return or_(*admitted, *_inside(actor, part.project_id))


def taken_part_in_by(actor: Actor) -> ColumnElement[bool]:
    """The projects that the actor's partners take part in, or the actor in person: their own. None for a visitor."""
    return or_(false(), *_inside(actor, Project.id))


@dataclass(frozen=True)
class Section:
    """A section of the project itself, as one of its parts: its columns for SQL, its values for a question."""

    project_id: Any
    visibility: Any


@rule("project.see_costs")
def may_see_costs(actor: Actor, project: Project) -> bool:
    """What it was to cost and did cost."""
    return may_see_part(actor, Section(project.id, project.costs_visibility), project)


def costs_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`project.see_costs`, said in SQL over projects; the project itself must be seen already."""
    return part_seen_by(actor, Section(Project.id, Project.costs_visibility))


@rule("project.see_lessons")
def may_see_lessons(actor: Actor, project: Project) -> bool:
    """What did not work, and what others need to copy it."""
    return may_see_part(actor, Section(project.id, project.lessons_visibility), project)


def lessons_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`project.see_lessons`, said in SQL over projects; the project itself must be seen already."""
    return part_seen_by(actor, Section(Project.id, Project.lessons_visibility))


@rule("project.edit")
def may_edit(actor: Actor, project: Project) -> bool:
    """Managers and contributors of the team, admins of the partners that work in it, and curators."""
    return (
        actor.has(Role.CURATOR)
        or _is_in_team(actor, project, (TeamRole.MANAGER, TeamRole.CONTRIBUTOR))
        or is_admin_in(actor, project, WORKING)
    )


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`project.edit`, said in SQL."""
    if actor.has(Role.CURATOR):
        return true()
    return or_(
        Project.id.in_(_team_of(actor, (TeamRole.MANAGER, TeamRole.CONTRIBUTOR))),
        Project.id.in_(_parts_of(actor.admin_of, WORKING)),
    )


@rule("project.manage")
def may_manage(actor: Actor, project: Project) -> bool:
    """Managers of the team, admins of the coordinator, and curators: lifecycle, team, partners, visibility."""
    return (
        actor.has(Role.CURATOR)
        or _is_in_team(actor, project, (TeamRole.MANAGER,))
        or is_admin_in(actor, project, (Part.COORDINATOR,))
    )


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """`project.manage`, said in SQL."""
    if actor.has(Role.CURATOR):
        return true()
    return or_(
        Project.id.in_(_team_of(actor, (TeamRole.MANAGER,))),
        Project.id.in_(_parts_of(actor.admin_of, (Part.COORDINATOR,))),
    )


@rule("project.answer_for")
def may_answer_for(actor: Actor, project: Project) -> bool:
    """Admins of the coordinator, and curators: approval, and who coordinates. A manager may be anybody."""
    return actor.has(Role.CURATOR) or is_admin_in(actor, project, (Part.COORDINATOR,))


def answered_for_by(actor: Actor) -> ColumnElement[bool]:
    """`project.answer_for`, said in SQL."""
    if actor.has(Role.CURATOR):
        return true()
    return Project.id.in_(_parts_of(actor.admin_of, (Part.COORDINATOR,)))


@rule("project.look_inside")
def may_look_inside(actor: Actor, project: Project) -> bool:
    """Those who take part, by partner or in person, editors and curators: the desk and the history."""
    return actor.has(*READERS) or _admits(actor, Visibility.MEMBERS, project)


def looked_inside_by(actor: Actor) -> ColumnElement[bool]:
    """`project.look_inside`, said in SQL."""
    if actor.has(*READERS):
        return true()
    return or_(false(), *_inside(actor, Project.id))


@rule("project.enter")
def may_enter(actor: Actor, project: Project) -> bool:
    """Who takes part, by partner or in person: what people of a project say among themselves is not for staff."""
    return actor.is_signed_in and takes_part(actor, project)


def entered_by(actor: Actor) -> ColumnElement[bool]:
    """`project.enter`, said in SQL."""
    return or_(false(), *_inside(actor, Project.id))


def _admits(actor: Actor, visibility: Visibility, project: Project) -> bool:
    if visibility is Visibility.PUBLIC:
        return True
    if visibility is Visibility.PARTNERS and actor.partner_ids:
        return True
    return actor.is_signed_in and takes_part(actor, project)


def takes_part(actor: Actor, project: Project) -> bool:
    """Whether one of the actor's partners takes part, or the actor in person; `taken_part_in_by` says it in SQL."""
    by_partner = any(one.partner_id in actor.partner_ids and one.left_at is None for one in project.participations)
    return by_partner or _is_in_team(actor, project, tuple(TeamRole))


def is_admin_in(actor: Actor, project: Project, roles: Collection[Part]) -> bool:
    """Whether the actor administers a partner that takes part in one of the roles."""
    return any(
        one.partner_id in actor.admin_of and one.role in roles and one.left_at is None for one in project.participations
    )


def _is_in_team(actor: Actor, project: Project, roles: Collection[TeamRole]) -> bool:
    return actor.is_signed_in and any(one.account_id == actor.account_id and one.role in roles for one in project.team)


def _inside(actor: Actor, project_id: Any) -> list[ColumnElement[bool]]:
    """The conditions under which the actor takes part, by partner or in person; none for a visitor."""
    found: list[ColumnElement[bool]] = []
    if actor.partner_ids:
        found.append(project_id.in_(_parts_of(actor.partner_ids)))
    if actor.is_signed_in:
        found.append(project_id.in_(_team_of(actor, tuple(TeamRole))))
    return found


def _parts_of(partner_ids: Collection[int], roles: Collection[Part] | None = None) -> Any:
    here = Participation.partner_id.in_(partner_ids), Participation.left_at.is_(None)
    parts = select(Participation.project_id).where(*here)
    return parts if roles is None else parts.where(Participation.role.in_(roles))


def _team_of(actor: Actor, roles: Collection[TeamRole]) -> Any:
    mine = TeamMember.account_id == actor.account_id, TeamMember.role.in_(roles)
    return select(TeamMember.project_id).where(*mine)
