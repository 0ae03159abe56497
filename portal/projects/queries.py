"""What pages ask about projects; every answer starts from what the actor may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    ScalarSelect,
    String,
    bindparam,
    cast,
    exists,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal.core import listing, slugs, themes
from portal.core.bilingual import text_of
from portal.core.dates import PartialDate
from portal.core.db import AnySelect, db, read
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import Actor, require
from portal.core.themes import Theme
from portal.municipalities import queries as municipalities
from portal.municipalities.models import Municipality
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import (
    Barrier,
    BarrierNote,
    Deliverable,
    Funding,
    Kind,
    Milestone,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectRelation,
    ProjectTheme,
    Result,
    Role,
    State,
    Update,
    WorkPackage,
)
from portal.projects.permissions import edited_by, looked_inside_by, part_seen_by, seen_by
from portal.projects.plan import queries as plans

YEARS = range(1990, 2051)
NOT_REPORTED = "not-reported"

# What a row of a list shows. Columns, not objects: a list of twenty costs a third.
ROW = (
    Project.id,
    Project.slug,
    Project.acronym,
    Project.title_da,
    Project.title_en,
    Project.summary_da,
    Project.summary_en,
    Project.state,
    Project.source_state,
    Project.starts_on,
    Project.starts_precision,
    Project.ends_on,
    Project.ends_precision,
)


IDS = select(Project.id)

# What a link to a project says.
LINK = (Project.slug, Project.title_da, Project.title_en)


def _years() -> AnySelect:
    """(project, year) for every year a project runs; one without an end counts in its first year only."""
    years = union_all(*(select(literal(year).label("year")) for year in YEARS)).subquery()
    starts = extract("year", Project.starts_on)
    ends = extract("year", func.coalesce(Project.ends_on, Project.starts_on))
    return select(Project.id, years.c.year).join(years, years.c.year.between(starts, ends))


def _state_labels(values: Iterable[str]) -> Mapping[str, str]:
    known = labels_of(State, values)
    return {**known, NOT_REPORTED: gettext("Not reported")} if NOT_REPORTED in values else known


PLACES = partners.places(
    (ProjectMunicipality.project_id, ProjectMunicipality.municipality_id),
    (Participation.project_id, Participation.partner_id),
)


PLAN = ListingPlan(
    key=Project.id,
    facets=(
        Facet(
            "theme",
            _l("Theme"),
            select(ProjectTheme.project_id, ProjectTheme.theme),
            lambda values: labels_of(Theme, values),
        ),
        Facet(
            "barrier",
            _l("Barrier"),
            select(ProjectBarrier.project_id, ProjectBarrier.barrier),
            lambda values: labels_of(Barrier, values),
        ),
        Facet("kind", _l("Kind"), select(Project.id, Project.kind), lambda values: labels_of(Kind, values)),
        Facet(
            "state",
            _l("State"),
            select(Project.id, func.coalesce(cast(Project.state, String), NOT_REPORTED)),
            _state_labels,
        ),
        Facet(
            "partner",
            _l("Partner"),
            select(Participation.project_id, Partner.slug).join(Partner, Participation.partner_id == Partner.id),
            partners.names,
            by_count=True,
        ),
        Facet(
            "municipality",
            _l("Municipality"),
            partners.place_slugs(PLACES),
            municipalities.names,
        ),
        Facet("funder", _l("Funder"), select(Funding.project_id, Funding.funder), by_count=True),
        Facet("year", _l("Year"), _years(), descending=True),
    ),
    orders=(
        Order("newest", _l("Newest first"), (Project.starts_on.desc().nulls_last(), Project.sort_key)),
        Order("oldest", _l("Oldest first"), (Project.starts_on.asc().nulls_last(), Project.sort_key)),
        Order("name", _l("Name"), (Project.sort_key,)),
    ),
    extra=("view",),
    is_timeless=True,
)


def listing_of(choice: Choice, actor: Actor, path: str) -> Listing:
    """One page of projects (their ids) as chosen, with the counts of every filter value."""
    return listing.show(PLAN, choice, IDS, seen_by(actor), path, actor)


def rows(ids: Collection[int], actor: Actor) -> Sequence[Any]:
    """The rows of these projects, in no particular order."""
    return read(_rows(actor), ids=list(ids)).all()


@lru_cache(maxsize=128)
def _rows(actor: Actor) -> AnySelect:
    return select(*ROW).where(Project.id.in_(bindparam("ids", expanding=True)), seen_by(actor))


def all_of(choice: Choice, actor: Actor) -> Sequence[Any]:
    """Every project as chosen, in its order, for exports, the timeline and the map."""
    statement = select(*ROW, Project.total_cost, Project.total_cost_currency, Project.website, Project.source_url)
    chosen_ones = listing.condition(PLAN, choice, seen_by(actor))
    return read(statement.where(chosen_ones).order_by(*listing.order_of(PLAN, choice))).all()


def themes_of(ids: Collection[int]) -> dict[int, list[Theme]]:
    """Project → its themes, in the order of the list of themes."""
    return themes.by_owner(ids, read(THEMES_OF, ids=list(ids)))


THEMES_OF = select(ProjectTheme.project_id, ProjectTheme.theme).where(
    ProjectTheme.project_id.in_(bindparam("ids", expanding=True))
)


def coordinators_of(ids: Collection[int], actor: Actor) -> dict[int, tuple[str, str]]:
    """Project → its coordinator's name and slug, where one is known."""
    return {row.project_id: (partners.called(row), row.slug) for row in read(_coordinators(actor), ids=list(ids))}


