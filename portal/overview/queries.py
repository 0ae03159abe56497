"""What the pages of no single slice count and list."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, literal, select, true, union_all

from portal.core.bilingual import Language, chosen
from portal.core.db import AnySelect, db, read
from portal.core.generations import remembered_for
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.news.models import Article
from portal.news.permissions import seen_by as article_seen_by
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.partners.queries import alphabetical
from portal.projects.models import Participation, Project
from portal.projects.permissions import seen_by as project_seen_by
from portal.webinars.models import Series, Webinar
from portal.webinars.permissions import seen_by as webinar_seen_by
from portal.webinars.series.permissions import seen_by as series_seen_by


def totals(actor: Actor) -> dict[str, int]:
    """How many municipalities, partners and projects the actor can see."""
    return remembered_for(actor, "totals", lambda: read(_totals(actor)).one()._asdict())


# Put together once for each actor: that costs more than running them.
@lru_cache(maxsize=128)
def _totals(actor: Actor) -> AnySelect:
    return select(
        select(func.count(Municipality.id)).scalar_subquery().label("municipalities"),
        select(func.count(Partner.id)).where(partner_seen_by(actor)).scalar_subquery().label("partners"),
        select(func.count(Project.id)).where(project_seen_by(actor)).scalar_subquery().label("projects"),
    )


def wall(actor: Actor, limit: int) -> Sequence[Any]:
    """The names of the partners in most projects (slug, name, name_da, name_en), as the reader sorts them."""
    return read(_wall(actor, chosen()), limit=limit).all()


@lru_cache(maxsize=128)
def _wall(actor: Actor, _language: Language) -> AnySelect:
    parts = (
        select(Participation.partner_id, func.count(Participation.project_id.distinct()).label("projects"))
        .join(Project, Project.id == Participation.project_id)
        .where(project_seen_by(actor))
        .group_by(Participation.partner_id)
        .subquery()
    )
    most = (
        select(Partner.id)
        .outerjoin(parts, parts.c.partner_id == Partner.id)
        .where(partner_seen_by(actor))
        .order_by(func.coalesce(parts.c.projects, 0).desc(), Partner.sort_key)
        .limit(bindparam("limit"))
        .subquery()
    )
    statement = select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en).join(most, most.c.id == Partner.id)
    return statement.order_by(alphabetical())


def addresses(actor: Actor) -> Sequence[tuple[str, str]]:
    """(endpoint, slug) of every page about one thing that the actor can see."""
    things = (
        ("municipalities.show", Municipality, true()),
        ("partners.show", Partner, partner_seen_by(actor)),
        ("projects.show", Project, project_seen_by(actor)),
        ("news.show", Article, article_seen_by(actor)),
        ("webinars.show", Webinar, webinar_seen_by(actor)),
        ("series.show", Series, series_seen_by(actor)),
    )
    parts = [
        select(literal(endpoint).label("endpoint"), model.slug.label("slug")).where(seen)
        for endpoint, model, seen in things
    ]
    together = union_all(*parts).subquery()
    return db.session.execute(select(together).order_by(together.c.endpoint, together.c.slug)).all()
