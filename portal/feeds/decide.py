"""What to do with what a feed brought: a plan, made of what was read and what is known, and of nothing else."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from portal.core.languages import written_in
from portal.feeds import addresses
from portal.feeds.models import EntryState, Passed, RuleField, RuleKind
from portal.feeds.reading.parsed import Item, Parsed
from portal.feeds.stories import Shelf, Telling, telling

MOST_AT_FIRST = 20
NEWS_AT_FIRST = timedelta(days=90)
"""Of a feed that is read for the first time so many wait, and none that is older: what is wanted of it is its news."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule of a feed, e.g. to block what has “stillingsopslag” in its title."""

    kind: RuleKind
    field: RuleField
    pattern: str


@dataclass(frozen=True, slots=True)
class Source:
    """What of a feed matters to its entries."""

    id: int
    language: str = ""
    title_only: bool = False
    rules: tuple[Pattern, ...] = ()
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the same feed that is here already."""

    id: int
    key: str
    guid: str
    state: EntryState
    content_digest: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new entry belongs: a story that is there, and why it need not be looked at (again), if so."""

    story_id: int | None = None
    passed: Passed | None = None
    own: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What a new entry is known by elsewhere: its address, its address in every language, those of its translations."""

    url_digest: str
    either_digest: str = ""
    translations: tuple[str, ...] = ()
    language: str = ""

    def among(self, told: Mapping[str, Sequence[tuple[str, int]]]) -> int | None:
        """Of what is told under digests, each as (language, what), the first that is this in another language."""
        for digest in (self.either_digest, *self.translations):
            for language, what in told.get(digest, ()) if digest else ():
                if self.language and language and language != self.language:
                    return what
        return None


Finder = Callable[[Sought, Telling], Place | None]
"""Given what an entry is known by and how it is told, the story that is told elsewhere."""

Opener = Callable[[Collection[Sought]], Finder]
"""Given all that will be asked for."""


@dataclass(slots=True)
class New:
    """An entry to be stored. `like` is the position of another new one that tells the same story."""

    values: dict[str, Any]
    told: Telling
    place: Place
    like: int | None = None


@dataclass(slots=True)
class Plan:
    """What is to be stored. `doubled` counts items that came twice in one feed."""

    new: list[New] = field(default_factory=list)
    refreshed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    doubled: int = 0

    @property
    def waiting(self) -> int:
        return sum(one.values["state"] is EntryState.WAITING for one in self.new)


def plan(parsed: Parsed, source: Source, known: Sequence[Known], opened: Opener, now: datetime) -> Plan:
    """The plan for what was read. An item is known by its key, or by an identifier that only it has."""
    by_key = {one.key: one for one in known}
    by_guid = _unique({one.guid: one for one in known}, Counter(one.guid for one in known))
    identities = _identities(parsed.items)
    find = opened({one.sought for one in identities if one.key not in by_key})
    guids = Counter(item.guid for item in parsed.items)
    keys = {identity.key for identity in identities}
    made = Plan()
    taken: set[str] = set()
    batch = _Batch()
    for item, identity in zip(parsed.items, identities, strict=True):
        if identity.key in taken:
            made.doubled += 1
            continue
        taken.add(identity.key)
        there = by_key.get(identity.key)
        if there is None and item.guid and guids[item.guid] == 1:
            moved = by_guid.get(item.guid)
            there = moved if moved and moved.key not in keys else None
        if there is None:
            values = _values(item, identity, source, parsed.language, now)
        else:
            made.seen.append(there.id)
            if there.state is EntryState.WAITING and there.content_digest != _digest(item, identity, source):
                made.refreshed.append(
                    (there.id, _refreshed(_values(item, identity, source, parsed.language, now), now))
                )
            continue
        is_old = not known and _is_old(values, len(made.new), now)
        made.new.append(_new(values, identity, source, find, batch, len(made.new), now, is_old=is_old))
    return made


def _is_old(values: Mapping[str, Any], place: int, now: datetime) -> bool:
    """Whether an item of a feed that is read for the first time is no news: the items stand in order, newest first."""
    published: datetime | None = values["published_at"]
    return place >= MOST_AT_FIRST or (published is not None and published < now - NEWS_AT_FIRST)


def is_blocked(rules: Sequence[Pattern], values: Mapping[str, Any]) -> bool:
    """Whether the rules of a feed leave an entry out: one that blocks it, or none of those that keep."""
    if any(rule.kind is RuleKind.BLOCK and _fits(rule, values) for rule in rules):
        return True
    keeping = [rule for rule in rules if rule.kind is RuleKind.KEEP]
    return bool(keeping) and not any(_fits(rule, values) for rule in keeping)


# --- Identity


@dataclass(frozen=True, slots=True)
class _Identity:
    url: str
    url_digest: str
    key: str
    sought: Sought


def _identities(items: Sequence[Item]) -> list[_Identity]:
    """Who each item is: its link, else its identifier, else its title.

    A link to a whole site, or one that several different items share, identifies none of them.
    """
    urls = [addresses.canonical(item.link) if item.link else "" for item in items]
    digests = [addresses.digest(url) if url and not addresses.is_front_page(url) else "" for url in urls]
    named: dict[str, set[tuple[str, str]]] = {}
    for digest, item in zip(digests, items, strict=True):
        named.setdefault(digest, set()).add((item.guid, item.title))
    found = []
    for url, digest, item in zip(urls, digests, items, strict=True):
        titles = {title for _, title in named[digest]}
        guids = {guid for guid, _ in named[digest]}
        is_shared = len(titles) > 1 and len(guids) > 1
        said = f"link {digest}" if digest and not is_shared else f"guid {item.guid}" if item.guid else item.title
        own = "" if is_shared else digest
        key = sha256(said.encode("utf-8", "replace")).hexdigest()
        found.append(_Identity(url, own, key, _sought(item, url, own)))
    return found


def _sought(item: Item, url: str, digest: str) -> Sought:
    either = (addresses.either(url) if digest else "") or addresses.either_tag(item.guid)
    named = (addresses.canonical(one) for one in item.translations)
    return Sought(digest, either, tuple(addresses.digest(one) for one in named if one))


def _unique(found: Mapping[str, Known], counted: Counter[str]) -> dict[str, Known]:
    return {guid: one for guid, one in found.items() if guid and counted[guid] == 1}


# --- Values


def _values(item: Item, identity: _Identity, source: Source, declared: str, now: datetime) -> dict[str, Any]:
    return {
        "key": identity.key,
        "guid": item.guid,
        "url": identity.url,
        "url_digest": identity.url_digest,
        "either_digest": identity.sought.either_digest,
        "title": item.title,
        "excerpt": "" if source.title_only else item.text,
        "author": item.author,
        "categories": "; ".join(item.categories)[:500],
        "language": _language(item, declared, source.language),
        "published_at": _repaired(item.published, now),
        "updated_at": _repaired(item.updated, now),
        "content_digest": _digest(item, identity, source),
    }


def _digest(item: Item, identity: _Identity, source: Source) -> str:
    """Of what an editor reads: a new date alone is no news."""
    said = f"{item.title}\n{'' if source.title_only else item.text}\n{identity.url}"
    return sha256(said.encode("utf-8", "replace")).hexdigest()


def _refreshed(values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What is written over an entry that still waits. The day it came out stays as it was first told."""
    names = (
        "key",
        "guid",
        "url",
        "url_digest",
        "either_digest",
        "title",
        "excerpt",
        "author",
        "categories",
        "language",
    )
    return {name: values[name] for name in (*names, "updated_at", "content_digest")} | {"refreshed_at": now}


