"""What pages ask about news from projects."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select

from portal.core import paging, slugs
from portal.core.db import AnySelect, read
from portal.core.errors import Gone, NotFound
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Project, Update
from portal.projects.permissions import part_seen_by, seen_by

PER_PAGE = 20


def all_of(project_id: int, actor: Actor) -> Sequence[Any]:
    """The updates of a project for those who write them, withdrawn ones too; newest first, with who signed each."""
    return read(_signed(actor).where(Update.project_id == project_id)).all()


@lru_cache(maxsize=128)
def shown(actor: Actor) -> AnySelect:
    """What the actor may read of the news from `:project_id`, the newest first, with who signed each."""
    return _told(bindparam("project_id"), actor)


def archive(slug: str, actor: Actor, page: int) -> tuple[Any, Part]:
    """(Project row, a page of all its news that the actor may read)."""
    project = _project(slug, actor)
    return project, paging.read(_told(project.id, actor), page, PER_PAGE)


def one(slug: str, update_id: int, actor: Actor) -> tuple[Any, Any]:
    """(Project row, update row). `Gone` for one that was withdrawn, to those who could have read it."""
    project = _project(slug, actor)
    statement = _signed(actor).where(
        Update.id == update_id, Update.project_id == project.id, part_seen_by(actor, Update)
    )
    update = read(statement).one_or_none()
    if update is None:
        raise NotFound("update", update_id)
    if update.withdrawn_at is not None:
        raise Gone("update", update_id)
    return project, update


def _project(slug: str, actor: Actor) -> Any:
    columns = Project.id, Project.slug, Project.visibility, Project.title_da, Project.title_en
    project = read(select(*columns).where(Project.slug == slug, seen_by(actor))).one_or_none()
    if project is None:
        raise slugs.missing("project", slug)
    return project


def _told(project_id: Any, actor: Actor) -> AnySelect:
    mine = Update.project_id == project_id
    return _signed(actor).where(mine, Update.withdrawn_at.is_(None), part_seen_by(actor, Update))


def _signed(actor: Actor) -> Any:
    signed = and_(Update.partner_id == Partner.id, partner_seen_by(actor))
    return (
        select(Update.__table__, Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
        .join(Partner, signed, isouter=True)
        .order_by(Update.dated.desc(), Update.id.desc())
    )
