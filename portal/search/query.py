"""What somebody typed, understood: words, phrases in quotes, the last word perhaps unfinished.

There is no query language. Every text is a query; operators, brackets and stray quotes are
read as the plain words they stand between.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from portal.search.text import Forms, clean, fold_name, forms, tokens, words

MAX_TEXT = 2_000
MAX_WORDS = 32
MIN_PREFIX = 2

_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
_UNFINISHED = re.compile(r"\w\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for. Only a `required` one makes a document a hit; the others add to its rank."""

    written: str
    forms: Forms
    required: bool = True
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A neutral question to any engine. `whole` is the folded text, for exact names."""

    text: str = ""
    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[Forms, ...], ...] = ()
    whole: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing was typed at all, as opposed to something without a word in it."""
        return not self.text

    def __bool__(self) -> bool:
        return bool(self.words)


def parse(text: str) -> Query:
    """Understand any text whatsoever; never an error."""
    shown = clean(text[:MAX_TEXT]).strip()
    phrases = [quoted for quoted in map(_forms_of, _QUOTED.findall(shown)) if len(quoted) > 1]
    return Query(shown, tuple(_words(shown)), tuple(phrases[:MAX_WORDS]), fold_name(shown))


def _forms_of(text: str) -> tuple[Forms, ...]:
    return tuple(forms(word) for word in words(text))[:MAX_WORDS]


def _words(text: str) -> Iterable[Word]:
    found = list(tokens(text))
    unfinished = found[-1].word if found and _UNFINISHED.search(text) else None
    distinct = {forms(token.word).neutral: token.word for token in found}
    written = list(distinct.values())[:MAX_WORDS]
    # Stop words are left out, unless there is nothing else to search for.
    meant = [word for word in written if forms(word).da or forms(word).en] or written
    telling = {word for word in meant if forms(word).da and forms(word).en} or set(meant)
    for word in meant:
        is_prefix = word == unfinished and len(forms(word).neutral) >= MIN_PREFIX
        yield Word(word, forms(word), word in telling, is_prefix)


def corrected(query: Query, replacements: dict[str, str]) -> str:
    """The query's text with some written words replaced."""
    pieces: list[str] = []
    at = 0
    for token in tokens(query.text):
        if token.word in replacements:
            pieces += [query.text[at : token.start], replacements[token.word]]
            at = token.end
    return "".join(chain(pieces, [query.text[at:]]))
