"""Excerpts cut from the stored text of the hits on the page, the words that matched marked.

Pieces instead of markup: the template escapes every one of them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from portal.search.query import Query
from portal.search.text import MAX_WORD, WORD, fold, forms

EXCERPT = 240
SCANNED = 6_000
LEAD = 60


class Piece(NamedTuple):
    """A run of text, and whether it answers the query."""

    text: str
    is_match: bool


class Marker:
    """Finds a query's words in texts of either language; remembers what it has seen."""

    def __init__(self, query: Query) -> None:
        self._neutral: dict[str, int] = {}
        self._stems: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._prefixes: list[tuple[str, int]] = []
        for number, word in enumerate(query.words):
            self._neutral[word.forms.neutral] = number
            for stems, stem in zip(self._stems, (word.forms.da, word.forms.en), strict=True):
                if stem:
                    stems[stem] = number
            if word.is_prefix:
                self._prefixes.append((word.forms.neutral, number))
        self._candidates = _beginning_with(frozenset(word.forms.neutral[:1] for word in query.words))
        self._seen: dict[str, int | None] = {}

    def _which(self, word: str) -> int | None:
        """The number of the query word that a written word answers, or None."""
        found = forms(word[:MAX_WORD])
        stems = zip(self._stems, (found.da, found.en), strict=True)
        for known in (self._neutral.get(found.neutral), *(numbers.get(stem) for numbers, stem in stems)):
            if known is not None:
                return known
        return next((number for prefix, number in self._prefixes if found.neutral.startswith(prefix)), None)

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, number of the query word) for each match in the first part of a text."""
        if not self._neutral:
            return []
        found = []
        for match in self._candidates.finditer(text, 0, SCANNED):
            word = match[0]
            if word not in self._seen:
                self._seen[word] = self._which(word)
            if (number := self._seen[word]) is not None:
                found.append((match.start(), match.end(), number))
        return found

    def whole(self, text: str) -> tuple[Piece, ...]:
        """All of a short text, such as a title, marked."""
        return tuple(_pieces(text, self.spans(text), 0, len(text)))

    def excerpt(self, texts: Sequence[str]) -> tuple[int, tuple[Piece, ...]]:
        """The best part of the first text that has a match, else the beginning of the first; and which text it is."""
        written = [(number, text) for number, text in enumerate(texts) if text]
        if not written:
            return 0, ()
        for number, text in written:
            if spans := self.spans(text):
                return number, tuple(_cut(text, spans))
        number, text = written[0]
        return number, tuple(_cut(text, []))


# Folded first letter → the letters that fold to it: no stem changes the first letter of a word.
_INITIALS: dict[str, set[str]] = {}
for _letter in map(chr, range(0x30, 0x250)):
    if _letter.isalnum():
        _INITIALS.setdefault(fold(_letter)[:1], set()).add(_letter)


@lru_cache(maxsize=1_024)
def _beginning_with(initials: frozenset[str]) -> re.Pattern[str]:
    """Finds the words that begin with one of these folded letters: the others need not be looked at."""
    if not initials:
        return re.compile(r"(?!)")
    letters: set[str] = set().union(*(_INITIALS.get(one, {one, one.upper()}) for one in initials))
    return re.compile(rf"(?<![^\W_])(?=[{re.escape(''.join(sorted(letters)))}])(?:{WORD.pattern})")


def _cut(text: str, spans: Sequence[tuple[int, int, int]]) -> list[Piece]:
    start, end = _window(text, spans)
    pieces = _pieces(text, spans, start, end)
    return [
        *([Piece("… ", False)] if start > 0 else []),
        *pieces,
        *([Piece(" …", False)] if end < len(text) else []),
    ]


def _window(text: str, spans: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """The stretch with the most different words of the query, cut between words."""
    if len(text) <= EXCERPT:
        return 0, len(text)
    best, best_start = 0, 0
    for first, (begin, _, _) in enumerate(spans):
        inside = {number for start, end, number in spans[first : first + 40] if end <= begin + EXCERPT - LEAD}
        if len(inside) > best:
            best, best_start = len(inside), begin
    start = max(0, min(best_start - LEAD, len(text) - EXCERPT))
    if start > 0:
        gap = text.find(" ", start, best_start)
        start = gap + 1 if gap >= 0 else start
    end = min(len(text), start + EXCERPT)
    if end < len(text):
        gap = text.rfind(" ", start + EXCERPT // 2, end)
        end = gap if gap > 0 else end
    return start, end


def _pieces(text: str, spans: Sequence[tuple[int, int, int]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for begin, stop, _ in spans:
        if begin < at or stop > end:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin], False))
        pieces.append(Piece(text[begin:stop], True))
        at = stop
    if at < end:
        pieces.append(Piece(text[at:end], False))
    return pieces
