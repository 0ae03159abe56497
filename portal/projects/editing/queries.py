"""What the pages ask on which a project is begun and described."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.core import slugs
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.projects.documents.models import Document
from portal.projects.editing.operations import LESSONS
from portal.projects.models import (
    BarrierNote,
    Deliverable,
    Funding,
    Milestone,
    Project,
    Result,
    Update,
    Visibility,
    WorkPackage,
)
from portal.projects.parts.operations import is_wider
from portal.projects.permissions import seen_by


def to_adopt(actor: Actor, *, slug: str = "", id: int = 0) -> Project:
    """A project that may be seen, by its address or its number, with all that a copy takes over.

    `NotFound` for any other.
    """
    whole = (
        Project.themes,
        Project.barriers,
        Project.participations,
        Project.team,
        Project.work_packages,
        Project.milestones,
    )
    loads = [selectinload(part) for part in whole]
    which = Project.slug == slug if slug else Project.id == id
    project = db.session.scalar(select(Project).where(which, seen_by(actor)).options(*loads))
    if project is None:
        raise slugs.missing("project", slug) if slug else NotFound("project", id)
    return project


def partners_of(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the partners somebody acts for, those they administer first."""
    mine = db.session.scalars(select(Partner).where(Partner.id.in_(actor.partner_ids)).order_by(Partner.sort_key))
    by_weight = sorted(mine, key=lambda partner: partner.id not in actor.admin_of)
    return [(partner.id, partners.called(partner)) for partner in by_weight]


PARTS: Mapping[str, tuple[Any, ...]] = {
    "plan.index": (WorkPackage, Milestone, Deliverable),
    "updates.index": (Update,),
    "money.index": (Funding,),
    "barriers.index": (BarrierNote,),
    "results.index": (Result,),
    "documents.index": (Document,),
}
"""The page on which parts of each kind are worked on."""


def narrower(project: Project) -> dict[str, int]:
    """The pages of the project's desk → how many things there are for fewer people than the project."""
    few = [one for one in Visibility if is_wider(project.visibility, one)]
    found = {page: sum(_for(few, part, project.id) for part in parts) for page, parts in PARTS.items()}
    sections = (
        ("money.index", project.costs_visibility, project.total_cost is not None or project.actual_cost is not None),
        ("money.index", project.shares_visibility, bool(project.shares_currency)),
        ("editing.lessons", project.lessons_visibility, any(project.text(one) for one in LESSONS)),
    )
    for page, visibility, is_there in sections:
        found[page] = found.get(page, 0) + (is_there and visibility in few)
    return {page: count for page, count in found.items() if count}


def _for(few: Sequence[Visibility], part: Any, project_id: int) -> int:
    there = [part.project_id == project_id, part.visibility.in_(few)]
    if part is Document:
        there.append(Document.deleted_at.is_(None))
    if part is Update:
        there.append(Update.withdrawn_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(part).where(*there)) or 0


def municipality_choices() -> Sequence[Municipality]:
    """All municipalities in alphabetical order."""
    return db.session.scalars(select(Municipality).order_by(Municipality.sort_key)).all()
