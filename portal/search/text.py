"""From written words to what is compared: the analysis that index, query and highlighter share.

Every word has three forms. The *neutral* one is only folded (lower case, æ → ae, ø → oe,
å → aa, é → e), so that `Århus`, `aarhus` and `AARHUS` are one; names are compared by it. The
*Danish* and the *English* one are stems, "" when the word means nothing in that language.

Order matters. Stop words are looked up before folding, or *på* would become the *pa* of a
heat pump's power. Stems depend on nothing but the neutral form, so two spellings of a word
that fold alike also stem alike, whatever the stemmer does to æ, ø and å.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

import snowballstemmer

from portal.core.bilingual import Language

MAX_WORD = 64

WORD = re.compile(r"\d+(?:[.,]\d+)+(?!\w)|[^\W_]+(?:['’][^\W_]+)*")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ð": "d", "þ": "th", "đ": "d", "ł": "l", "œ": "oe"}
)
_DANISH_LETTERS = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))

_STOP_DA = """
ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller
en end er et for fra ham han hans har havde hende hendes her hos hun hvad hvis hvor i ikke ind jeg jer jo kunne man
mange med meget men mig min mine mit mod ned noget nogle nu når og også om op os over på selv sig sin sine sit skal
skulle som sådan thi til ud under var vi vil ville vor være været
"""
_STOP_EN = """
a about above after again against all am an and any are as at be because been before being below between both but by
can could did do does doing down during each few for from further had has have having he her here hers him his how i
if in into is it its itself me more most my no nor not of off on once only or other our ours out over own same she
should so some such than that the their theirs them then there these they this those through to too under until up
very was we were what when where which while who whom why will with would you your yours
"""
# Words of the field whose short stems the Danish stemmer leaves apart.
_IRREGULAR_DA = {
    form: stem
    for stem, forms in {
        "by": "byen byens byer byers byerne byernes",
        "hus": "huse husene huset husets",
        "bil": "bilen biler bilerne bilers",
        "vand": "vandet vandets",
        "el": "ellen",
    }.items()
    for form in forms.split()
}


@dataclass(frozen=True, slots=True)
class Forms:
    """What a written word is compared by."""

    neutral: str
    da: str
    en: str

    def of(self, language: Language) -> str:
        return self.da if language == "da" else self.en


@dataclass(frozen=True, slots=True)
class Token:
    """A word where it stands."""

    word: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text composed (NFC), without NUL and lone surrogates: safe for every store and encoding."""
    encodable = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    return unicodedata.normalize("NFC", encodable)


def one_line(text: str) -> str:
    """A text without line breaks: sentences follow each other, items of a list are parted by dots."""
    lines = [line for raw in text.splitlines() if (line := " ".join(raw.split()))]
    ends = (" " if line[-1] in ".!?:;," else " · " for line in lines[:-1])
    return "".join(chain.from_iterable(zip_longest(lines, ends, fillvalue="")))


def tokens(text: str) -> Iterator[Token]:
    """The words of a cleaned text in their order."""
    for match in WORD.finditer(text):
        yield Token(match[0][:MAX_WORD], match.start(), match.end())


def words(text: str) -> list[str]:
    """The written words of a cleaned text."""
    return [word[:MAX_WORD] for word in WORD.findall(text)]


def fold(text: str) -> str:
    """Lower-case letters without marks; æ ø å are ae oe aa."""
    lowered = unicodedata.normalize("NFC", text.casefold()).translate(_LETTERS)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def fold_name(name: str) -> str:
    """A whole name for comparison: its folded words parted by single spaces."""
    return " ".join(forms(word).neutral for word in words(clean(name)))


@lru_cache(maxsize=100_000)
def forms(word: str) -> Forms:
    """The forms of one written word."""
    lowered = unicodedata.normalize("NFC", word.casefold()).replace("’", "'")
    neutral = fold(_without_possessive(lowered)).replace("'", "").replace(",", ".") or fold(lowered)
    return Forms(
        neutral,
        "" if lowered in STOP["da"] else _danish_stem(neutral),
        "" if lowered in STOP["en"] else _english_stem(neutral),
    )


def _without_possessive(lowered: str) -> str:
    return lowered.removesuffix("'s").removesuffix("'")


def _danish_stem(neutral: str) -> str:
    if not neutral.isalpha():
        return neutral
    danish = neutral
    for spelled, letter in _DANISH_LETTERS:
        danish = danish.replace(spelled, letter)
    return fold(_IRREGULAR_DA.get(danish) or _stemmer("danish").stemWord(danish))


def _english_stem(neutral: str) -> str:
    return str(_stemmer("english").stemWord(neutral)) if neutral.isalpha() else neutral


def _stemmer(language: str) -> Any:
    # A stemmer keeps the word it works on in itself, so threads must not share one.
    return snowballstemmer.stemmer(language)


def _with_plain_spellings(stop_words: str) -> frozenset[str]:
    listed = stop_words.split()
    return frozenset(listed) | frozenset(fold(word) for word in listed)


STOP: dict[Language, frozenset[str]] = {"da": _with_plain_spellings(_STOP_DA), "en": _with_plain_spellings(_STOP_EN)}
