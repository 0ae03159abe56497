"""Which entries tell one story: the same address, or nearly the same words.

Words are compared as sets of neighbouring words (shingles). An index from shingle to entry finds whom to compare
with, so that an entry costs the same among a hundred others as among ten thousand.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar

WINDOW = timedelta(days=30)
"""How far apart two entries of one story may have come in."""

# The thresholds, settled by tests/feeds/test_stories.py on pairs of both kinds.
SAME_TITLE_WORDS = 5
NEAR_TITLE = 0.7
NEAR_TEXT = 0.55
SOME_TEXT = 0.25
SOME_TITLE = 0.25
FEWEST_SHINGLES = 10

FEWEST_SHARED = 4
"""Words and shingles that two tellings share at least, whichever way they are the same by the thresholds above."""

MOST_COMPARED = 20
MOST_SHARING = 50

K = TypeVar("K", bound=Hashable)

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_LITTLE = "og i at er en et den det de til på af for med som der the of and to in a an is are on"
_STOP = frozenset(_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Telling:
    """How something is told, for comparing."""

    title: frozenset[int]
    text: frozenset[int]
    numbers: frozenset[str]
    source: int | None = None

    @property
    def marks(self) -> frozenset[int]:
        return self.text | self.title


def telling(title: str, text: str, source: int | None = None) -> Telling:
    """The words of a title and an excerpt. `source`: the feed; one that repeats its headings is judged by its texts."""
    return Telling(*_words(title, text), source)


@lru_cache(maxsize=4096)
def _words(title: str, text: str) -> tuple[frozenset[int], frozenset[int], frozenset[str]]:
    heads = [word for word in _WORD.findall(title.lower()) if word not in _STOP]
    words = _WORD.findall(text.lower())
    if text.endswith("…") and words:
        words.pop()  # perhaps half a word
    # Python's own hashes: quick, and nothing here outlives the process.
    shingles = frozenset(map(hash, zip(words, words[1:], words[2:], strict=False)))
    numbers = frozenset(word for word in heads if _DIGIT.search(word))
    return frozenset(map(hash, heads)), shingles, numbers


def is_same(one: Telling, other: Telling) -> bool:
    """Whether two tellings are of one story."""
    if one.numbers != other.numbers and one.title and other.title:
        return False  # "uge 47" and "uge 48", 3 and 30 million
    titles = _overlap(one.title, other.title)
    has_texts = min(len(one.text), len(other.text)) >= FEWEST_SHINGLES
    texts = len(one.text & other.text) / min(len(one.text), len(other.text)) if has_texts else 0.0
    if has_texts and texts >= NEAR_TEXT and titles >= SOME_TITLE:
        return True
    if titles >= NEAR_TITLE and has_texts and texts >= SOME_TEXT:
        return True
    is_another_source = one.source is None or other.source is None or one.source != other.source
    return one.title == other.title and len(one.title) >= SAME_TITLE_WORDS and (is_another_source or not has_texts)


def _overlap(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


class Shelf(Generic[K]):
    """Tellings to compare with, each under a key."""

    def __init__(self) -> None:
        self._tellings: dict[K, Telling] = {}
        # Nearly every mark is one telling's alone; a list for each would keep the garbage collector busy.
        self._first: dict[int, K] = {}
        self._more: dict[int, list[K]] = {}

    def __len__(self) -> int:
        return len(self._tellings)

    def put(self, key: K, told: Telling) -> None:
        """Keep a telling. A key that is there already keeps its own."""
        if key in self._tellings:
            return
        self._tellings[key] = told
        for mark in told.marks:
            if self._first.setdefault(mark, key) != key:
                self._more.setdefault(mark, []).append(key)

    def drop(self, keys: Iterable[K]) -> None:
        """Forget these."""
        for key in keys:
            told = self._tellings.pop(key, None)
            for mark in told.marks if told else ():
                others = self._more.get(mark, [])
                if self._first[mark] != key:
                    others.remove(key)
                elif others:
                    self._first[mark] = others.pop(0)
                else:
                    del self._first[mark]

    def same(self, told: Telling) -> K | None:
        """The key of one that tells the same, the likeliest first."""
        known = self._first.keys() & told.marks
        # Of what everybody has, such as a common word in the title, only the latest: it tells next to nothing.
        shared = Counter(map(self._first.__getitem__, known))
        shared.update(chain.from_iterable(self._more[mark][-MOST_SHARING:] for mark in self._more.keys() & known))
        for key, count in shared.most_common(MOST_COMPARED):
            if count < FEWEST_SHARED:
                return None
            if is_same(told, self._tellings[key]):
                return key
        return None
