"""Which partners look like one and the same: by number, or by names that say the same in other letters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations

from portal.core.slugs import slugify

ALIKE = 0.75
"""How alike two names must be. Tried on the directory that ships: see tests/staff/test_duplicates.py."""

_LEGAL_WITH_STROKE = re.compile(r"\b[aikp]/s\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_WITH_ACRONYM = re.compile(r"([A-ZÆØÅ0-9]{2,8})\s+[-\u2013]\s+(.+)")
# Legal forms, and words that many names have in common: they tell no two organisations apart.
_SAYS_NOTHING = frozenset(
    word
    for words in (
        "a s as aps amba m b ivs i is p k ks ps smba fmba inc ltd limited llc gmbh ag ab oy bv sa srl plc co corp",
        "corporation company group holding",
        "the of og and i for de den det danmark danmarks danish dansk danske denmark in at by",
    )
    for word in words.split()
)
# What an organisation is, in the words of either language: Aarhus has a municipality, a university and a port.
_KINDS = {
    word: kind
    for kind, words in {
        "municipality": "kommune kommun municipality municipal city stad regionskommune",
        "region": "region regional",
        "university": "universitet universitetet university universiteit college",
        "utility": "forsyning utility utilities supply vand water fjernvarme varme affald affaldvarme",
        "port": "havn port harbour",
        "association": "forening foreningen association",
        "agency": "styrelse styrelsen agency ministerium ministeriet ministry",
        "institute": "institut institute",
    }.items()
    for word in words.split()
}


_KIND_NAMES = frozenset(_KINDS.values())
_LONG = 5
"""From how many letters on a word may have one wrong and be the same word."""
_MISSPELT = 0.9
"""What such a word counts of a whole one."""
_JOINED = 0.95
"""How alike names are whose words are parted elsewhere: Gate21 and Gate 21."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a partner."""

    id: int
    names: tuple[str, ...]
    country: str = ""
    cvr: str | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two that may be one, and why: `cvr` or `name`."""

    one: int
    other: int
    why: str
    degree: float


def words_of(name: str) -> frozenset[str]:
    """The words that tell organisations apart: folded as addresses are, kinds by one word, without legal forms."""
    return frozenset(_words(name))


def _words(name: str) -> list[str]:
    folded = slugify(_LEGAL_WITH_STROKE.sub(" ", name)).split("-")
    words = (_kind(word) or word for word in folded if word and word not in _SAYS_NOTHING)
    return [word if word in _KIND_NAMES else _loosely(word) for word in words]


@lru_cache(maxsize=50_000)
def _kind(word: str) -> str:
    """The kind of organisation that a word stands for, also when it is misspelt: komune."""
    if word in _KINDS or len(word) <= _LONG:
        return _KINDS.get(word, "")
    return next((kind for known, kind in _KINDS.items() if len(known) > _LONG and _is_misspelt(word, known)), "")


def _loosely(word: str) -> str:
    """Rambøll, Ramböll and Ramboll; Aarhus and Århus; with the genitive's s and without."""
    if len(word) < _LONG - 1:
        return word  # DTU, AAU: an acronym says what it says
    for pair, single in (("oe", "o"), ("ae", "a"), ("aa", "a")):
        word = word.replace(pair, single)
    return word.removesuffix("s") if len(word) >= _LONG else word


def _is_misspelt(one: str, other: str) -> bool:
    """Whether the words differ in one letter: wrong, missing, too many, or changed with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    mine, theirs = one[start:], other[start:]
    return (
        mine[1:] == theirs[1:]
        or mine[1:] == theirs
        or mine == theirs[1:]
        or (mine[:2] == theirs[:2][::-1] and mine[2:] == theirs[2:])
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1: how much of two names is the same. Nothing when they are of two kinds or share a kind alone."""
    kinds = one & _KIND_NAMES, other & _KIND_NAMES
    if kinds[0] != kinds[1] and all(kinds):
        return 0.0
    same = one & other
    misspelt = sum(
        any(len(word) >= _LONG and word.isalpha() and _is_misspelt(word, mine) for mine in one - same - _KIND_NAMES)
        for word in other - same - _KIND_NAMES
    )
    if not same - _KIND_NAMES and not misspelt:
        return 0.0
    return (len(same) + _MISSPELT * misspelt) / (len(one | other) - misspelt)


