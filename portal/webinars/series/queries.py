"""What pages ask about series of webinars."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from portal.core import slugs
from portal.core.bilingual import text_of
from portal.core.db import db, read
from portal.core.errors import DomainError, Gone, NotFound
from portal.core.permissions import VISITOR, Actor, allows
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Project
from portal.projects.permissions import seen_by as project_seen_by
from portal.webinars.models import Series, SeriesPartner, SeriesProject, SeriesState, Webinar
from portal.webinars.permissions import seen_by as webinar_seen_by
from portal.webinars.series.permissions import seen_by

KIND = "series"
ROW = (Series.id, Series.slug, Series.title_da, Series.title_en, Series.summary_da, Series.summary_en, Series.state)


def by_slug(slug: str, actor: Actor) -> Series:
    """The series with its themes. `Moved`, `Gone` or `NotFound` when it cannot be seen."""
    statement = select(Series).where(Series.slug == slug, seen_by(actor)).options(selectinload(Series.themes))
    if series := db.session.scalar(statement):
        return series
    raise _unseen(slug)


def _unseen(slug: str) -> DomainError:
    state = db.session.scalar(select(Series.state).where(Series.slug == slug))
    return Gone(KIND, slug) if state is SeriesState.WITHDRAWN else slugs.missing(KIND, slug)


def to_work_on(slug: str, actor: Actor) -> Series:
    """The series with all that its writers decide. `NotFound` unless the actor may edit it."""
    ties = (Series.themes, Series.partners, Series.projects)
    statement = select(Series).where(Series.slug == slug, seen_by(actor)).options(*map(selectinload, ties))
    series = db.session.scalar(statement)
    if series is None:
        raise slugs.missing(KIND, slug)
    if not allows(actor, "series.edit", series):
        raise NotFound(KIND, slug)
    return series


def all_of(actor: Actor) -> Sequence[Any]:
    """Every series with how many webinars of it there are to see, and when the latest is; the latest first."""
    latest = func.max(Webinar.held_on)
    statement = (
        select(*ROW, func.count(Webinar.id).label("webinars"), latest.label("latest"))
        .outerjoin(Webinar, (Webinar.series_id == Series.id) & webinar_seen_by(actor))
        .where(seen_by(actor))
        .group_by(*ROW)
        .order_by(latest.desc().nulls_last(), Series.id)
    )
    return read(statement).all()


def choices(actor: Actor, chosen: int | None = None) -> list[tuple[int, str]]:
    """(id, title) of the series that the actor can put a webinar into, and of the one it is in."""
    offered = seen_by(actor) & (Series.state != SeriesState.WITHDRAWN)
    rows = read(select(*ROW).where(or_(offered, Series.id == chosen))).all()
    return sorted(((row.id, str(text_of(row, "title"))) for row in rows), key=lambda one: one[1].casefold())


def title_of(series_id: int) -> str:
    """What a series is called; its number where it is no more."""
    row = read(select(*ROW).where(Series.id == series_id)).one_or_none()
    return str(text_of(row, "title")) if row else f"#{series_id}"


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → title of those that everybody may see."""
    rows = read(select(*ROW).where(Series.slug.in_(list(values)), seen_by(VISITOR))).all()
    titles = {row.slug: str(text_of(row, "title")) for row in rows}
    return dict(sorted(titles.items(), key=lambda one: one[1].casefold()))


def of_webinar(series_id: int | None, actor: Actor) -> Any | None:
    """The series that a webinar belongs to, as far as the actor may see it."""
    if series_id is None:
        return None
    return read(select(*ROW).where(Series.id == series_id, seen_by(actor))).one_or_none()


def partners_of(series_id: int, actor: Actor) -> Sequence[Any]:
    """The partners of a series, hosts first: slug, names, type, `is_host`."""
    statement = (
        select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.type, SeriesPartner.is_host)
        .join(SeriesPartner, SeriesPartner.partner_id == Partner.id)
        .where(SeriesPartner.series_id == series_id, partner_seen_by(actor))
        .order_by(SeriesPartner.is_host.desc(), Partner.sort_key)
    )
    return read(statement).all()


def projects_of(series_id: int, actor: Actor) -> Sequence[Any]:
    """The projects a series is about: slug, acronym, title pair."""
    statement = (
        select(Project.slug, Project.acronym, Project.title_da, Project.title_en)
        .join(SeriesProject, SeriesProject.project_id == Project.id)
        .where(SeriesProject.series_id == series_id, project_seen_by(actor))
        .order_by(Project.sort_key)
    )
    return read(statement).all()
