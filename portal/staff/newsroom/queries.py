"""The desk's list of articles: what is being written, by whom, in which language it is missing; the oldest first."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, String, and_, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.core import listing
from portal.core.bilingual import LANGUAGES, Language, other
from portal.core.db import AnySelect, any_of, read
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import Actor
from portal.core.texts import gettext as _
from portal.news.models import Article, Kind, State
from portal.news.permissions import looked_inside_by
from portal.news.publishing.rules import OPEN
from portal.partners import queries as partners
from portal.partners.models import Partner

NOBODY = "nobody"
ASSIGNEE, WRITER = aliased(Account), aliased(Account)


def _is_unfinished(language: Language) -> ColumnElement[bool]:
    """It has a title and lacks the text that the other language has."""
    title, mine = getattr(Article, f"title_{language}"), getattr(Article, f"body_{language}")
    return and_(title != "", mine == "", getattr(Article, f"body_{other(language)}") != "")


def _languages() -> Any:
    """(article, what there is to do in a language) for each language that is missing or has fallen behind."""
    parts: list[Any] = []
    for language in LANGUAGES:
        title, mine = getattr(Article, f"title_{language}"), getattr(Article, f"revised_{language}_at")
        theirs = getattr(Article, f"revised_{other(language)}_at")
        parts.append(
            select(Article.id.label("article_id"), literal(f"{language}-missing").label("value")).where(title == "")
        )
        parts.append(select(Article.id, literal(f"{language}-stale")).where(title != "", theirs > mine))
        parts.append(select(Article.id, literal(f"{language}-unfinished")).where(_is_unfinished(language)))
    return union_all(*parts)


def _language_words(values: Iterable[str]) -> dict[str, str]:
    words = {
        "da-missing": _("Danish is missing"),
        "en-missing": _("English is missing"),
        "da-unfinished": _("Danish is not finished"),
        "en-unfinished": _("English is not finished"),
        "da-stale": _("Danish is behind"),
        "en-stale": _("English is behind"),
    }
    return {value: name for value, name in words.items() if value in values}


def _people(values: Iterable[str]) -> dict[str, str]:
    wanted = set(values)
    ids = [int(value) for value in wanted if value.isdecimal() and len(value) < 10]
    rows = read(select(Account.id, Account.name, Account.email).where(Account.id.in_(ids)).order_by(Account.name))
    named = {str(row.id): row.name or row.email or f"#{row.id}" for row in rows}
    return {NOBODY: _("Nobody"), **named} if NOBODY in wanted else named


PLAN = ListingPlan(
    key=Article.id,
    facets=(
        Facet("state", _l("State"), select(Article.id, Article.state), lambda values: labels_of(State, values)),
        Facet(
            "assignee",
            _l("Responsible"),
            select(Article.id, func.coalesce(cast(Article.assignee_id, String), NOBODY)),
            _people,
        ),
        Facet("language", _l("Languages"), _languages(), _language_words),
        Facet("kind", _l("Kind"), select(Article.id, Article.kind), lambda values: labels_of(Kind, values)),
        Facet(
            "from",
            _l("From"),
            select(Article.id, Partner.slug).join(Partner, Article.author_id == Partner.id),
            partners.names,
            by_count=True,
        ),
    ),
    orders=(
        Order("oldest", _l("Longest untouched first"), (Article.updated_at.asc(),)),
        Order("newest", _l("Last changed first"), (Article.updated_at.desc(),)),
        Order("out", _l("Next to come out first"), (Article.publish_at.asc().nulls_last(),)),
    ),
)


def listing_of(choice: Choice, actor: Actor, path: str, *, open_only: bool) -> Listing:
    """One page of the desk's articles as chosen: those with something to do, or all."""
    return listing.show(PLAN, choice, _rows(), _admitted(actor, open_only=open_only), path, actor)


def all_of(choice: Choice, actor: Actor, *, open_only: bool) -> Sequence[Any]:
    """Every article as chosen, for exports."""
    chosen = listing.condition(PLAN, choice, _admitted(actor, open_only=open_only))
    return read(_rows().where(chosen).order_by(*listing.order_of(PLAN, choice))).all()


def _admitted(actor: Actor, *, open_only: bool) -> ColumnElement[bool]:
    return looked_inside_by(actor) & any_of(Article.state, OPEN) if open_only else looked_inside_by(actor)


def _rows() -> AnySelect:
    return (
        select(
            Article.id,
            Article.slug,
            Article.kind,
            Article.state,
            Article.title_da,
            Article.title_en,
            Article.standfirst_da,
            Article.standfirst_en,
            Article.revised_da_at,
            Article.revised_en_at,
            Article.publish_at,
            Article.expire_at,
            Article.submitted_at,
            Article.updated_at,
            ASSIGNEE.name.label("assignee"),
            WRITER.name.label("writer"),
            Partner.name,
            Partner.name_da,
            Partner.name_en,
            *(_is_unfinished(language).label(f"unfinished_{language}") for language in LANGUAGES),
        )
        .outerjoin(ASSIGNEE, Article.assignee_id == ASSIGNEE.id)
        .outerjoin(WRITER, Article.created_by_id == WRITER.id)
        .outerjoin(Partner, Article.author_id == Partner.id)
    )
