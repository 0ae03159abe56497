"""What somebody finds: one page of hits, counts for every filter, a better spelling.

The index answers when it can; the database when it cannot (`degraded`). Either way each hit
is shown only when its slice says that the actor may see it now.
"""

import logging
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from portal.core import bilingual
from portal.core.bilingual import Language, Shown, pick
from portal.core.generations import remembered_each
from portal.core.permissions import VISITOR, Actor
from portal.search import fallback, outbox, shelf, sources
from portal.search.documents import Document, Source, key_of
from portal.search.engines.base import (
    DIMENSIONS,
    EngineFault,
    Filters,
    Found,
    Reader,
    Request,
    Sort,
)
from portal.search.highlight import Marker, Piece
from portal.search.query import Query, corrected, parse

PER_PAGE = 20
MAX_PER_PAGE = 100
MAX_PENDING = 500
SUGGESTED = 30
SUGGESTED_OF_KIND = 4

logger = logging.getLogger(__name__)

__all__ = ["DIMENSIONS", "Filters", "Hit", "SearchPage", "Sort", "search", "state", "suggest"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, as a page shows it. Pieces are plain text: the template escapes them."""

    kind: str
    id: int
    path: str
    title: Shown
    title_pieces: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    excerpt_language: Language
    score: float
    date: date | None


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class SearchPage:
    """One page of results. `facets` holds every dimension, its values by count."""

    query: str
    total: int
    page: int
    per_page: int
    hits: Sequence[Hit] = ()
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    suggestion: str | None = None
    took_ms: float = 0.0
    degraded: bool = False

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / self.per_page))


@dataclass(frozen=True, slots=True)
class SuggestionGroup:
    kind: str
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What `/readyz` says of search: `ready`, or `degraded` while the database answers instead of the index."""

    state: str
    reason: str
    documents: int
    pending: int
    generation: int


def search(
    text: str,
    filters: Filters | None = None,
    *,
    page: int = 1,
    per_page: int = PER_PAGE,
    sort: Sort | str = Sort.RELEVANCE,
    language: Language | None = None,
    actor: Actor = VISITOR,
) -> SearchPage:
    """Find what the text and the filters ask for. Any text is fine; an empty one finds everything, newest first."""
    started = time.perf_counter()
    per_page = min(max(1, per_page), MAX_PER_PAGE)
    request = Request(
        query=parse(text),
        filters=filters or Filters(),
        sort=Sort(sort),
        language=language or bilingual.chosen(),
        offset=(max(1, page) - 1) * per_page,
        limit=per_page,
        hidden=_withdrawn(actor),
    )
    found, reader = _ask(request)
    hits = _hits(found, request, actor)
    return SearchPage(
        query=request.query.text,
        total=found.total - (len(found.hits) - len(hits)),
        page=max(1, page),
        per_page=per_page,
        hits=hits,
        facets={dimension: _facet(dimension, found, request.filters) for dimension in DIMENSIONS},
        suggestion=_suggestion(request.query, found, reader),
        took_ms=(time.perf_counter() - started) * 1000,
        degraded=reader is None,
    )


def newest(text: str, filters: Filters, *, limit: int, actor: Actor) -> list[tuple[Hit, datetime | None]]:
    """The newest of what is found, each with when it became known. Each kind has its turn: some have no dates."""
    counted = search(text, filters, per_page=1, actor=actor).facets["kind"]
    kinds = [one.value for one in counted if one.count and (one.is_chosen or not filters.kind)]
    found: list[tuple[Hit, datetime | None]] = []
    for kind in kinds:
        hits = search(text, replace(filters, kind=(kind,)), per_page=limit, sort=Sort.NEWEST, actor=actor).hits
        source = sources.get(kind)
        since = source.known_since([hit.id for hit in hits]) if source else {}
        found += [(hit, since.get(hit.id)) for hit in hits]
    found.sort(key=lambda one: (one[1] is not None, one[1].timestamp() if one[1] else one[0].id), reverse=True)
    return found[:limit]


def suggest(text: str, *, language: Language | None = None, actor: Actor = VISITOR) -> list[SuggestionGroup]:
    """Things whose name has these words, the last perhaps unfinished; grouped by kind in the sources' order."""
    query = parse(text)
    if not query:
        return []
    request = Request(
        query=replace(query, phrases=()),
        language=language or bilingual.chosen(),
        limit=SUGGESTED,
        hidden=_withdrawn(actor),
        names_only=True,
    )
    found, _ = _ask(request)
    groups: dict[str, list[Hit]] = {source.kind: [] for source in sources.all_sources()}
    for hit in _hits(found, request, actor):
        groups.setdefault(hit.kind, []).append(hit)
    return [SuggestionGroup(kind, hits[:SUGGESTED_OF_KIND]) for kind, hits in groups.items() if hits]


def state() -> IndexState:
    """How the index is."""
    place = shelf.current()
    problem = place.problem()
    manifest = place.manifest()
    return IndexState(
        state="ready" if problem is None else "degraded",
        reason=problem or "",
        documents=manifest.documents if manifest else 0,
        pending=outbox.pending_count(),
        generation=manifest.generation if manifest else 0,
    )


def _ask(request: Request) -> tuple[Found, Reader | None]:
    """Ask the index, or the database when the index fails; the reader tells which of them answered."""
    place = shelf.current()
    try:
        reader = place.reader()
        return reader.search(request), reader
    except EngineFault as fault:
        logger.warning("searching by the database: %s", fault)
    except Exception:
        # A damaged file can raise anything. The writer looks through the index before it believes that.
        logger.exception("searching by the database: the index failed")
        place.suspect()
    return fallback.search(request), None


def _withdrawn(actor: Actor) -> Collection[str]:
    """Keys that changed since the index saw them and may not be seen any more: not to be counted either."""
    waiting = {(row.kind, row.subject_id) for row in outbox.waiting(MAX_PENDING)}
    if not waiting:
        return ()
    seen = _visible(waiting, actor)
    return {key_of(*subject) for subject in waiting if subject not in seen}


def _visible(subjects: Iterable[tuple[str, int]], actor: Actor) -> set[tuple[str, int]]:
    """Which of the (kind, id) pairs the actor may see now; one question for each kind."""
    by_kind: dict[str, list[int]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, []).append(subject_id)
    return {
        (kind, subject_id)
        for kind, ids in by_kind.items()
        if (source := sources.get(kind)) is not None
        for subject_id in _visible_of(source, ids, actor)
    }


def _visible_of(source: Source, ids: list[int], actor: Actor) -> Collection[int]:
    """Which things of one kind the actor may see now; for a visitor, that changes only with the public content."""
    if actor != VISITOR:
        return source.visible(ids, actor)

    def look(asked: list[int]) -> list[bool]:
        seen = source.visible(asked, VISITOR)
        return [one in seen for one in asked]

    return [one for one, is_seen in zip(ids, remembered_each(("seen", source.kind), ids, look), strict=True) if is_seen]


def _hits(found: Found, request: Request, actor: Actor) -> list[Hit]:
    marker = Marker(request.query)
    seen = _visible([(one.document.kind, one.document.id) for one in found.hits], actor)
    return [
        _hit(one.document, one.score, marker, request.language)
        for one in found.hits
        if (one.document.kind, one.document.id) in seen
    ]


def _hit(document: Document, score: float, marker: Marker, language: Language) -> Hit:
    title = pick(document.title_da, document.title_en, language)
    texts: list[tuple[Language, str]] = [
        (spoken, getattr(document, f"{part}_{spoken}"))
        for spoken in (language, bilingual.other(language))
        for part in ("summary", "body")
    ]
    number, excerpt = marker.excerpt([text for _, text in texts])
    return Hit(
        kind=document.kind,
        id=document.id,
        path=document.path,
        title=title,
        title_pieces=marker.whole(title.text),
        excerpt=excerpt,
        excerpt_language=texts[number][0],
        score=round(score, 3),
        date=document.date,
    )


def _facet(dimension: str, found: Found, filters: Filters) -> list[FacetValue]:
    """A dimension's values, the most frequent first; a chosen one stays although it counts nothing."""
    chosen = filters.of(dimension)
    counted = {**dict.fromkeys(chosen, 0), **found.counts.get(dimension, {})}
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [FacetValue(value, count, value in chosen) for value, count in ordered]


def _suggestion(query: Query, found: Found, reader: Reader | None) -> str | None:
    """The query with each word that nobody uses replaced by a similar one that somebody does."""
    if reader is None or not found.unknown:
        return None
    try:
        similar = {word: near for word in found.unknown[:3] if (near := reader.similar(word))}
    except Exception:
        logger.exception("no spelling suggestion")
        shelf.current().suspect()
        return None
    return corrected(query, similar) if similar else None
