"""What a partner's desk asks: my projects, with what one needs to know at a glance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.core import listing
from portal.core.db import read
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import Actor
from portal.projects import queries as projects
from portal.projects.models import Funding, FundingState, Health, Milestone, Project, Update
from portal.projects.permissions import edited_by, taken_part_in_by
from portal.workspace.models import SavedView
from portal.workspace.permissions import used_by

PER_PAGE = 50

_NEXT_DUE = (
    select(func.min(Milestone.due_on))
    .where(Milestone.project_id == Project.id, Milestone.done_on.is_(None))
    .correlate(Project)
    .scalar_subquery()
)
_TOLD = Update.project_id == Project.id, Update.withdrawn_at.is_(None)
_LAST_UPDATE = select(func.max(Update.dated)).where(*_TOLD).correlate(Project).scalar_subquery()

PLAN = ListingPlan(
    key=Project.id,
    facets=(
        *(facet for facet in projects.PLAN.facets if facet.name in ("state", "theme", "partner")),
        Facet(
            "health", _l("How it goes"), select(Project.id, Project.health), lambda values: labels_of(Health, values)
        ),
    ),
    orders=(
        Order("due", _l("Next milestone first"), (_NEXT_DUE.asc().nulls_last(), Project.sort_key)),
        Order("quiet", _l("Longest silent first"), (_LAST_UPDATE.asc().nulls_first(), Project.sort_key)),
        Order("newest", _l("Newest first"), (Project.starts_on.desc().nulls_last(), Project.sort_key)),
        Order("name", _l("Name"), (Project.sort_key,)),
    ),
    per_page=PER_PAGE,
    extra=("view", "group", "years"),
    is_timeless=True,
)


@dataclass(frozen=True)
class Line:
    """A project as its people see it in their portfolio."""

    project: Any
    next_milestone: Any | None
    granted: Mapping[str, Decimal]
    last_update: date | None
    may_edit: bool


def portfolio(choice: Choice, actor: Actor, path: str) -> Listing:
    """One page of the actor's own projects (their ids) as chosen."""
    return listing.show(PLAN, choice, select(Project.id), taken_part_in_by(actor), path, actor)


def lines(ids: Collection[int], actor: Actor) -> list[Line]:
    """The portfolio's line of each of these projects, in their order."""
    return _lines(Project.id.in_(ids), actor, list(ids))


def all_lines(choice: Choice, actor: Actor) -> list[Line]:
    """The lines of every project as chosen, for exports, groups and the timeline."""
    admitted = listing.condition(PLAN, choice, taken_part_in_by(actor))
    ids = read(select(Project.id).where(admitted).order_by(*listing.order_of(PLAN, choice))).scalars().all()
    return lines(ids, actor)


def _lines(which: Any, actor: Actor, order: Sequence[int]) -> list[Line]:
    health = (Project.health, Project.health_sentence_da, Project.health_sentence_en, Project.health_at)
    columns = (*projects.ROW, *health, Project.visibility)
    costs = (Project.total_cost, Project.total_cost_currency)
    rows = {row.id: row for row in read(select(*columns, *costs).where(which, taken_part_in_by(actor))).all()}
    mine = Project.id.in_(rows)
    editable = set(read(select(Project.id).where(mine, edited_by(actor))).scalars())
    milestones = _next_milestones(rows)
    granted = _granted(rows)
    told = Update.project_id.in_(rows), Update.withdrawn_at.is_(None)
    latest = select(Update.project_id, func.max(Update.dated)).where(*told)
    updated: dict[int, date] = dict(read(latest.group_by(Update.project_id)).all())
    return [
        Line(rows[one], milestones.get(one), granted.get(one, {}), updated.get(one), one in editable)
        for one in order
        if one in rows
    ]


def _next_milestones(ids: Collection[int]) -> dict[int, Any]:
    """Project → its earliest milestone that is not done."""
    open_ones = (
        select(Milestone.project_id, Milestone.title_da, Milestone.title_en, Milestone.due_on)
        .where(Milestone.project_id.in_(ids), Milestone.done_on.is_(None), Milestone.due_on.is_not(None))
        .order_by(Milestone.due_on.desc(), Milestone.id.desc())
    )
    return {row.project_id: row for row in read(open_ones)}


def milestones_of(ids: Collection[int]) -> dict[int, list[Any]]:
    """Project → its milestones that have a date, the earliest first."""
    dated = (
        select(Milestone.project_id, Milestone.title_da, Milestone.title_en, Milestone.due_on, Milestone.done_on)
        .where(Milestone.project_id.in_(ids), Milestone.due_on.is_not(None) | Milestone.done_on.is_not(None))
        .order_by(func.coalesce(Milestone.done_on, Milestone.due_on), Milestone.id)
    )
    found: dict[int, list[Any]] = {}
    for row in read(dated):
        found.setdefault(row.project_id, []).append(row)
    return found


def _granted(ids: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """Project → currency → what was granted."""
    sums: dict[int, dict[str, Decimal]] = {}
    granted = (
        select(Funding.project_id, Funding.currency, func.sum(Funding.amount))
        .where(Funding.project_id.in_(ids), Funding.amount.is_not(None))
        .where(Funding.state.is_(None) | (Funding.state == FundingState.GRANTED))
        .group_by(Funding.project_id, Funding.currency)
    )
    for project_id, currency, amount in read(granted):
        sums.setdefault(project_id, {})[currency] = amount
    return sums


def saved_views(actor: Actor) -> Sequence[Any]:
    """The actor's saved views, by name."""
    mine = select(SavedView.id, SavedView.name, SavedView.query).where(used_by(actor))
    return read(mine.order_by(SavedView.name)).all()
