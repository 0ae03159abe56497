"""Search by the database, for the time an index cannot be used: slower and plainer, never absent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, delete, insert, literal, or_, select, tuple_

from portal.core.db import db
from portal.search.documents import Document
from portal.search.engines.base import DIMENSIONS, Found, Request, Scored, Sort
from portal.search.models import SearchText
from portal.search.text import clean, fold_name, forms, words

MAX_WORDS = 8
MAX_ROWS = 1_000
NAME_WORTH = 3


def store(documents: Sequence[Document]) -> None:
    """Keep the texts of documents in the running transaction, replacing what was there."""
    remove((document.kind, document.id) for document in documents)
    if documents:
        db.session.execute(insert(SearchText), [_row(document) for document in documents])


def remove(subjects: Iterable[tuple[str, int]]) -> None:
    """Forget the texts of (kind, id) pairs in the running transaction."""
    if pairs := list(subjects):
        db.session.execute(delete(SearchText).where(tuple_(SearchText.kind, SearchText.subject_id).in_(pairs)))


def inventory() -> dict[tuple[str, int], int]:
    """(kind, id) → version of every text kept."""
    rows = db.session.execute(select(SearchText.kind, SearchText.subject_id, SearchText.version))
    return {(kind, subject_id): version for kind, subject_id, version in rows}


def _row(document: Document) -> dict[str, Any]:
    names = [document.title_da, document.title_en, *document.names]
    texts = [document.summary_da, document.summary_en, document.body_da, document.body_en]
    plain = {name: clean(value) if isinstance(value, str) else value for name, value in asdict(document).items()}
    return {
        "kind": document.kind,
        "subject_id": document.id,
        "version": document.version,
        "date": document.date,
        "folded_names": _folded(names),
        "folded": _folded([*names, *texts]),
        "document": plain | {"date": document.date.isoformat() if document.date else None},
    }


def _folded(texts: Iterable[str]) -> str:
    """Texts as their folded words, a space around each so that ` word` finds a word's beginning."""
    return f" {' '.join(fold_name(text) for text in texts)} "


def search(request: Request) -> Found:
    """What an engine answers, from a table scan: words by their beginning, no stems, no phrases out of order."""
    asked = _asked(request)
    if not asked and not request.query.is_blank:
        return Found(0, counts={dimension: {} for dimension in DIMENSIONS})
    worth = _worth(asked)
    statement = select(SearchText.document, worth.label("worth")).order_by(
        *([SearchText.date.desc()] if request.sort is Sort.NEWEST else [worth.desc(), SearchText.date.desc()]),
        SearchText.kind,
        SearchText.subject_id.desc(),
    )
    if asked:
        statement = statement.where(or_(*(SearchText.folded.contains(word, autoescape=True) for word in asked)))
    rows = [
        Scored(_document(document), float(score or 0))
        for document, score in db.session.execute(statement.limit(MAX_ROWS))
    ]
    matched = [row for row in rows if row.document.key not in request.hidden and _has_phrases(row.document, request)]
    passing = [row for row in matched if _passes(row.document, request, DIMENSIONS)]
    page = passing[request.offset : request.offset + request.limit]
    return Found(len(passing), page, _counts(matched, request))


def _asked(request: Request) -> list[str]:
    """The query's words as the table holds them: each begins a word, all but an unfinished one end it."""
    return [f" {word.forms.neutral}" for word in request.query.words if word.required][:MAX_WORDS]


def _worth(asked: Sequence[str]) -> ColumnElement[Any]:
    total: ColumnElement[Any] = literal(0)
    for word in asked:
        total = total + case((SearchText.folded_names.contains(word, autoescape=True), NAME_WORTH), else_=0)
        total = total + case((SearchText.folded.contains(word, autoescape=True), 1), else_=0)
    return total


def _document(values: Mapping[str, Any]) -> Document:
    lists = {name: tuple(values[name]) for name in ("names", "themes", "partners", "municipalities", "years")}
    day = date.fromisoformat(values["date"]) if values["date"] else None
    return Document(**{**values, **lists, "date": day})


def _has_phrases(document: Document, request: Request) -> bool:
    if not request.query.phrases:
        return True
    texts = (document.title_da, document.title_en, *document.names)
    texts += (document.summary_da, document.summary_en, document.body_da, document.body_en)
    folded = [f" {' '.join(forms(word).neutral for word in words(text))} " for text in texts]
    wanted = [f" {' '.join(form.neutral for form in phrase)} " for phrase in request.query.phrases]
    return all(any(phrase in text for text in folded) for phrase in wanted)


def _values(document: Document, dimension: str) -> set[str]:
    return {
        "kind": {document.kind},
        "theme": set(document.themes),
        "partner": set(document.partners),
        "municipality": set(document.municipalities),
        "year": {str(year) for year in document.years},
    }[dimension]


def _passes(document: Document, request: Request, dimensions: Iterable[str]) -> bool:
    return all(
        not (chosen := request.filters.of(dimension)) or not _values(document, dimension).isdisjoint(chosen)
        for dimension in dimensions
    )


def _counts(matched: Sequence[Scored], request: Request) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {dimension: {} for dimension in DIMENSIONS}
    for dimension in DIMENSIONS:
        others = [name for name in DIMENSIONS if name != dimension]
        for row in matched:
            if _passes(row.document, request, others):
                for value in _values(row.document, dimension):
                    counts[dimension][value] = counts[dimension].get(value, 0) + 1
    return counts
