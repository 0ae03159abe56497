"""Which things a text names: pure words, no database.

A name counts where it stands as a word of its own, in its Danish or English genitive (`Aarhus Kommunes`, `Ørsteds`,
`DTU's`, `CITIES'`) or before a hyphen (`DTU-forskere`); æ ø å may be written ae oe aa. The longest name counts: “Aarhus
Universitet” is not also “Aarhus”. A name that is an ordinary word as well counts only in its own capitals.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.search.names import Entry
from portal.search.text import fold

MOST_CHARACTERS = 200_000
KEPT = 32_768
LONGEST_SHORT_NAME = 5
SHORTEST_NAME = 2
SHORTEST_KNOWN = 4
FEWEST_WORDS = 5

# Words that Danish sentences begin with, or that stand in them: as names of places only elsewhere.
ALSO_WORDS = frozenset({"Vejen", "Skive", "Greve", "Tønder", "Varde", "Odder"})
# Longer names of nobody in the directory, which shorter ones stand in.
OF_NOBODY = ("Greater Copenhagen", "Greater London")
# Who is meant where several things have the same name; a project may be meant beside its partner. A town abroad is
# meant by its bare name where no municipality has it.
RANK = {"partner": 0, "project": 0, "municipality": 1}
BARE_TOWN = 2

_ENGLISH = frozenset(FREQUENCY_LISTS["english_wikipedia"]) | frozenset(FREQUENCY_LISTS["us_tv_and_film"])
_ASIDE = re.compile(r"\s*\(([^)]*)\)\s*")
_DASH = re.compile(r"\s+[-–—:]\s+")
_TOWN = re.compile(r"(?:City|Municipality) of (.+)")
_FORMERLY = re.compile(r"(?:tidl\.|tidligere|formerly)\s+", re.IGNORECASE)
_WORDS = re.compile(r"[\s\-–/]+")
_PLAIN = str.maketrans("øØåÅöÖü", "oOaAoOu")
_GENITIVE = re.compile(r"'s|s|'")
_SAME_SIGN = {"’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "‐": "-", "‑": "-", "\xad": "", "\xa0": " "}
_ENDS_A_SENTENCE = ".!?:;•“”\"'»«(*#>\n"


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing as a text names it; `start` and `end` are where in the composed text."""

    kind: str
    id: int
    start: int
    end: int
    matched: str


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to write a thing's name, and how strictly its capitals are meant."""

    kind: str
    id: int
    written: str
    admits: Callable[[str, bool], bool]
    rank: int


class Dictionary:
    """The names of many things, ready to be looked for all at once."""

    def __init__(self, kinds: Mapping[str, Iterable[Entry]]) -> None:
        found: dict[str, list[_Name]] = {fold(name): [] for name in OF_NOBODY}
        for kind, entries in kinds.items():
            for entry in entries:
                for key, name in _names_of(kind, entry):
                    found.setdefault(key, []).append(name)
        self.automaton = ahocorasick.Automaton()
        for key, names in found.items():
            self.automaton.add_word(key, (len(key), tuple(names)))
        self.automaton.make_automaton()

    def mentions(self, text: str, admitted: Callable[[set[tuple[str, int]]], set[tuple[str, int]]]) -> list[Mention]:
        """The things that a text names, in its order, each where it is named first.

        `admitted` is asked once which of the (kind, id) pairs may be told at all; names of the others hide none.
        """
        text = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
        spans = list(self._spans(text))
        asked = {(name.kind, name.id) for _start, _end, names in spans for name in names}
        allowed = admitted(asked) if asked else set()
        told = []
        for start, end, names in spans:
            kept = [name for name in names if (name.kind, name.id) in allowed]
            if kept or not names:
                told.append((start, end, kept))
        first: dict[tuple[str, int], Mention] = {}
        for start, end, names in _longest(told):
            best = min((name.rank for name in names), default=0)
            for name in names:
                if name.rank == best:
                    first.setdefault(
                        (name.kind, name.id), Mention(name.kind, name.id, start, end, text[start:end].strip())
                    )
        return list(first.values())

    def _spans(self, text: str) -> Iterator[tuple[int, int, list[_Name]]]:
        folded, places = _folded(text)
        for last, (length, names) in self.automaton.iter(folded):
            begin, behind = last - length + 1, last + 1
            if not _is_border_before(folded, begin):
                continue
            ending = _ending(folded, behind)
            if ending is None:
                continue
            start, end = places[begin], places[behind]
            slice_ = text[start:end]
            is_first = _begins_a_sentence(text, start)
            fitting = [name for name in names if name.admits(slice_, is_first)]
            if _is_shouted(text, start):
                fitting = [name for name in fitting if " " in name.written or not _is_english(name.written)]
            if fitting or not names:
                yield start, places[ending], fitting


