"""Changing what a project costs and who bears it. Funding is written as any part of a project."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.projects.models import Project, Visibility
from portal.projects.operations import note
from portal.projects.parts.operations import is_wider


@dataclass(frozen=True)
class Costs:
    """What a project was to cost and what it did cost: two figures with currencies, seen by `costs_visibility`."""

    total_cost: Decimal | None
    total_cost_currency: str
    actual_cost: Decimal | None
    actual_cost_currency: str
    costs_visibility: Visibility


@dataclass(frozen=True)
class Shares:
    """Who bears how much of the budget, by participation; all in one currency, seen by `visibility`."""

    amounts: Mapping[int, Decimal | None]
    currency: str
    visibility: Visibility


def revise_costs(project: Project, costs: Costs, *, actor: Actor, now: datetime) -> None:
    """Change the total and the actual cost, and who sees them."""
    require(actor, "project.edit", project)
    if is_wider(costs.costs_visibility, project.visibility):
        raise Invalid("costs_visibility", "wider than the project")
    changes = {
        column: (before, value)
        for column, value in vars(costs).items()
        if (before := getattr(project, column)) != value
    }
    for column, (_before, value) in changes.items():
        setattr(project, column, value)
    if changes:
        note(project, "project.cost_revised", changes, actor=actor, now=now)


def revise_shares(project: Project, shares: Shares, *, actor: Actor, now: datetime) -> None:
    """Change the partners' shares of the budget."""
    require(actor, "project.edit", project)
    if is_wider(shares.visibility, project.visibility):
        raise Invalid("visibility", "wider than the project")
    changes: dict[str, tuple[object, object]] = {}
    for one in project.participations:
        wanted = shares.amounts.get(one.id, one.budget_share)
        if wanted != one.budget_share:
            changes[f"share of partner {one.partner_id}"] = (one.budget_share, wanted)
            one.budget_share = wanted
    for column, value in (("shares_currency", shares.currency), ("shares_visibility", shares.visibility)):
        if (before := getattr(project, column)) != value:
            changes[column] = (before, value)
            setattr(project, column, value)
    if changes:
        note(project, "project.shares_revised", changes, actor=actor, now=now)
