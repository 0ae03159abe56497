"""What a project's page shows and offers; every answer starts from what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from portal.core import slugs, themes
from portal.core.dates import PartialDate
from portal.core.db import AnySelect, joined, read
from portal.core.permissions import Actor
from portal.core.themes import Theme
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.partners.permissions import named_to
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.documents import queries as documents
from portal.projects.models import (
    Barrier,
    BarrierNote,
    Deliverable,
    Funding,
    Milestone,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectRelation,
    ProjectTheme,
    Result,
    Role,
    Update,
    WorkPackage,
)
from portal.projects.money import queries as money
from portal.projects.permissions import (
    costs_seen_by,
    edited_by,
    lessons_seen_by,
    looked_inside_by,
    part_seen_by,
    seen_by,
)
from portal.projects.plan import queries as plans
from portal.projects.plan.queries import Plan
from portal.projects.updates import queries as updates

SHARING = 6
"""How many projects with partners in common a page names."""

NEWEST = 3
"""How many of its news a project's page tells; one more is read, to know whether there are others."""

LINK = (Project.slug, Project.title_da, Project.title_en)
"""What a link to another project says."""


@dataclass(frozen=True)
class Ways:
    """Where somebody who has signed in may go on from a project's page."""

    edit: bool = False
    look_inside: bool = False
    ask: bool = False
    adopt: bool = False


def ways_on(project_id: int, actor: Actor) -> Ways:
    """What a project's page offers its reader beside reading; asks nothing for a visitor."""
    if not actor.is_signed_in:
        return Ways()
    here = Project.id == project_id
    said = read(select(edited_by(actor).label("edit"), looked_inside_by(actor).label("inside")).where(here)).one()
    there = read(
        select(Participation.partner_id).where(Participation.project_id == project_id, Participation.left_at.is_(None))
    )
    may_ask = bool(actor.admin_of - {row.partner_id for row in there})
    return Ways(bool(said.edit), bool(said.inside), may_ask, bool(actor.partner_ids))


@dataclass(frozen=True)
class ProjectPage:
    """A project and all that its page shows, as rows of columns: a page is read often and edited never."""

    project: Any
    themes: Sequence[Theme]
    barriers: Sequence[Barrier]
    participations: Sequence[Any]
    municipalities: Sequence[Any]
    related: Sequence[Any]
    sharing: Sequence[Any]
    shares: Sequence[Any]
    documents: Sequence[Any]
    funding: Sequence[Any]
    milestones: Sequence[Any]
    deliverables: Sequence[Any]
    updates: Sequence[Any]
    results: Sequence[Any]
    work_packages: Sequence[Any]
    barrier_notes: Sequence[Any]

    @property
    def plan(self) -> Plan:
        return Plan(self.work_packages, self.milestones, self.deliverables)

    @property
    def starts(self) -> PartialDate | None:
        return PartialDate.of(self.project.starts_on, self.project.starts_precision)

    @property
    def ends(self) -> PartialDate | None:
        return PartialDate.of(self.project.ends_on, self.project.ends_precision)


def page(slug: str, actor: Actor) -> ProjectPage:
    """The project with all its page shows. `Moved`, `Gone` or `NotFound` when it cannot be seen."""
    project = read(_project(actor), slug=slug).one_or_none()
    if project is None:
        raise slugs.missing("project", slug)

    def of_project(what: Any, statement: Executable) -> Sequence[Any]:
        has_any = getattr(project, f"has_{what.__tablename__}")
        return read(statement, project_id=project.id).all() if has_any else ()

    return ProjectPage(
        project,
        themes.in_order(map(Theme, _split(project.themes))),
        sorted(map(Barrier, _split(project.barriers)), key=PLACE_OF_BARRIER.__getitem__),
        sorted(read(_participations(actor), project_id=project.id), key=lambda one: PLACE_OF_ROLE[one.role]),
        of_project(ProjectMunicipality, _municipalities()),
        of_project(ProjectRelation, _related(actor)),
        read(_sharing(actor), project_id=project.id, limit=SHARING).all(),
        # A currency without shares is taken off; so most projects are not even asked for theirs.
        money.shares_of(project.id, actor) if project.shares_currency else (),
        documents.shown_of(project.id, actor),
        *(of_project(part, _part(part, actor)) for part in PARTS),
    )


PARTS: tuple[Any, ...] = (Funding, Milestone, Deliverable, Update, Result, WorkPackage, BarrierNote)
"""What a project has any number of, in the order of `ProjectPage`."""

PLACE_OF_BARRIER = {barrier: place for place, barrier in enumerate(Barrier)}
PLACE_OF_ROLE: dict[Role | None, int] = {role: place for place, role in enumerate((*Role, None))}