@lru_cache(maxsize=128)
def _coordinators(actor: Actor) -> AnySelect:
    return (
        select(Participation.project_id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
        .join(Partner, Participation.partner_id == Partner.id)
        .where(
            Participation.project_id.in_(bindparam("ids", expanding=True)),
            Participation.role == Role.COORDINATOR,
            partner_seen_by(actor),
        )
    )


def to_work_on(slug: str, actor: Actor, action: str, *more: ORMOption) -> Project:
    """The project itself, with who takes part in it, for somebody who may do `action`; `more` is loaded besides.

    What may not be seen is not found (`Moved`, `Gone`, `NotFound`); `Forbidden` when it may be seen and not this.
    """
    whole = selectinload(Project.participations), selectinload(Project.team), *more
    project = db.session.scalar(select(Project).where(Project.slug == slug, seen_by(actor)).options(*whole))
    if project is None:
        raise slugs.missing("project", slug)
    require(actor, action, project)
    return project


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
    funding: Sequence[Any]
    milestones: Sequence[Any]
    deliverables: Sequence[Any]
    updates: Sequence[Any]
    results: Sequence[Any]
    work_packages: Sequence[Any]
    barrier_notes: Sequence[Any]

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
        _joined(ProjectTheme.theme).where(ProjectTheme.project_id == Project.id).label("themes"),
        _joined(ProjectBarrier.barrier).where(ProjectBarrier.project_id == Project.id).label("barriers"),
        *(exists().where(tie).label(f"has_{what.__tablename__}") for what, tie in has.items()),
    ).where(Project.slug == bindparam("slug"), seen_by(actor))


def _joined(words: Any) -> ScalarSelect[Any]:
    comma: Any = literal_column("','", String)  # one as a value would be written into the statement at each run
    return select(func.aggregate_strings(cast(words, String), comma)).scalar_subquery()


def _split(words: str | None) -> Sequence[str]:
    return words.split(",") if words else ()


