"""What pages ask about a project's money."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.core.db import read
from portal.core.permissions import Actor
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Funding, Participation, Project
from portal.projects.money.permissions import shares_seen_by


def funding_of(project_id: int) -> Sequence[Any]:
    """The rows of money that a project has been given, asks for or puts in."""
    return read(select(Funding.__table__).where(Funding.project_id == project_id).order_by(Funding.id)).all()


def shares_of(project_id: int, actor: Actor) -> Sequence[Any]:
    """Who bears how much of the budget, the largest share first: empty for those it is not for."""
    statement = (
        select(
            Participation.budget_share,
            Project.shares_currency.label("currency"),
            Partner.slug,
            Partner.name,
            Partner.name_da,
            Partner.name_en,
        )
        .join(Project, Participation.project_id == Project.id)
        .join(Partner, Participation.partner_id == Partner.id)
        .where(
            Participation.project_id == project_id,
            Participation.budget_share.is_not(None),
            shares_seen_by(actor),
            partner_seen_by(actor),
        )
        .order_by(Participation.budget_share.desc(), Partner.sort_key)
    )
    return read(statement).all()
