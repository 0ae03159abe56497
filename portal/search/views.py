"""The page of results and the suggestions under every search box."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core import bilingual, following, picking, syndication
from portal.core.errors import NotFound
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Option, Order, ShownFacet, in_words, read
from portal.core.permissions import audience
from portal.core.syndication import Category, Entry
from portal.core.templating import day
from portal.core.themes import Theme
from portal.core.web import absolute, actor, pages, revalidated
from portal.municipalities import queries as municipalities
from portal.partners import queries as partners
from portal.search import queries
from portal.search.query import MAX_TEXT

bp = pages("search", __name__, "/search")

MAX_OPTIONS = 60
FEED_LENGTH = 30
KINDS = {
    "municipality": _l("Municipalities"),
    "partner": _l("Partners"),
    "project": _l("Projects"),
    "article": _l("News"),
    "webinar": _l("Webinars"),
    "series": _l("Series of webinars"),
}
ONE_OF_KIND = {
    "municipality": _l("Municipality"),
    "partner": _l("Partner"),
    "project": _l("Project"),
    "article": _l("News item"),
    "webinar": _l("Webinar"),
    "series": _l("Series"),
}
DATED = ("article", "webinar")


def _kind_names(values: Iterable[str]) -> dict[str, str]:
    wanted = set(values)
    return {kind: str(name) for kind, name in KINDS.items() if kind in wanted}


def _theme_names(values: Iterable[str]) -> dict[str, str]:
    return labels_of(Theme, values)


def _years(values: Iterable[str]) -> dict[str, str]:
    """Years, the latest first."""
    return {year: year for year in sorted(values, reverse=True) if year.isascii() and year.isdecimal()}


# The index counts, so the plan's statements are empty: it is here for reading and writing addresses.
PLAN = ListingPlan(
    key=None,
    facets=(
        Facet("type", _l("Type"), select(), _kind_names),
        Facet("theme", _l("Theme"), select(), _theme_names),
        Facet("municipality", _l("Municipality"), select(), municipalities.names, by_count=True),
        Facet("partner", _l("Partner"), select(), partners.names, by_count=True),
        Facet("year", _l("Year"), select(), _years),
    ),
    orders=(Order("relevance", _l("Best match"), ()), Order("newest", _l("Newest"), ())),
    extra=("q",),
)
DIMENSION = {facet.name: "kind" if facet.name == "type" else facet.name for facet in PLAN.facets}


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    text, choice = _asked()
    found = queries.search(
        text,
        _filters(choice),
        page=choice.page,
        sort=choice.sort or queries.Sort.RELEVANCE,
        actor=actor(),
    )
    if choice.page > 1 and choice.page > found.pages:
        raise NotFound("page", choice.page)
    listing = _listing(found, choice)
    better = found.suggestion
    return revalidated(
        render_template(
            "search/index.html",
            listing=listing,
            q=found.query,
            heading=_title(found.query),
            carried=_carried(choice),
            suggestion=(better, choice.url(listing.path, extra={"q": better})) if better else None,
            degraded=found.degraded,
            feeds=following.paths(choice, ".feed")[bilingual.chosen()],
            feed_title=_feed_title(text, choice),
        )
    )


def _asked() -> tuple[str, Choice]:
    """The question and the filters that stand in the address."""
    text = request.args.get("q", "")[:MAX_TEXT]
    choice = read(PLAN, request.args.items(multi=True))
    return text, replace(choice, extra={"q": text} if text.strip() else {})


def _filters(choice: Choice) -> queries.Filters:
    return queries.Filters(**{DIMENSION[name]: values for name, values in choice.chosen.items()})


@bp.get(".<any(atom, rss, json):ending>")
@audience("everyone")
def feed(ending: str) -> ResponseReturnValue:
    """The newest of what a search finds under its filters."""
    text, choice = _asked()
    found = queries.newest(text, _filters(choice), limit=FEED_LENGTH, actor=actor())
    return revalidated(
        following.written(
            "search",
            ending,
            choice,
            [_entry(hit, since) for hit, since in found],
            title=_feed_title(text, choice),
            description=_("The newest of what this search finds."),
            home=".index",
            endpoint=".feed",
        )
    )


def _entry(hit: queries.Hit, since: datetime | None) -> Entry:
    return Entry(
        id=syndication.tag_id(absolute(""), bilingual.chosen(), hit.kind, hit.id),
        url=absolute(_address(hit)),
        title=hit.title.text,
        language=hit.title.language,
        updated=since or syndication.NEVER,
        published=since,
        summary="".join(piece.text for piece in hit.excerpt),
        categories=[Category(hit.kind, str(ONE_OF_KIND.get(hit.kind, hit.kind)))],
    )


def _feed_title(text: str, choice: Choice) -> str:
    return " · ".join([_title(text.strip()), *in_words(PLAN, choice)])


@bp.get("/suggest")
@audience("everyone")
def suggest() -> ResponseReturnValue:
    """Names that begin like what is typed, grouped by kind: `[{label, items: [{title, url}]}]`."""
    groups = queries.suggest(request.args.get("q", ""), actor=actor())
    return revalidated(
        jsonify(
            [
                {
                    "label": str(KINDS.get(group.kind, group.kind)),
                    "items": [{"title": hit.title.text, "url": _address(hit)} for hit in group.hits],
                }
                for group in groups
            ]
        )
    )


@bp.get("/names/<kind>")
@audience("signed_in")
def names(kind: str) -> ResponseReturnValue:
    """For js/picker.js: what the reader may see under such a name: `[{label, items: [{id, title, note}]}]`."""
    asked = picking.of_kind(kind)
    if asked is None:
        raise NotFound("kind", kind)
    found = asked.find(request.args.get("q", "")[:MAX_TEXT], actor())
    return jsonify([{"label": "", "items": found}])


def _address(hit: queries.Hit) -> str:
    return f"/{bilingual.chosen()}{hit.path}"


def _listing(found: queries.SearchPage, choice: Choice) -> Listing:
    path = url_for("search.index")
    facets, unknown = [], []
    for facet in PLAN.facets:
        chosen = choice.chosen.get(facet.name, ())
        counts = {one.value: one.count for one in found.facets[DIMENSION[facet.name]]}
        assert facet.labels is not None
        labels = facet.labels(_most_frequent(counts, chosen))
        unknown += [value for value in chosen if value not in labels]
        facets.append(ShownFacet(facet.name, str(facet.label), _options(facet, labels, counts, chosen)))
    kinds = {kind: str(name) for kind, name in ONE_OF_KIND.items()}
    items = [_row(hit, kinds.get(hit.kind, hit.kind)) for hit in found.hits]
    # The counts are part of the key: they follow the index, which follows the content a moment later.
    key = ("search", choice.url(path), tuple((facet.name, *facet.options) for facet in facets))
    return Listing(items, found.total, choice, PLAN, path, facets, unknown, key)


def _row(hit: queries.Hit, kind: str) -> dict[str, Any]:
    """What `hits` in components/rows.html says of something found."""
    return {
        "kind": kind,
        "title": hit.title_pieces,
        "href": _address(hit),
        "excerpt": hit.excerpt,
        "meta": day(hit.date) if hit.date and hit.kind in DATED else "",
        "language": hit.title.language if hit.title.is_fallback else None,
        "excerpt_language": hit.excerpt_language if hit.excerpt_language != bilingual.chosen() else None,
    }


def _most_frequent(counts: Mapping[str, int], chosen: Iterable[str]) -> set[str]:
    return {*sorted(counts, key=lambda value: -counts[value])[:MAX_OPTIONS], *chosen}


def _options(
    facet: Facet, labels: Mapping[str, Any], counts: Mapping[str, int], chosen: Collection[str]
) -> list[Option]:
    options = [
        Option(value, str(label), counts.get(value, 0), value in chosen)
        for value, label in labels.items()
        if counts.get(value) or value in chosen
    ]
    return sorted(options, key=lambda option: -option.count) if facet.by_count else options


def _carried(choice: Choice) -> list[tuple[str, str]]:
    """What another question keeps: the filters and the order."""
    chosen = [(name, value) for name, values in choice.chosen.items() for value in values]
    return chosen + ([("sort", choice.sort)] if choice.sort else [])


def _title(text: str) -> str:
    """What the page is called: the question, shortened."""
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return _("Search: %(question)s", question=shown) if shown else _("Search")