def _repaired(moment: datetime | None, now: datetime) -> datetime | None:
    """Nothing has been published in the future; what is not told is not made up."""
    return None if moment is None else min(moment, now)


def _language(item: Item, declared: str, usual: str) -> str:
    """Its words where they leave no doubt (many a Danish site declares en-US), else what is declared, else a guess."""
    guessed, is_sure = written_in(f"{item.title} {item.text}")
    if guessed and is_sure:
        return guessed
    said = (item.language or declared)[:2].lower()
    return said if said.isascii() and said.isalpha() and len(said) == 2 else guessed or usual


# --- Stories and rules


def _new(
    values: dict[str, Any],
    identity: _Identity,
    source: Source,
    find: Finder,
    batch: "_Batch",
    position: int,
    now: datetime,
    *,
    is_old: bool,
) -> New:
    told = telling(values["title"], values["excerpt"], source.id)
    values |= {"fetched_at": now, "state": EntryState.WAITING, "passed": None, "decided_at": None}
    sought = replace(identity.sought, language=values["language"])
    place = find(sought, told) or Place()
    passed = Passed.RULE if is_blocked(source.rules, values) else place.passed or (Passed.OLD if is_old else None)
    if passed:
        values |= {"state": EntryState.PASSED_OVER, "passed": passed, "decided_at": now}
    like = None if place.story_id or place.own else batch.same(sought, told)
    batch.put(position, sought, told, is_first=like is None)
    return New(values, told, place, like)


class _Batch:
    """The new entries of one fetch, to compare the next with."""

    def __init__(self) -> None:
        self._shelf: Shelf[int] = Shelf()
        self._spoken: dict[str, list[tuple[str, int]]] = {}

    def same(self, sought: Sought, told: Telling) -> int | None:
        """The position of one that tells the same, in the same words or in another language."""
        found = sought.among(self._spoken)
        return self._shelf.same(told) if found is None else found

    def put(self, position: int, sought: Sought, told: Telling, *, is_first: bool) -> None:
        if is_first:
            self._shelf.put(position, told)
        for digest in {sought.either_digest, sought.url_digest} - {""}:
            self._spoken.setdefault(digest, []).append((sought.language, position))


def _fits(rule: Pattern, values: Mapping[str, Any]) -> bool:
    columns = {
        RuleField.TITLE: ("title",),
        RuleField.AUTHOR: ("author",),
        RuleField.CATEGORY: ("categories",),
        RuleField.ADDRESS: ("url",),
        RuleField.ANYWHERE: ("title", "excerpt", "author", "categories"),
    }[rule.field]
    fits = _pattern(rule.pattern, rule.field is RuleField.ADDRESS)
    return any(fits.search(str(values[column])) for column in columns)


@lru_cache(maxsize=1024)
def _pattern(words: str, is_part: bool) -> re.Pattern[str]:
    """Whole words, in any case; a `*` at its end stands for the rest of a word. Of an address, any part of it."""
    escaped = r"\s+".join(
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words.split()
    )
    return re.compile(escaped if is_part else rf"(?<!\w){escaped}(?!\w)", re.IGNORECASE)
