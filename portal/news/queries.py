"""What pages ask about news. Lists show everybody what is out now; a draft is shown by itself, to whom it concerns."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock, listing, slugs
from portal.core.dates import PartialDate, Precision
from portal.core.db import NOW, AnySelect, any_of, db, read
from portal.core.errors import DomainError, Gone
from portal.core.generations import moments_in, remembered
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import Actor
from portal.core.years import danish_year
from portal.editorial.ties import Ties
from portal.news.models import (
    Article,
    ArticleMunicipality,
    ArticlePartner,
    ArticleProject,
    ArticleTheme,
    Kind,
    State,
)
from portal.news.permissions import OUT, public_at, seen_by, was_public

FEED_LENGTH = 30

# What a row of a list shows. Columns, not objects: a list of twenty costs a third.
ROW = (
    Article.id,
    Article.slug,
    Article.kind,
    Article.title_da,
    Article.title_en,
    Article.standfirst_da,
    Article.standfirst_en,
    Article.state,
    Article.publish_at,
    Article.dated_precision,
    Article.origin_url,
)
NEWEST = (Article.publish_at.desc().nulls_last(), Article.id.desc())


def dated(row: Any) -> PartialDate | None:
    """The Danish date a row came out, as precisely as it is known."""
    if row.publish_at is None:
        return None
    return PartialDate(row.publish_at.astimezone(clock.COPENHAGEN).date(), Precision(row.dated_precision))


def _languages() -> Any:
    """(article, language) for each language it has a title in."""
    return union_all(
        select(Article.id.label("article_id"), literal("da").label("language")).where(Article.title_da != ""),
        select(Article.id, literal("en")).where(Article.title_en != ""),
    )


def _language_labels(values: Iterable[str]) -> dict[str, str]:
    names = {"da": gettext("Danish"), "en": gettext("English")}
    return {value: name for value, name in names.items() if value in values}


TIES = Ties("article_id", ArticleTheme, ArticlePartner, ArticleProject, ArticleMunicipality)

themes_of = TIES.themes_of
partners_of = TIES.partners_of
projects_of = TIES.projects_of
municipalities_of = TIES.municipalities_of

PLAN = ListingPlan(
    key=Article.id,
    facets=(
        TIES.theme_facet,
        Facet("kind", _l("Kind"), select(Article.id, Article.kind), lambda values: labels_of(Kind, values)),
        Facet("year", _l("Year"), select(Article.id, danish_year(Article.publish_at)), descending=True),
        Facet("language", _l("Language"), _languages(), _language_labels),
        *TIES.facets,
    ),
    orders=(
        Order("newest", _l("Newest first"), NEWEST),
        Order("oldest", _l("Oldest first"), (Article.publish_at.asc().nulls_last(),)),
    ),
)


def listing_of(choice: Choice, actor: Actor, path: str) -> Listing:
    """One page of news as chosen, with the counts of every filter value."""
    return listing.show(PLAN, choice, select(*ROW), _out(actor), path, actor)


def all_of(choice: Choice, actor: Actor) -> Sequence[Any]:
    """Every article as chosen, in its order, for exports."""
    statement = select(*ROW, Article.source_url, Article.retrieved)
    chosen_ones = listing.condition(PLAN, choice, _out(actor))
    return read(statement.where(chosen_ones).order_by(*listing.order_of(PLAN, choice))).all()


def for_feed(choice: Choice, actor: Actor) -> Sequence[Article]:
    """The newest articles as chosen, whole; what is archived is no longer news."""
    statement = (
        select(Article)
        .where(listing.condition(PLAN, choice, _out(actor)), Article.state != State.ARCHIVED)
        .order_by(*NEWEST)
        .limit(FEED_LENGTH)
        .options(joinedload(Article.author), selectinload(Article.themes))
    )
    return db.session.scalars(statement).all()


def by_slug(slug: str, actor: Actor) -> Article:
    """The article with its author and themes. `Moved`, `Gone` or `NotFound` when it cannot be seen."""
    statement = (
        select(Article)
        .where(Article.slug == slug, seen_by(actor))
        .options(joinedload(Article.author), selectinload(Article.themes))
    )
    if article := db.session.scalar(statement):
        return article
    raise unseen(slug)


def unseen(slug: str) -> DomainError:
    """Why nothing can be seen under a slug: `Moved`, `Gone` or `NotFound`."""
    article = db.session.scalar(select(Article).where(Article.slug == slug))
    if article is not None and was_public(article, clock.now()):
        return Gone("article", slug)
    return slugs.missing("article", slug)


def latest(actor: Actor, limit: int) -> Sequence[Any]:
    """The newest articles that are not archived."""
    return read(_latest(actor), now=clock.now(), limit=limit).all()


def of_partner(partner_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """News that names a partner or is written by it; newest first."""
    return read(_of_partner(actor), partner_id=partner_id, now=clock.now(), limit=limit).all()


def of_project(project_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """News about a project; newest first."""
    # Most projects have none, and each one's page asks.
    if project_id not in remembered("projects in the news", _projects_named):
        return ()
    return read(_of_project(actor), project_id=project_id, now=clock.now(), limit=limit).all()


def _projects_named() -> frozenset[int]:
    return frozenset(read(select(ArticleProject.project_id).distinct()).scalars())


def of_municipality(municipality_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """News about a municipality or its own organisation; newest first."""
    return read(_of_municipality(actor), municipality_id=municipality_id, now=clock.now(), limit=limit).all()


# Put together once for each actor: that costs more than running them.
@lru_cache(maxsize=128)
def _latest(actor: Actor) -> AnySelect:
    return _newest(actor, Article.state != State.ARCHIVED)


@lru_cache(maxsize=128)
def _of_partner(actor: Actor) -> AnySelect:
    partner: BindParameter[int] = bindparam("partner_id")
    named = select(ArticlePartner.article_id).where(ArticlePartner.partner_id == partner)
    return _newest(actor, or_(Article.id.in_(named), Article.author_id == partner))


@lru_cache(maxsize=128)
def _of_project(actor: Actor) -> AnySelect:
    named = _newest(actor, ArticleProject.project_id == bindparam("project_id"))
    return named.join(ArticleProject, ArticleProject.article_id == Article.id)


@lru_cache(maxsize=128)
def _of_municipality(actor: Actor) -> AnySelect:
    article_id, place = TIES.places.subquery().c
    return _newest(actor, Article.id.in_(select(article_id).where(place == bindparam("municipality_id"))))


def _newest(actor: Actor, about: ColumnElement[bool]) -> AnySelect:
    return select(*ROW).where(about, seen_by(actor, NOW), public_at(NOW)).order_by(*NEWEST).limit(bindparam("limit"))


def on_theme(article: Article, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """Other news on the article's themes, with the most themes in common first: row columns and `shared`."""
    shared = TIES.sharing(article)
    statement = (
        select(*ROW, shared.c.shared)
        .join(shared, shared.c.owner == Article.id)
        .where(_out(actor))
        .order_by(shared.c.shared.desc(), *NEWEST)
        .limit(limit)
    )
    return read(statement).all() if article.themes else []


def _out(actor: Actor) -> ColumnElement[bool]:
    """What is out now, of what the actor may see: nobody meets drafts among what readers see."""
    now = clock.now()
    return and_(seen_by(actor, now), public_at(now))


moments = moments_in(Article.publish_at, Article.expire_at, among=any_of(Article.state, OUT))
"""When an article last came out or expired by time alone, and when one next will."""
