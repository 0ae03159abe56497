"""Who took over whose idea: projects that were adopted from others, as far back as is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import bilingual
from portal.core.bilingual import Shown, text_of
from portal.core.db import read
from portal.core.generations import remembered_for
from portal.core.permissions import Actor
from portal.progress.collaboration.queries import Names, Party
from portal.projects.models import Project, ProjectRelation
from portal.projects.permissions import seen_by

ADOPTED_FROM = "adopted_from"


@dataclass(frozen=True)
class Idea:
    """A project, who takes part in it, and the projects that were adopted from it."""

    slug: str
    title: Shown
    year: int | None
    parties: Sequence[Party]
    taken_over: Sequence["Idea"]

    @property
    def adoptions(self) -> int:
        """How many projects go back to it, also through others."""
        return sum(1 + one.adoptions for one in self.taken_over)


def chains(actor: Actor) -> Sequence[Idea]:
    """The ideas that nobody is known to have had before, those taken over most first."""
    return remembered_for(actor, ("adoptions", bilingual.chosen()), lambda: _chains(actor))


def _chains(actor: Actor) -> Sequence[Idea]:
    from_whom: dict[int, list[int]] = {}
    for row in read(_adoptions(actor)):
        from_whom.setdefault(row.related_id, []).append(row.project_id)
    later = {one for adopted in from_whom.values() for one in adopted}
    read_once = _projects({*from_whom, *later}, actor)

    def idea(project: int, before: frozenset[int]) -> Idea:
        row, parties = read_once[project]
        # What goes round in a circle ends where it would begin again.
        adopted = [one for one in from_whom.get(project, ()) if one not in before]
        taken_over = [idea(one, before | {project}) for one in adopted]
        year = row.starts_on.year if row.starts_on else None
        return Idea(row.slug, text_of(row, "title"), year, parties, sorted(taken_over, key=_by_year))

    firsts = [idea(one, frozenset()) for one in from_whom if one not in later]
    return sorted(firsts, key=lambda one: (-one.adoptions, one.slug))


def _by_year(idea: Idea) -> tuple[int, str]:
    return idea.year or 9999, idea.slug


def _adoptions(actor: Actor) -> Any:
    """(project, the one it was adopted from), both of which the actor sees."""
    seen = select(Project.id).where(seen_by(actor))
    return (
        select(ProjectRelation.project_id, ProjectRelation.related_id)
        .where(
            ProjectRelation.kind == ADOPTED_FROM,
            ProjectRelation.project_id.in_(seen),
            ProjectRelation.related_id.in_(seen),
        )
        .order_by(ProjectRelation.project_id)
    )


def _projects(ids: set[int], actor: Actor) -> Mapping[int, tuple[Any, list[Party]]]:
    """Project → its row, and who takes part in it."""
    if not ids:
        return {}
    names = Names(actor)
    parties: dict[int, list[Party]] = {}
    for project, key in sorted(set(names.taking_part(ids)), key=lambda one: (one[0], names.sorting(one[1]))):
        parties.setdefault(project, []).append(names.party(key))
    columns = Project.id, Project.slug, Project.title_da, Project.title_en, Project.starts_on
    rows = read(select(*columns).where(Project.id.in_(ids), seen_by(actor)))
    return {row.id: (row, parties.get(row.id, [])) for row in rows}