@lru_cache(maxsize=128)
def _participations(actor: Actor) -> AnySelect:
    """Who takes part: role, source_role, slug and names, by name."""
    return (
        select(
            Participation.role,
            Participation.source_role,
            Participation.left_at,
            Partner.slug,
            Partner.name,
            Partner.name_da,
            Partner.name_en,
        )
        .join(Partner, Participation.partner_id == Partner.id)
        .where(Participation.project_id == bindparam("project_id"), partner_seen_by(actor))
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
    shown: list[ColumnElement[bool]] = []
    if hasattr(part, "visibility"):
        shown.append(part_seen_by(actor, part))
    if part is Update:
        shown.append(Update.withdrawn_at.is_(None))
    order = (part.position, part.id) if hasattr(part, "position") else (part.id,)
    return select(part.__table__).where(part.project_id == bindparam("project_id"), *shown).order_by(*order)


def of_partner(partner_id: int, actor: Actor) -> Sequence[Any]:
    """The projects a partner takes part in, with its role in each; newest first."""
    statement = (
        select(*ROW, Participation.role, Participation.source_role)
        .join(Participation, Participation.project_id == Project.id)
        .where(Participation.partner_id == partner_id, seen_by(actor))
        .order_by(Project.starts_on.desc().nulls_last(), Project.sort_key)
    )
    return read(statement).all()


def colleagues_of(partner_id: int, actor: Actor, limit: int = 12) -> Sequence[Any]:
    """Partners it works with: slug, names and `shared`, the number of projects they have in common."""
    mine = (
        select(Participation.project_id)
        .join(Project, Participation.project_id == Project.id)
        .where(Participation.partner_id == partner_id, seen_by(actor))
    )
    shared = func.count(Participation.project_id).label("shared")
    statement = (
        select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en, shared)
        .join(Participation, Participation.partner_id == Partner.id)
        .where(Participation.project_id.in_(mine), Partner.id != partner_id, partner_seen_by(actor))
        .group_by(Partner.id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.sort_key)
        .order_by(shared.desc(), Partner.sort_key)
        .limit(limit)
    )
    return read(statement).all()


def of_municipality(municipality_id: int, actor: Actor) -> Sequence[Any]:
    """Projects in a municipality: where it has a part itself or through its own organisation."""
    statement = (
        select(*ROW)
        .where(Project.id.in_(_in_municipality(municipality_id)), seen_by(actor))
        .order_by(Project.starts_on.desc().nulls_last(), Project.sort_key)
    )
    return read(statement).all()


def newest(actor: Actor, limit: int) -> Sequence[Any]:
    """The projects that began last."""
    statement = (
        select(*ROW)
        .where(seen_by(actor))
        .order_by(Project.starts_on.desc().nulls_last(), Project.sort_key)
        .limit(limit)
    )
    return read(statement).all()


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


def sharing_partners_with(project_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """Other projects with partners in common, most first: slug, title pair and `shared`."""
    return read(_sharing(actor), project_id=project_id, limit=limit).all()


@lru_cache(maxsize=128)
def _sharing(actor: Actor) -> AnySelect:
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


def count_by_municipality(choice: Choice, actor: Actor) -> dict[int, int]:
    """Municipality id → how many of the chosen projects take place in it."""
    pairs = PLACES.subquery()
    chosen_ones = select(Project.id).where(listing.condition(PLAN, choice, seen_by(actor)))
    statement = (
        select(pairs.c.municipality_id, func.count(pairs.c.project_id.distinct()))
        .where(pairs.c.project_id.in_(chosen_ones))
        .group_by(pairs.c.municipality_id)
    )
    return dict(read(statement).all())


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → title of the projects among the values, in alphabetical order."""
    statement = select(Project.slug, Project.acronym, Project.title_da, Project.title_en).where(
        Project.slug.in_(list(values))
    )
    rows = read(statement.order_by(Project.sort_key))
    return {row.slug: row.acronym or str(text_of(row, "title")) for row in rows}


def _in_municipality(municipality_id: int) -> Any:
    pairs = PLACES.subquery()
    return select(pairs.c.project_id).where(pairs.c.municipality_id == municipality_id)


def themes_of_partners(actor: Actor) -> AnySelect:
    """(partner, theme) for the themes of the projects a partner takes part in; one pair may come twice."""
    return (
        select(Participation.partner_id, ProjectTheme.theme)
        .join(ProjectTheme, ProjectTheme.project_id == Participation.project_id)
        .join(Project, Project.id == Participation.project_id)
        .where(seen_by(actor))
    )


def count_by_partner(ids: Collection[int], actor: Actor) -> dict[int, int]:
    """Partner → how many projects it takes part in."""
    statement = (
        select(Participation.partner_id, func.count(Participation.project_id.distinct()))
        .join(Project, Project.id == Participation.project_id)
        .where(Participation.partner_id.in_(ids), seen_by(actor))
        .group_by(Participation.partner_id)
    )
    return dict(read(statement).all())
