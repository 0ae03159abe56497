"""Ranking, filtering and counting over the segments of an index, whichever engine keeps them.

A search reads each word's postings once into arrays and adds them up: the real BM25F, over all
fields together, in strict tiers: an exact name, all words, some words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.search.documents import Document
from portal.search.engines.base import DIMENSIONS, Found, Request, Scored, Sort
from portal.search.engines.facets import Column, Ints, Mask, Vocabulary, filter_and_count
from portal.search.engines.fields import EXACT, LANGUAGE_OF, NAME, TEXT_FIELDS, WEIGHTS, form_in
from portal.search.query import Query, Word
from portal.search.text import forms, words

PREFIX_EVERYWHERE = 4
PREFIX_WEIGHT = 0.4
OTHER_LANGUAGE = 0.7
K1 = 1.2

Floats = NDArray[np.float64]
Postings = tuple[Ints, Floats]


class Segment(Protocol):
    """A part of an index. It never changes; what is deleted from it is known elsewhere."""

    size: int
    keys: list[str]
    versions: list[int]
    days: Ints
    lengths: Floats
    """How many words each document has in each of TEXT_FIELDS."""
    columns: dict[str, Column]
    number_of: dict[str, int]

    def postings(self, field: str, term: str) -> Postings:
        """Document numbers and frequencies, deleted documents included."""
        ...

    def positions(self, field: str, term: str, wanted: Collection[int]) -> dict[int, set[int]]:
        """Where a term stands in the wanted documents."""
        ...

    def beginning_with(self, field: str, prefix: str) -> list[str]:
        """Some terms of a field that begin so."""
        ...

    def within(self, field: str, word: str, distance: int) -> list[str]:
        """Terms with the same first letter that differ in at most `distance` letters."""
        ...

    def stored(self, number: int) -> Document:
        """The document as it was indexed, without its filter values."""
        ...


class RankingReader:
    """Answers searches from segments, each given with the mask of its documents that are not deleted."""

    def __init__(self, segments: Sequence[tuple[Segment, Mask]], vocabularies: Mapping[str, Vocabulary]) -> None:
        self._vocabularies = vocabularies
        self._parts = [part for part, _ in segments]
        self._firsts = list(np.cumsum([0, *(part.size for part in self._parts)]).tolist())[:-1]
        self._size = sum(part.size for part in self._parts)
        self._live: Mask = np.concatenate([np.zeros(0, dtype=np.bool_), *(alive for _, alive in segments)])
        self._days = np.concatenate([np.zeros(0, dtype=np.int64), *(part.days for part in self._parts)])
        self._columns = {
            name: Column.joined([(first, part.columns[name]) for first, part in self._each()]) for name in DIMENSIONS
        }
        self._weights = self._field_weights()

    @property
    def documents(self) -> int:
        return int(self._live.sum())

    def _each(self) -> Iterator[tuple[int, Segment]]:
        return zip(self._firsts, self._parts, strict=True)

    def _field_weights(self) -> dict[str, Floats]:
        """For each field, what one occurrence is worth in each document."""
        if not self._parts:
            return {field: np.zeros(0) for field in TEXT_FIELDS}
        lengths = np.concatenate([part.lengths for part in self._parts])
        weights = {}
        for column, (field, (weight, b)) in enumerate(WEIGHTS.items()):
            of_field = lengths[:, column]
            written = of_field[self._live & (of_field > 0)]
            average = float(written.mean()) if len(written) else 1.0
            weights[field] = weight / (1 - b + b * of_field / average)
        return weights

    def search(self, request: Request) -> Found:
        query = request.query
        available = self._without(request.hidden)
        scores, complete, unknown = self._score(query, request)
        matched: Mask = available if query.is_blank else available & (scores > 0)
        if request.names_only:
            matched = matched & complete
        if query.phrases:
            matched = matched & self._with_phrases(query)
        passing, counts = filter_and_count(matched, request.filters, self._columns, self._vocabularies)
        numbers = np.flatnonzero(passing)
        ranked = self._ranked(numbers, scores, complete, request)
        return Found(
            len(numbers),
            [self._scored(int(number), float(scores[number])) for number in ranked],
            counts,
            unknown,
        )

    def _without(self, hidden: Collection[str]) -> Mask:
        if not hidden:
            return self._live
        available = self._live.copy()
        for key in hidden:
            for first, part in self._each():
                if (number := part.number_of.get(key)) is not None:
                    available[first + number] = False
        return available

    def _score(self, query: Query, request: Request) -> tuple[Floats, Mask, list[str]]:
        """Each document's score, which documents have all required words, which words no document has.

        A word adds less than its `rarity`, so a document with all words, which gets all
        rarities on top, always stands before one without, and an exact name before both.
        """
        scores = np.zeros(self._size)
        complete = np.ones(self._size, dtype=np.bool_)
        telling = np.zeros(self._size, dtype=np.bool_)
        unknown: list[str] = []
        most = 0.0
        live = max(1, self.documents)
        for word in query.words:
            occurrence = self._occurrence(word, request)
            has = (occurrence > 0) & self._live
            having = int(np.count_nonzero(has))
            rarity = float(np.log1p((live - having + 0.5) / (having + 0.5)))
            scores += rarity * occurrence / (K1 + occurrence)
            most += rarity
            if word.required:
                complete &= has
                telling |= has
                if not having:
                    unknown.append(word.written)
        exact = self._docs(EXACT, query.whole) if query.whole else np.zeros(0, dtype=np.int64)
        scores[complete] += most
        scores[exact] += 2 * most + 1
        telling[exact] = True
        scores[~telling] = 0
        return scores, complete, unknown

    def _occurrence(self, word: Word, request: Request) -> Floats:
        """How much of a word each document has, its fields weighed and added up."""
        total = np.zeros(self._size)
        for field in (NAME,) if request.names_only else TEXT_FIELDS:
            if field == NAME and not word.required and not request.names_only:
                continue  # a stop word says nothing in a name; its stem still counts where it means something
            language = LANGUAGE_OF[field]
            factor = OTHER_LANGUAGE if language not in (None, request.language) else 1.0
            term = form_in(field, word.forms)
            if term:
                self._add(total, field, [term], factor)
            if word.is_prefix and (field == NAME or len(word.forms.neutral) >= PREFIX_EVERYWHERE):
                self._add_beginning_with(total, field, word.forms.neutral, term, factor * PREFIX_WEIGHT)
        return total

    def _add_beginning_with(self, total: Floats, field: str, prefix: str, term: str, factor: float) -> None:
        for first, part in self._each():
            longer = [found for found in part.beginning_with(field, prefix) if found != term]
            self._add_part(total, first, part, field, longer, factor)

    def _add(self, total: Floats, field: str, terms: Sequence[str], factor: float) -> None:
        for first, part in self._each():
            self._add_part(total, first, part, field, terms, factor)

    def _add_part(
        self, total: Floats, first: int, part: Segment, field: str, terms: Sequence[str], factor: float
    ) -> None:
        for term in terms:
            numbers, frequencies = part.postings(field, term)
            if len(numbers):
                at = numbers + first
                total[at] += factor * frequencies * self._weights[field][at]

    def _docs(self, field: str, term: str) -> Ints:
        """The numbers of all documents with a term."""
        found = [part.postings(field, term)[0] + first for first, part in self._each()]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def _with_phrases(self, query: Query) -> Mask:
        """The documents that hold every quoted phrase in some field."""
        result = np.ones(self._size, dtype=np.bool_)
        for phrase in query.phrases:
            holding = np.zeros(self._size, dtype=np.bool_)
            for field in TEXT_FIELDS:
                terms = [(at, term) for at, found in enumerate(phrase) if (term := form_in(field, found))]
                # One word left of "smarte by", because English has no use for *by*, is no phrase.
                for first, part in self._each() if len(terms) > 1 else ():
                    holding[[first + number for number in _holding(part, field, terms)]] = True
            result &= holding
        return result

    def _ranked(self, numbers: Ints, scores: Floats, complete: Mask, request: Request) -> Ints:
        """The numbers of one page in their order. All hits are ranked, then sliced."""
        wanted = request.offset + request.limit
        days = self._days[numbers]
        if request.sort is Sort.NEWEST or request.query.is_blank:
            # Of what has no day, or the same, the last taken in is the newest.
            order = np.lexsort((-numbers, -days, ~complete[numbers]))
        else:
            if len(numbers) > 4 * wanted:
                threshold = np.partition(scores[numbers], -wanted)[-wanted]
                numbers = numbers[scores[numbers] >= threshold]
                days = self._days[numbers]
            order = np.lexsort((numbers, -days, -scores[numbers]))
        return numbers[order][request.offset : wanted]

    def _scored(self, number: int, score: float) -> Scored:
        part = int(np.searchsorted(self._firsts, number, side="right")) - 1
        return Scored(self._parts[part].stored(number - self._firsts[part]), score)

    def similar(self, word: str) -> str | None:
        asked = forms(word).neutral
        distance = 1 if len(asked) <= 4 else 2
        best: tuple[int, int, str] | None = None
        for nearness in range(1, distance + 1):
            for term in {found for part in self._parts for found in part.within(NAME, asked, nearness)} - {asked}:
                having = int(self._live[self._docs(NAME, term)].sum())
                if having and (best is None or (having, term) > best[1:]):
                    best = (nearness, having, term)
            if best:
                return self._written(best[2])
        return None

    def _written(self, term: str) -> str:
        """A neutral form as somebody wrote it in a name."""
        for number in self._docs(NAME, term):
            if self._live[number]:
                document = self._scored(int(number), 0).document
                for name in (document.title_da, document.title_en, *document.names):
                    for word in words(name):
                        if forms(word).neutral == term:
                            return word
        return term

    def inventory(self) -> Mapping[str, int]:
        return {
            key: version
            for first, part in self._each()
            for number, (key, version) in enumerate(zip(part.keys, part.versions, strict=True))
            if self._live[first + number]
        }


def _holding(part: Segment, field: str, terms: Sequence[tuple[int, str]]) -> list[int]:
    """The documents of a segment in which the terms stand at these distances from each other."""
    candidates: set[int] | None = None
    for _, term in terms:
        numbers = set(part.postings(field, term)[0].tolist())
        candidates = numbers if candidates is None else candidates & numbers
        if not candidates:
            return []
    assert candidates is not None
    places = [(at, part.positions(field, term, candidates)) for at, term in terms]
    return [
        number
        for number in candidates
        if set.intersection(*({place - at for place in found[number]} for at, found in places))
    ]
