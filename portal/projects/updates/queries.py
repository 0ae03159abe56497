"""What pages ask about news from projects."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from portal.core import slugs
from portal.core.db import read
from portal.core.errors import Gone, NotFound
from portal.core.permissions import Actor
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Project, Update
from portal.projects.permissions import part_seen_by, seen_by


def all_of(project_id: int, actor: Actor) -> Sequence[Any]:
    """The updates of a project for those who write them, withdrawn ones too; newest first, with who signed each."""
    return read(_signed(actor).where(Update.project_id == project_id)).all()


def shown(slug: str, update_id: int, actor: Actor) -> tuple[Any, Any]:
    """(Project row, update row). `Gone` for one that was withdrawn, to those who could have read it."""
    columns = Project.id, Project.slug, Project.acronym, Project.title_da, Project.title_en
    project = read(select(*columns).where(Project.slug == slug, seen_by(actor))).one_or_none()
    if project is None:
        raise slugs.missing("project", slug)
    statement = _signed(actor).where(
        Update.id == update_id, Update.project_id == project.id, part_seen_by(actor, Update)
    )
    update = read(statement).one_or_none()
    if update is None:
        raise NotFound("update", update_id)
    if update.withdrawn_at is not None:
        raise Gone("update", update_id)
    return project, update


def _signed(actor: Actor) -> Any:
    signed = and_(Update.partner_id == Partner.id, partner_seen_by(actor))
    return (
        select(Update.__table__, Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
        .join(Partner, signed, isouter=True)
        .order_by(Update.dated.desc(), Update.id.desc())
    )
