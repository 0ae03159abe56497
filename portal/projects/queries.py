"""What pages ask about projects; every answer starts from what the actor may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal.core import bilingual, listing, slugs, themes
from portal.core.bilingual import text_of
from portal.core.db import AnySelect, db, read
from portal.core.generations import remembered, remembered_for
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import VISITOR, Actor, require
from portal.core.themes import Theme
from portal.municipalities import queries as municipalities
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import (
    Barrier,
    Funding,
    Kind,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectTheme,
    Role,
    State,
    TeamMember,
    Visibility,
)
from portal.projects.permissions import costs_seen_by, seen_by

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
FUNDERS = select(Funding.project_id, Funding.funder).where(Funding.visibility == Visibility.PUBLIC)
"""Who funds what, as far as everybody may know: a filter counts, and counts tell."""


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
        Facet("funder", _l("Funder"), FUNDERS, by_count=True),
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


def reader_of(actor: Actor) -> Actor:
    """Whose eyes a public page may be read with: a visitor's, for everybody who sees no more than a visitor does.

    So what was read once for the public may be shown to an account that acts for no partner, has no role and is in no
    project's team, and to nobody else.
    """
    if actor.roles or actor.partner_ids or actor.admin_of or actor.applicant_of:
        return actor
    return actor if actor.is_signed_in and _is_in_a_team(actor) else VISITOR


def _is_in_a_team(actor: Actor) -> bool:
    return bool(read(_IN_A_TEAM, account_id=actor.account_id).scalar())


_IN_A_TEAM = select(exists().where(TeamMember.account_id == bindparam("account_id")))


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
    shown = costs_seen_by(actor)
    costs = case((shown, Project.total_cost)), case((shown, Project.total_cost_currency), else_="")
    total = costs[0].label("total_cost"), costs[1].label("total_cost_currency")
    statement = select(*ROW, *total, Project.website, Project.source_url)
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


def public_by_id(project_id: int) -> Project | None:
    """A public project with who takes part in it, by its number."""
    public = select(Project).where(Project.id == project_id, Project.visibility == Visibility.PUBLIC)
    return db.session.scalar(public.options(selectinload(Project.participations), selectinload(Project.team)))


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


def in_municipalities(ids: Collection[int], actor: Actor) -> dict[int, list[Any]]:
    """Municipality → its projects as `of_municipality` gives them, of several at once."""
    project_id, municipality_id = PLACES.subquery().c
    pairs = select(project_id, municipality_id).where(municipality_id.in_(ids)).distinct().subquery()
    statement = (
        select(*ROW, pairs.c.municipality_id)
        .join(pairs, pairs.c.project_id == Project.id)
        .where(seen_by(actor))
        .order_by(Project.starts_on.desc().nulls_last(), Project.sort_key)
    )
    found: dict[int, list[Any]] = {municipality_id: [] for municipality_id in ids}
    for row in read(statement):
        found[row.municipality_id].append(row)
    return found


def newest(actor: Actor, limit: int) -> Sequence[Any]:
    """The projects that began last."""
    statement = (
        select(*ROW)
        .where(seen_by(actor))
        .order_by(Project.starts_on.desc().nulls_last(), Project.sort_key)
        .limit(limit)
    )
    return read(statement).all()


def count_by_municipality(choice: Choice, actor: Actor) -> dict[int, int]:
    """Municipality id → how many of the chosen projects take place in it."""
    key = ("projects by municipality", tuple(choice.chosen.items()))
    return remembered_for(actor, key, lambda: _count_by_municipality(choice, actor))


def _count_by_municipality(choice: Choice, actor: Actor) -> dict[int, int]:
    return dict(read(_places_counted(listing.condition(PLAN, choice, seen_by(actor)))).all())


def _places_counted(admitted: ColumnElement[bool]) -> AnySelect:
    """(municipality, how many of the admitted projects take place in it)."""
    pairs = PLACES.subquery()
    return (
        select(pairs.c.municipality_id, func.count(pairs.c.project_id.distinct()))
        .where(pairs.c.project_id.in_(select(Project.id).where(admitted)))
        .group_by(pairs.c.municipality_id)
    )


def counts_by_municipality(actor: Actor) -> tuple[dict[int, int], dict[int, int]]:
    """Municipality id → how many projects take place in it, and → how many partners have their seat there."""
    return remembered_for(actor, "projects and partners by municipality", lambda: _counts_by_municipality(actor))


def _counts_by_municipality(actor: Actor) -> tuple[dict[int, int], dict[int, int]]:
    statement = union_all(
        _places_counted(seen_by(actor)).add_columns(literal("projects").label("what")),
        partners.seats_counted(partner_seen_by(actor)).add_columns(literal("partners").label("what")),
    )
    counts: dict[str, dict[int, int]] = {"projects": {}, "partners": {}}
    for where, count, what in read(statement):
        counts[what][where] = count
    return counts["projects"], counts["partners"]


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → title of the public projects among the values, in alphabetical order: anybody may ask for any value."""
    return listing.among(values, remembered(("project names", bilingual.chosen()), _names))


def _names() -> dict[str, str]:
    columns = Project.slug, Project.acronym, Project.title_da, Project.title_en
    rows = read(select(*columns).where(seen_by(VISITOR)).order_by(Project.sort_key))
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