def _longest(spans: list[tuple[int, int, list[_Name]]]) -> Iterator[tuple[int, int, list[_Name]]]:
    """From left to right, of those that overlap the longest."""
    behind = 0
    for start, end, names in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= behind:
            yield start, end, names
            behind = end


# A change of one thing makes a new dictionary: the names of the others need not be thought over again.
@lru_cache(maxsize=KEPT)
def _names_of(kind: str, entry: Entry) -> tuple[tuple[str, _Name], ...]:
    """Every way to write a thing's name, with what it is compared by."""
    return tuple((fold(name.written), name) for name in _written(kind, entry))


def _written(kind: str, entry: Entry) -> Iterator[_Name]:
    rank = RANK.get(kind, 0)
    for written in dict.fromkeys(part for name in entry.called for part in _parts(name, kind)):
        if rule := _rule(kind, written):
            yield from (_Name(kind, entry.id, spelled, rule, rank) for spelled in _spellings(written))
    if kind == "partner":
        towns = {town[1] for name in entry.called if (town := _TOWN.fullmatch(name))}
        yield from (_Name(kind, entry.id, one, _as_the_first, BARE_TOWN) for town in towns for one in _spellings(town))
        if _is_short_name(entry):
            yield _Name(kind, entry.id, entry.slug.upper(), _in_capitals, rank)


def _parts(name: str, kind: str) -> Iterator[str]:
    """A name without what is said beside it, and what is said beside it where that is a name too."""
    aside = _ASIDE.search(name)
    whole = _ASIDE.sub(" ", name).strip()
    head, *rest = _DASH.split(whole, maxsplit=1)
    yield whole
    yield head
    if kind == "partner":
        yield from (tail for tail in rest if tail[:1].isupper() and " " in tail)
        if aside and aside[1][:1].isupper():
            yield aside[1]
        elif aside and (was := _FORMERLY.sub("", aside[1])) != aside[1]:
            yield was


def _spellings(written: str) -> set[str]:
    """A name as it is also spelled: without its hyphens, with a word for its sign, without the Danish letters."""
    plain = written.translate(_PLAIN)
    spelled = {written, written.replace("-", " "), plain}
    spelled |= {one.replace(" & ", word) for one in spelled for word in (" og ", " and ")}
    return {one for one in spelled if len(one) >= SHORTEST_NAME}


def _rule(kind: str, written: str) -> Callable[[str, bool], bool] | None:
    """How strictly the capitals of a name are meant; none for a phrase that anybody might write."""
    words = [word for word in _WORDS.split(written) if word]
    if len(words) == 1:
        return _rule_of_word(kind, written)
    if kind != "project":
        return _as_the_first
    return None if len(words) < FEWEST_WORDS and _is_phrase(words) else _as_written(words)


def _rule_of_word(kind: str, word: str) -> Callable[[str, bool], bool] | None:
    if len(word) < SHORTEST_NAME:
        return None
    if not word[0].isupper() and not word.isalpha():
        return _anyhow  # syn.ikia, e2flex
    if word.isupper() and len(word) > 1:
        is_known = kind == "partner" and len(word) >= SHORTEST_KNOWN and not _is_english(word)
        return _in_capitals_or_one if is_known else _in_capitals
    if _capitals(word) > 1:
        return _in_many_capitals  # OrganiCity, CitCom.ai
    is_word_too = word in ALSO_WORDS if kind == "municipality" else kind == "project" or _is_english(word)
    return _within_a_sentence if is_word_too else _as_the_first