class Names:
    """Partners by the words of their names, so that a name is compared only with those that may be like it."""

    def __init__(self, partners: Iterable[Known]) -> None:
        self.partners: dict[int, Known] = {}
        self.spelled: dict[int, list[frozenset[str]]] = {}
        self.by_key: dict[str, set[int]] = defaultdict(set)
        for partner in partners:
            self.partners[partner.id] = partner
            self.spelled[partner.id] = []
            for words in _spellings(partner.names):
                self.spelled[partner.id].append(frozenset(words))
                for key in (_joined(words), *(key for word in _telling(words) for key in _keys(word))):
                    self.by_key[key].add(partner.id)

    def like(self, newcomer: Known) -> list[Likeness]:
        """Those that the newcomer may be, as `other`, the surest first; without itself."""
        found: dict[int, float] = {}
        for words in _spellings(newcomer.names):
            joined = self.by_key.get(_joined(words), set()) if _telling(words) else set()
            for other in (joined | self._candidates(words)) - {newcomer.id}:
                countries = {newcomer.country, self.partners[other].country} - {""}
                if len(countries) > 1:
                    continue
                degree = max(likeness(frozenset(words), theirs) for theirs in self.spelled[other])
                degree = max(degree, _JOINED if other in joined else 0)
                found[other] = max(found.get(other, 0), degree)
        near = [Likeness(newcomer.id, id, "name", min(degree, 0.99)) for id, degree in found.items() if degree >= ALIKE]
        return sorted(near, key=lambda one: (-one.degree, one.other))

    def _candidates(self, words: Sequence[str]) -> set[int]:
        """Those that share one of the rarest words: a name that shares none of them cannot be alike enough."""
        sharing = ([self.by_key[key] for key in _keys(word) if key in self.by_key] for word in _telling(words))
        by_rarity = sorted(sharing, key=lambda sets: sum(map(len, sets)))
        return set[int]().union(*chain(*by_rarity[: int(len(by_rarity) * (1 - ALIKE)) + 1]))


def _spellings(names: Iterable[str]) -> list[list[str]]:
    """The words of each name: as it stands, without what is in brackets, and acronym and name apart."""
    each = (
        spelled
        for name in names
        for found in (_WITH_ACRONYM.fullmatch(name),)
        for spelled in (name, _IN_BRACKETS.sub("", name), *(found.groups() if found else ()))
    )
    return [words for name in dict.fromkeys(each) if (words := _words(name))]


def _joined(words: Sequence[str]) -> str:
    return f"={''.join(words)}"


def _telling(words: Iterable[str]) -> frozenset[str]:
    return frozenset(words) - _KIND_NAMES


def _keys(word: str) -> Iterator[str]:
    """The word, and what is left of it without one of its letters: two that differ in one letter share such a rest."""
    yield word
    if len(word) >= _LONG and word.isalpha():
        yield from (f"~{word[:at]}{word[at + 1 :]}" for at in range(len(word)))
        yield f"~{word}"


def suggestions(partners: Sequence[Known], distinct: Iterable[tuple[int, int]] = ()) -> list[Likeness]:
    """Pairs that may be one and the same, the surest first; without those that somebody told apart."""
    told_apart = {frozenset(pair) for pair in distinct}
    found: dict[frozenset[int], Likeness] = {}
    names = Names(partners)
    near = (
        Likeness(min(one.one, one.other), max(one.one, one.other), one.why, one.degree)
        for partner in partners
        for one in names.like(partner)
    )
    for candidate in (*_same_number(partners), *near):
        pair = frozenset((candidate.one, candidate.other))
        if pair not in told_apart and (pair not in found or found[pair].degree < candidate.degree):
            found[pair] = candidate
    return sorted(found.values(), key=lambda one: (-one.degree, one.one, one.other))


def like(newcomer: Known, partners: Sequence[Known]) -> list[Likeness]:
    """Those that the newcomer may be, as `other`, the surest first. The newcomer's id is below all others."""
    same = [Likeness(newcomer.id, one.id, "cvr", 1.0) for one in partners if newcomer.cvr and one.cvr == newcomer.cvr]
    numbered = {one.other for one in same}
    return [*same, *(one for one in Names(partners).like(newcomer) if one.other not in numbered)]


def _same_number(partners: Sequence[Known]) -> Iterator[Likeness]:
    by_number: dict[str, list[int]] = defaultdict(list)
    for partner in partners:
        if partner.cvr:
            by_number[partner.cvr].append(partner.id)
    for ids in by_number.values():
        yield from (Likeness(one, other, "cvr", 1.0) for one, other in combinations(sorted(ids), 2))
