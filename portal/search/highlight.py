"""Excerpts cut from the stored text of the hits on the page, the words that matched marked.

Pieces instead of markup: the template escapes every one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.search.query import Query
from portal.search.text import Forms, forms, tokens

EXCERPT = 240
SCANNED = 6_000
LEAD = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, and whether it answers the query."""

    text: str
    is_match: bool


class Marker:
    """Finds a query's words in texts of either language; remembers what it has seen."""

    def __init__(self, query: Query) -> None:
        self._wanted = [
            (word.forms, word.forms.neutral if word.is_prefix else None) for word in query.words
        ]
        self._seen: dict[str, int | None] = {}

    def which(self, word: str) -> int | None:
        """The number of the query word that a written word answers, or None."""
        if word in self._seen:
            return self._seen[word]
        answer = self._compare(forms(word))
        self._seen[word] = answer
        return answer

    def _compare(self, found: Forms) -> int | None:
        for number, (asked, prefix) in enumerate(self._wanted):
            if found.neutral == asked.neutral or (prefix and found.neutral.startswith(prefix)):
                return number
            if (found.da and found.da == asked.da) or (found.en and found.en == asked.en):
                return number
        return None

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, number of the query word) for each match in the first part of a text."""
        if not self._wanted:
            return []
        found = []
        for token in tokens(text[:SCANNED]):
            number = self.which(token.word)
            if number is not None:
                found.append((token.start, token.end, number))
        return found

    def whole(self, text: str) -> tuple[Piece, ...]:
        """All of a short text, such as a title, marked."""
        return tuple(_pieces(text, self.spans(text), 0, len(text)))

    def excerpt(self, texts: Sequence[str]) -> tuple[Piece, ...]:
        """The best part of the first text that has a match, else the beginning of the first text."""
        written = [text for text in texts if text]
        if not written:
            return ()
        text, spans = next(
            ((text, spans) for text in written if (spans := self.spans(text))), (written[0], [])
        )
        start, end = _window(text, spans)
        return tuple(
            [
                *([Piece("… ", False)] if start > 0 else []),
                *_pieces(text, spans, start, end),
                *([Piece(" …", False)] if end < len(text) else []),
            ]
        )


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
