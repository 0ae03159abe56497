"""News: the archive, one article, and feeds."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import bilingual, clock, following, listing, websub
from portal.core.bilingual import text_of
from portal.core.labels import label
from portal.core.listing import Choice
from portal.core.permissions import audience
from portal.core.web import actor, address, host_of, pages, shows, table_download, uncached
from portal.news import metadata, queries
from portal.news.permissions import is_public
from portal.news.pictures import queries as pictures
from portal.news.reading import page_of

bp = pages("news", __name__, "/news")

KINDS = ("article", "partner", "project", "municipality")


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    shows(*KINDS)
    found = queries.listing_of(_choice(), actor(), url_for(".index"))
    return render_template(
        "news/index.html",
        listing=found,
        themes=queries.themes_of([row.id for row in found.items]),
        pictures=pictures.firsts([row.id for row in found.items]),
        feeds=following.paths(found.choice, ".feed")[bilingual.chosen()],
        feed_title=_title(found.choice),
        dated=queries.dated,
        host_of=host_of,
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    shows(*KINDS)
    return table_download("news", ending, _columns(), _cells(queries.all_of(_choice(), actor())))


@bp.get(".<any(atom, rss, json):ending>")
@audience("everyone")
def feed(ending: str) -> ResponseReturnValue:
    """The newest articles under the list's filters.

    Texts that exist in the other language only are in it, each marked with its language: a reader
    who wants one language alone adds `?language=da`.
    """
    shows(*KINDS)
    choice = _choice()
    articles = queries.for_feed(choice, actor())
    first = pictures.firsts([article.id for article in articles])
    return following.written(
        "news",
        ending,
        choice,
        [metadata.entry(article, first.get(article.id)) for article in articles],
        title=_title(choice),
        description=_("What happens in the smart society in Denmark, from the partners and about them."),
        home=".index",
        endpoint=".feed",
        hub=websub.hub(),
    )


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    shows(*KINDS)
    article = queries.by_slug(slug, actor())
    if not is_public(article, clock.now()):
        uncached()
    return render_template("news/show.html", **page_of(article, actor()))


def _choice() -> Choice:
    return listing.read(queries.PLAN, request.args.items(multi=True))


def _title(choice: Choice) -> str:
    """What a feed is called: what it is filtered by stands in its name."""
    return " · ".join([_("News from Smart Society"), *listing.in_words(queries.PLAN, choice)])


def _columns() -> Sequence[str]:
    return (
        _("Date"),
        _("Title"),
        _("Language"),
        _("Kind"),
        _("Standfirst"),
        _("Themes"),
        _("State"),
        _("Source"),
        _("Address"),
    )


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    themes = queries.themes_of([row.id for row in rows])
    for row in rows:
        title = text_of(row, "title")
        yield (
            str(queries.dated(row) or ""),
            str(title),
            title.language,
            label(row.kind),
            str(text_of(row, "standfirst")),
            "; ".join(label(theme) for theme in themes[row.id]),
            label(row.state),
            row.origin_url or row.source_url,
            address(".show", slug=row.slug),
        )
