"""What the pages ask on which a project is begun and described."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import slugs
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.projects.models import Project
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


def municipality_choices() -> Sequence[Municipality]:
    """All municipalities in alphabetical order."""
    return db.session.scalars(select(Municipality).order_by(Municipality.sort_key)).all()
