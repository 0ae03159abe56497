"""What a project's plan shows; every answer starts from what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select

from portal.core import slugs
from portal.core.db import AnySelect, read
from portal.core.permissions import Actor
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Deliverable, Milestone, Project, WorkPackage
from portal.projects.permissions import part_seen_by, seen_by


@dataclass(frozen=True)
class Plan:
    """The rows of a plan, each kind in the order that the project gave it."""

    packages: Sequence[Any]
    milestones: Sequence[Any]
    deliverables: Sequence[Any]

    def __bool__(self) -> bool:
        return bool(self.packages or self.milestones or self.deliverables)


def of_project(project_id: int, actor: Actor) -> Plan:
    """The plan of a project that the actor may see."""
    return Plan(
        read(packages(actor), project_id=project_id).all(),
        read(steps(Milestone, actor), project_id=project_id).all(),
        read(steps(Deliverable, actor), project_id=project_id).all(),
    )


def by_slug(slug: str, actor: Actor) -> tuple[Any, Plan]:
    """(Project row, its plan). `Moved`, `Gone` or `NotFound` when the project cannot be seen."""
    columns = Project.id, Project.slug, Project.title_da, Project.title_en
    project = read(select(*columns).where(Project.slug == slug, seen_by(actor))).one_or_none()
    if project is None:
        raise slugs.missing("project", slug)
    return project, of_project(project.id, actor)


@lru_cache(maxsize=128)
def packages(actor: Actor) -> AnySelect:
    """The work packages of `:project_id`, with slug and names of who leads each."""
    leads = and_(WorkPackage.lead_id == Partner.id, partner_seen_by(actor))
    return (
        select(WorkPackage.__table__, Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
        .join(Partner, leads, isouter=True)
        .where(WorkPackage.project_id == bindparam("project_id"), part_seen_by(actor, WorkPackage))
        .order_by(WorkPackage.position, WorkPackage.id)
    )


@lru_cache(maxsize=128)
def steps(model: Any, actor: Actor) -> AnySelect:
    """The milestones or deliverables of `:project_id`."""
    return (
        select(model.__table__)
        .where(model.project_id == bindparam("project_id"), part_seen_by(actor, model))
        .order_by(model.position, model.id)
    )