# The statements of the busiest page, put together once for each actor: that costs more than running them.
@lru_cache(maxsize=128)
def _project(actor: Actor) -> AnySelect:
    """Its columns, `themes` and `barriers` with commas between them, and whether it `has_…` any of all else.

    Most projects have little of it, and what one has none of need not be asked for.
    """
    has = {
        ProjectMunicipality: ProjectMunicipality.project_id == Project.id,
        ProjectRelation: or_(ProjectRelation.project_id == Project.id, ProjectRelation.related_id == Project.id),
        **{part: part.project_id == Project.id for part in PARTS},
    }
    return select(
        Project.__table__,
        costs_seen_by(actor).label("shows_costs"),
        lessons_seen_by(actor).label("shows_lessons"),
        joined(ProjectTheme.theme).where(ProjectTheme.project_id == Project.id).label("themes"),
        joined(ProjectBarrier.barrier).where(ProjectBarrier.project_id == Project.id).label("barriers"),
        *(exists().where(tie).label(f"has_{what.__tablename__}") for what, tie in has.items()),
    ).where(Project.slug == bindparam("slug"), seen_by(actor))


def _split(words: str | None) -> Sequence[str]:
    return words.split(",") if words else ()


@lru_cache(maxsize=128)
def _participations(actor: Actor) -> AnySelect:
    """Who takes part: role, source_role, slug and names, by name; and whether the partner's own page may be seen."""
    return (
        select(
            Participation.partner_id,
            partner_seen_by(actor).label("has_page"),
            Participation.role,
            Participation.source_role,
            Participation.left_at,
            Partner.slug,
            Partner.name,
            Partner.name_da,
            Partner.name_en,
        )
        .join(Partner, Participation.partner_id == Partner.id)
        .where(Participation.project_id == bindparam("project_id"), named_to(actor))
        .order_by(Partner.sort_key)
    )


@lru_cache(maxsize=1)
def _municipalities() -> AnySelect:
    return (
        select(ProjectMunicipality.role, Municipality.slug, Municipality.name_da, Municipality.name_en)
        .join(Municipality, ProjectMunicipality.municipality_id == Municipality.id)
        .where(ProjectMunicipality.project_id == bindparam("project_id"))
        .order_by(Municipality.sort_key)
    )


@lru_cache(maxsize=128)
def _part(part: Any, actor: Actor) -> AnySelect:
    if part is WorkPackage:
        return plans.packages(actor)
    if part is Update:
        return updates.shown(actor).limit(NEWEST + 1)
    mine = part.project_id == bindparam("project_id")
    return select(part.__table__).where(mine, *shown(part, actor)).order_by(*order_of(part))


def shown(part: Any, actor: Actor) -> Sequence[ColumnElement[bool]]:
    """What of a project's parts of a kind its public page shows; the project itself must be seen already."""
    admitted: list[ColumnElement[bool]] = []
    if hasattr(part, "visibility"):
        admitted.append(part_seen_by(actor, part))
    if part is Update:
        admitted.append(Update.withdrawn_at.is_(None))
    if part is BarrierNote:
        # One that was taken off the project keeps its note, should it be chosen again.
        same = ProjectBarrier.project_id == BarrierNote.project_id, ProjectBarrier.barrier == BarrierNote.barrier
        admitted.append(exists().where(*same))
    return admitted


def order_of(part: Any) -> Sequence[Any]:
    """In which order it shows them."""
    return (part.position, part.id) if hasattr(part, "position") else (part.id,)


@lru_cache(maxsize=128)
def _related(actor: Actor) -> CompoundSelect[Any]:
    """Projects it continues, is part of or was adopted from, and the other way round: `relation`, `is_origin`."""
    outgoing = (
        select(*LINK, ProjectRelation.kind.label("relation"), literal(False).label("is_origin"))
        .join(ProjectRelation, ProjectRelation.related_id == Project.id)
        .where(ProjectRelation.project_id == bindparam("project_id"), seen_by(actor))
    )
    incoming = (
        select(*LINK, ProjectRelation.kind.label("relation"), literal(True).label("is_origin"))
        .join(ProjectRelation, ProjectRelation.project_id == Project.id)
        .where(ProjectRelation.related_id == bindparam("project_id"), seen_by(actor))
    )
    return union_all(outgoing, incoming)


@lru_cache(maxsize=128)
def _sharing(actor: Actor) -> AnySelect:
    """Other projects with partners in common, most first: slug, title pair and `shared`."""
    partners_here = select(Participation.partner_id).where(Participation.project_id == bindparam("project_id"))
    shared = (
        select(Participation.project_id, func.count().label("shared"))
        .where(Participation.partner_id.in_(partners_here), Participation.project_id != bindparam("project_id"))
        .group_by(Participation.project_id)
        .subquery()
    )
    return (
        select(*LINK, shared.c.shared)
        .join(shared, shared.c.project_id == Project.id)
        .where(seen_by(actor))
        .order_by(shared.c.shared.desc(), Project.sort_key)
        .limit(bindparam("limit"))
    )
