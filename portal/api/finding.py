"""What is found and what is suggested, for programs: the pages' own search, told with the ids of the resources."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.api.formats import where
from portal.api.resources import Kind, Property, Resource
from portal.api.telling import slugs_of_places
from portal.core import bilingual
from portal.core.db import read
from portal.core.permissions import VISITOR
from portal.core.web import absolute
from portal.municipalities.models import Municipality
from portal.search import queries
from portal.search.highlight import Piece
from portal.search.queries import DIMENSIONS, Filters, Hit, SearchPage, Sort

MOST_VALUES = 60
"""How many values of a facet are told besides those asked for, the most frequent."""

WORDS = {"type" if dimension == "kind" else dimension: dimension for dimension in DIMENSIONS}
"""The address's word for a dimension of search."""

ORDERS = tuple(Sort)

SPAN = {"start": Kind.WHOLE, "end": Kind.WHOLE, "text": Kind.TEXT}
NAMED = (
    Property("type", Kind.TEXT, "Kind of thing"),
    Property("id", Kind.TEXT, "Its id among the resource of its kind"),
    Property("self", Kind.ADDRESS, "The thing in this interface, where its kind is a resource"),
    Property("url", Kind.ADDRESS, "Its page in the language asked for"),
    Property("title", Kind.TEXT, "Title"),
    Property("language", Kind.TEXT, "The language that the title is in: the other one where it has none in this"),
)
HIT = (
    *NAMED,
    Property("excerpt", Kind.TEXT, "What of its text answers the question, plain"),
    Property("excerpt_language", Kind.TEXT, "The language that the excerpt is in"),
    Property("date", Kind.DAY, "Its day, where it has one"),
    Property("score", Kind.NUMBER, "How well it answers; to be compared within one answer alone"),
    Property(
        "highlights",
        Kind.THING,
        "The words that answer, as characters (code points) from start to end",
        holds={"title": [SPAN], "excerpt": [SPAN]},
    ),
)


def filters(asked: Mapping[str, Sequence[str]]) -> Filters:
    """The filters that stand in an address; municipalities by code as well."""
    chosen = {WORDS[name]: tuple(values) for name, values in asked.items()}
    if places := chosen.get("municipality"):
        chosen["municipality"] = tuple(slugs_of_places(places))
    return Filters(**chosen)


def results(found: SearchPage, resources: Sequence[Resource], following: str | None) -> dict[str, Any]:
    """A page of what was found."""
    named = _named(found.hits, resources)
    items = [{**told, **_found(hit)} for told, hit in zip(named, found.hits, strict=True)]
    return {
        "query": found.query,
        "total": found.total,
        "page": found.page,
        "per_page": found.per_page,
        "next": following,
        "items": items,
        "facets": {
            word: [
                {"value": one.value, "count": one.count}
                for place, one in enumerate(found.facets[dimension])
                if place < MOST_VALUES or one.is_chosen
            ]
            for word, dimension in WORDS.items()
        },
        "suggestion": found.suggestion,
        "degraded": found.degraded,
        "took_ms": round(found.took_ms, 1),
    }


def suggestions(text: str, resources: Sequence[Resource]) -> dict[str, Any]:
    """Things whose names begin like what is typed, kind by kind."""
    hits = [hit for group in queries.suggest(text, actor=VISITOR) for hit in group.hits]
    return {"query": text, "items": _named(hits, resources)}


def _named(hits: Sequence[Hit], resources: Sequence[Resource]) -> list[dict[str, Any]]:
    """What each hit is: kind, id, addresses and title."""
    of_kind = {one.kind: one for one in resources if one.kind}
    ids = _ids(hits)
    return [
        {
            "type": hit.kind,
            "id": id,
            "self": where(of_kind[hit.kind], id) if hit.kind in of_kind else None,
            "url": absolute(f"/{bilingual.chosen()}{hit.path}"),
            "title": hit.title.text,
            "language": hit.title.language,
        }
        for hit, id in zip(hits, ids, strict=True)
    ]


def _ids(hits: Sequence[Hit]) -> list[str]:
    """How the resources call them: by the last word of their page's address, municipalities by their code."""
    places = [hit.id for hit in hits if hit.kind == "municipality"]
    codes: dict[int, str] = {}
    if places:
        codes = dict(read(select(Municipality.id, Municipality.code).where(Municipality.id.in_(places))).all())
    return [codes[hit.id] if hit.id in codes and hit.kind == "municipality" else _last_word(hit) for hit in hits]


def _last_word(hit: Hit) -> str:
    return hit.path.rpartition("/")[2]


def _found(hit: Hit) -> dict[str, Any]:
    return {
        "excerpt": _text(hit.excerpt),
        "excerpt_language": hit.excerpt_language,
        "date": hit.date.isoformat() if hit.date else None,
        "score": hit.score,
        "highlights": {"title": _spans(hit.title_pieces), "excerpt": _spans(hit.excerpt)},
    }


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _spans(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Where the matches are, in the text that the pieces make."""
    spans, at = [], 0
    for piece in pieces:
        end = at + len(piece.text)
        if piece.is_match:
            spans.append({"start": at, "end": end, "text": piece.text})
        at = end
    return spans