def _is_phrase(words: list[str]) -> bool:
    """Words of which only the first has a capital and none is more than letters: “Local energy”."""
    return all(word.isalpha() for word in words) and not any(_capitals(word) for word in words[1:])


def _as_the_first(slice_: str, _is_first: bool) -> bool:
    return slice_[:1].isupper() or slice_[:1].isdigit()


def _in_capitals(slice_: str, _is_first: bool) -> bool:
    return slice_.isupper()


def _in_capitals_or_one(slice_: str, _is_first: bool) -> bool:
    return slice_.isupper() or slice_.istitle()


def _in_many_capitals(slice_: str, _is_first: bool) -> bool:
    return _capitals(slice_) > 1


def _within_a_sentence(slice_: str, is_first: bool) -> bool:
    return slice_.istitle() and not is_first


def _anyhow(_slice: str, _is_first: bool) -> bool:
    return True


def _as_written(words: list[str]) -> Callable[[str, bool], bool]:
    capitals = [word[:1].isupper() for word in words]

    def admits(slice_: str, _is_first: bool) -> bool:
        found = [word for word in _WORDS.split(slice_) if word]
        return all(word[:1].isupper() or not meant for word, meant in zip(found, capitals, strict=False))

    return admits


def _is_short_name(entry: Entry) -> bool:
    """Whether the word in its address is an abbreviation, such as `dtu`, rather than the beginning of its name."""
    slug = entry.slug
    is_word = slug.isascii() and slug.isalnum() and SHORTEST_NAME <= len(slug) <= LONGEST_SHORT_NAME
    folded = [
        re.sub(r"[^a-z0-9]", "", one) for name in entry.called for one in (fold(name), *map(fold, _spellings(name)))
    ]
    is_beginning = any(name.startswith(slug) for name in folded)
    return is_word and (not is_beginning or any(sign.isdigit() for sign in slug))


def _capitals(word: str) -> int:
    return sum(sign.isupper() for sign in word)


def _is_english(word: str) -> bool:
    return word.lower() in _ENGLISH


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as names are compared, and where each of its signs stands in the text itself."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        folded = _fold_sign(sign)
        if folded == " " and signs and signs[-1] == " ":
            continue
        for one in folded:
            signs.append(one)
            places.append(at)
    places.append(len(text))
    return "".join(signs), places


@lru_cache(maxsize=4096)
def _fold_sign(sign: str) -> str:
    sign = _SAME_SIGN.get(sign, sign)
    return " " if sign.isspace() else fold(sign)


def _is_border_before(folded: str, begin: int) -> bool:
    before = folded[begin - 1 : begin]
    return not before or not (before.isalnum() or before in "_@-'")


def _ending(folded: str, behind: int) -> int | None:
    """Where a name that ends here is over, its genitive with it; none where the word goes on."""
    if _is_border_behind(folded, behind):
        return behind
    genitive = _GENITIVE.match(folded, behind)
    if genitive and _is_border_behind(folded, genitive.end()):
        return genitive.end()
    return None


def _is_border_behind(folded: str, at: int) -> bool:
    here, next_ = folded[at : at + 1], folded[at + 1 : at + 2]
    if not here:
        return True
    if here.isalnum() or here in "_+@'":
        return False
    if here == ".":
        return not next_.isalnum()
    return here != "-" or not next_.isdigit()


def _begins_a_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\r\xa0")
    return not before or before[-1] in _ENDS_A_SENTENCE


def _is_shouted(text: str, start: int) -> bool:
    """Whether the whole line is in capitals, as headings of some feeds are."""
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    return " " in line.strip() and line.isupper()
