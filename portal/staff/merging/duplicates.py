"""Which partners look like one and the same: by number, or by names that say the same in other letters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from portal.core.slugs import slugify

ALIKE = 0.75
"""How alike two names must be. Tried on the directory that ships: see tests/staff/test_duplicates.py."""

_LEGAL = frozenset(
    [
        "a",
        "s",
        "as",
        "aps",
        "amba",
        "a",
        "m",
        "b",
        "a",
        "ivs",
        "i",
        "s",
        "is",
        "p",
        "k",
        "ks",
        "ps",
        "smba",
        "fmba",
        "inc",
        "ltd",
        "limited",
        "llc",
        "gmbh",
        "ag",
        "ab",
        "oy",
        "bv",
        "sa",
        "srl",
        "plc",
        "co",
        "corp",
        "corporation",
        "company",
        "group",
        "holding",
    ]
)
_LEGAL_WITH_STROKE = re.compile(r"\b[aikp]/s\b", re.IGNORECASE)
_FILLER = frozenset(
    [
        "the",
        "of",
        "og",
        "and",
        "i",
        "for",
        "de",
        "den",
        "det",
        "danmark",
        "danmarks",
        "danish",
        "dansk",
        "danske",
        "denmark",
        "in",
        "at",
        "by",
    ]
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
    folded = slugify(_LEGAL_WITH_STROKE.sub(" ", name)).split("-")
    words = (_KINDS.get(word, word) for word in folded if word and word not in _LEGAL and word not in _FILLER)
    return frozenset(word if word in _KINDS.values() else _loosely(word) for word in words)


def _loosely(word: str) -> str:
    """Rambøll, Ramböll and Ramboll; Aarhus and Århus; with the genitive's s and without."""
    for pair, single in (("oe", "o"), ("ae", "a"), ("aa", "a")):
        word = word.replace(pair, single)
    return word.removesuffix("s") if len(word) > 4 else word


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1: how much of two names is the same. Nothing when they are of two kinds or share a kind alone."""
    kinds = frozenset(_KINDS.values())
    if (one & kinds) != (other & kinds) and one & kinds and other & kinds:
        return 0.0
    if not (one & other) - kinds:
        return 0.0
    return len(one & other) / len(one | other)


def suggestions(partners: Sequence[Known], distinct: Iterable[tuple[int, int]] = ()) -> list[Likeness]:
    """Pairs that may be one and the same, the surest first; without those that somebody told apart."""
    told_apart = {frozenset(pair) for pair in distinct}
    found: dict[frozenset[int], Likeness] = {}
    for candidate in (*_same_number(partners), *_near_names(partners)):
        pair = frozenset((candidate.one, candidate.other))
        if pair not in told_apart and (pair not in found or found[pair].degree < candidate.degree):
            found[pair] = candidate
    return sorted(found.values(), key=lambda one: (-one.degree, one.one, one.other))


def like(newcomer: Known, partners: Iterable[Known]) -> list[Likeness]:
    """Those that the newcomer may be, as `other`, the surest first. The newcomer's id is below all others."""
    found = [pair for one in partners for pair in suggestions((newcomer, one))]
    return sorted(found, key=lambda one: (-one.degree, one.other))


def _same_number(partners: Sequence[Known]) -> Iterator[Likeness]:
    by_number: dict[str, list[int]] = defaultdict(list)
    for partner in partners:
        if partner.cvr:
            by_number[partner.cvr].append(partner.id)
    for ids in by_number.values():
        yield from (Likeness(one, other, "cvr", 1.0) for one, other in combinations(sorted(ids), 2))


def _near_names(partners: Sequence[Known]) -> Iterator[Likeness]:
    """Compares only those that share a telling word: a directory of thousands has millions of pairs."""
    spelled = {partner.id: [words for name in partner.names if (words := words_of(name))] for partner in partners}
    country = {partner.id: partner.country for partner in partners}
    by_word: dict[str, set[int]] = defaultdict(set)
    for partner_id, names in spelled.items():
        for word in frozenset[str]().union(*names) - frozenset(_KINDS.values()):
            by_word[word].add(partner_id)
    compared: set[tuple[int, int]] = set()
    for ids in by_word.values():
        for one, other in combinations(sorted(ids), 2):
            if (one, other) in compared:
                continue
            compared.add((one, other))
            if country[one] and country[other] and country[one] != country[other]:
                continue
            degree = max(likeness(a, b) for a in spelled[one] for b in spelled[other])
            if degree >= ALIKE:
                yield Likeness(one, other, "name", min(degree, 0.99))
