"""The articles as the interface for programs gives them out, as long as they are out."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.api.resources import Kind, More, Property, Resource, filters_of
from portal.api.telling import (
    LANGUAGE_STATES,
    NAMED,
    PARTNER,
    SOURCES,
    THEMES,
    TITLED,
    gathered,
    pair,
    partner_of,
    partners_of_each,
    places_of_each,
    projects_of_each,
    slugs_of_places,
    states_of,
    together,
)
from portal.core import clock
from portal.core.db import AnySelect, joined
from portal.core.permissions import VISITOR
from portal.core.web import address
from portal.news import queries
from portal.news.models import Article, ArticlePartner, ArticleProject, ArticleTheme, State
from portal.news.permissions import public_at
from portal.news.pictures import queries as pictures
from portal.news.pictures.showing import enclosed
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by


def _articles() -> AnySelect:
    return select(
        Article.id,
        Article.slug,
        Article.kind,
        Article.title_da,
        Article.title_en,
        Article.standfirst_da,
        Article.standfirst_en,
        Article.correction_da,
        Article.correction_en,
        Article.corrected_at,
        Article.state,
        Article.publish_at,
        Article.dated_precision,
        Article.expire_at,
        Article.updated_at,
        Article.origin_url,
        Article.source_url,
        Article.source_note,
        Article.retrieved,
        joined(ArticleTheme.theme).where(ArticleTheme.article_id == Article.id).label("themes"),
        *states_of(Article),
    ).where(public_at(clock.now()))


def _state(row: Any) -> State:
    """What readers are told: that it was scheduled once is nobody's business."""
    return State.ARCHIVED if row.state is State.ARCHIVED else State.PUBLISHED


def _published(row: Any) -> str | None:
    day = queries.dated(row)
    return str(day) if day else None


def _more(rows: Sequence[Any]) -> More:
    ids = [row.id for row in rows]
    return together(
        rows,
        body=_bodies(ids),
        author=_authors(ids),
        partners=partners_of_each(ArticlePartner.article_id, ArticlePartner.partner_id, ids),
        projects=projects_of_each(ArticleProject.article_id, ArticleProject.project_id, ids),
        municipalities=places_of_each(queries.TIES.places, ids),
        pictures={id: [_picture(one) for one in several] for id, several in pictures.of_each(ids).items()},
    )


def _bodies(ids: Sequence[int]) -> dict[int, Any]:
    rows = gathered(
        select(Article.id.label("owner"), Article.body_da, Article.body_en).where(Article.id.in_(ids)),
        lambda row: pair(row, "body"),
    )
    return {id: bodies[0] for id, bodies in rows.items()}


def _authors(ids: Sequence[int]) -> dict[int, Any]:
    statement = (
        select(Article.id.label("owner"), *PARTNER)
        .join(Partner, Article.author_id == Partner.id)
        .where(Article.id.in_(ids), partner_seen_by(VISITOR))
    )
    return {id: authors[0] for id, authors in gathered(statement, partner_of).items()}


def _picture(row: Any) -> dict[str, Any]:
    shown = enclosed(row)
    return {
        "url": shown.url,
        "media_type": shown.media_type,
        "width": shown.width,
        "height": shown.height,
        "alt": pair(row, "alt"),
        "caption": pair(row, "caption"),
        "credit": shown.credit,
    }


PICTURE = {
    "url": Kind.ADDRESS,
    "media_type": Kind.TEXT,
    "width": Kind.WHOLE,
    "height": Kind.WHOLE,
    "alt": Kind.PAIR,
    "caption": Kind.PAIR,
    "credit": Kind.TEXT,
}

ARTICLES = Resource(
    "articles",
    _l("News of the smart society"),
    _l("News, analyses, cases and calls, with the partners, projects and municipalities that they are about."),
    _articles,
    lambda key: Article.slug == key,
    lambda row: row.slug,
    (
        Property("title", Kind.PAIR, _l("Title"), term="headline"),
        Property("url", Kind.ADDRESS, _l("Page"), lambda row: address("news.show", slug=row.slug), "url"),
        Property("kind", Kind.TEXT, _l("Kind")),
        Property("standfirst", Kind.PAIR, _l("Standfirst"), term="description"),
        Property("correction", Kind.PAIR, _l("Correction"), term="correction"),
        Property("corrected_at", Kind.MOMENT, _l("Corrected at")),
        Property("state", Kind.TEXT, _l("State"), _state),
        Property("published", Kind.TEXT, _l("Date"), _published, "datePublished"),
        Property("updated_at", Kind.MOMENT, _l("Changed at"), term="dateModified"),
        Property("expire_at", Kind.MOMENT, _l("Shown until"), term="expires"),
        THEMES,
        Property("origin_url", Kind.ADDRESS, _l("The whole story"), term="isBasedOn"),
        LANGUAGE_STATES,
        *SOURCES,
    ),
    filters_of(lambda: queries.PLAN, {"municipality": slugs_of_places}),
    plan=lambda: queries.PLAN,
    more=_more,
    details=(
        Property("body", Kind.PAIR, _l("The article, in Markdown")),
        Property("author", Kind.THING, _l("The partner that wrote it"), holds=NAMED),
        Property("partners", Kind.LIST, _l("Partners named"), holds=NAMED),
        Property("projects", Kind.LIST, _l("Projects"), holds=TITLED),
        Property("municipalities", Kind.LIST, _l("Municipalities"), holds=NAMED),
        Property("pictures", Kind.LIST, _l("Pictures"), holds=PICTURE),
    ),
    missing=queries.unseen,
    sheet="news",
    kind="article",
    term="NewsArticle",
    rights=_l("Summaries in our own words, with a link to the source; whole texts are by the partner that is named."),
    themes=("TECH", "GOVE"),
)
