"""Things by the names they go by, for pickers and for finding them in a text.

Unlike the index these are never late: they come from the database, are kept for each state of the content, and what
the actor may see is asked anew each time.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portal.core import picking
from portal.core.bilingual import Language, chosen
from portal.core.generations import remembered
from portal.core.labels import label
from portal.core.permissions import Actor
from portal.core.picking import OFFERED, Named
from portal.search.text import fold_name

LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing and all its names. `note` is what tells it from others of the same name.

    The word in its address is often the short name that everybody uses, such as `dtu`.
    """

    id: int
    title_da: str
    title_en: str
    names: tuple[str, ...] = ()
    acronym: str = ""
    slug: str = ""
    note: str = ""

    @property
    def called(self) -> tuple[str, ...]:
        """Every name, once."""
        every = (self.title_da, self.title_en, *self.names, self.acronym)
        return tuple(dict.fromkeys(name for name in every if name))

    def title(self, language: Language | None = None) -> str:
        """Its name in a language (default: the page's), or else in the other one."""
        mine = self.title_da if (language or chosen()) == "da" else self.title_en
        return mine or self.title_da or self.title_en


class NamedSource(Protocol):
    """A slice whose things have names."""

    kind: str

    def names(self) -> Iterator[Entry]:
        """Everything, public or not, in alphabetical order."""
        ...

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        """Which of the ids the actor may see right now; one query."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    entries: dict[int, Entry]
    folded: list[tuple[int, tuple[str, ...]]]


class Names:
    """Implements `portal.core.picking.Pickable` for a slice."""

    def __init__(self, source: NamedSource) -> None:
        self.kind = source.kind
        self.source = source

    def find(self, text: str, actor: Actor, limit: int = OFFERED) -> Sequence[Named]:
        """The things whose name begins with the text, then those with a name in which each word begins one."""
        asked = fold_name(text)
        if not asked:
            return []
        known = self._known()
        words = [f" {word}" for word in asked.split()]
        ranked = ((_rank(names, asked, words), one) for one, names in known.folded)
        likely = [one for _rank, one in sorted((r for r in ranked if r[0] is not None), key=_by_rank)][:LOOKED_AT]
        seen = self.source.visible(likely, actor) if likely else set()
        return [_named(known.entries[one]) for one in likely if one in seen][:limit]

    def named(self, ids: Collection[int], actor: Actor) -> dict[int, Named]:
        """Those of the ids that the actor may see."""
        known = self._known().entries
        seen = self.source.visible(ids, actor) if ids else set()
        return {one: _named(known[one]) for one in ids if one in seen and one in known}

    def entries(self) -> Mapping[int, Entry]:
        """Everything by its id, public or not, in alphabetical order."""
        return self._known().entries

    def _known(self) -> _Known:
        return remembered(("names", self.kind), self._read)

    def _read(self) -> _Known:
        entries = {entry.id: entry for entry in self.source.names()}
        folded = [
            (one, tuple(f" {fold_name(name)}" for name in (*entry.called, entry.slug)))
            for one, entry in entries.items()
        ]
        return _Known(entries, folded)


_kinds: dict[str, Names] = {}


def register(source: NamedSource) -> None:
    """Let a slice's things be picked and be found in texts. Registering a kind again replaces it."""
    _kinds[source.kind] = Names(source)
    picking.register(_kinds[source.kind])


def all_kinds() -> Mapping[str, Names]:
    """Kind → its names, in the order they were registered."""
    return _kinds


def _rank(names: Sequence[str], asked: str, words: Sequence[str]) -> int | None:
    whole = f" {asked}"
    if whole in names:
        return 0
    if any(name.startswith(whole) for name in names):
        return 1
    return 2 if any(all(word in name for word in words) for name in names) else None


def _by_rank(ranked: tuple[int | None, int]) -> int:
    return ranked[0] or 0


def _named(entry: Entry) -> Named:
    note = label(entry.note) if isinstance(entry.note, StrEnum) else entry.note
    return Named(entry.id, entry.title(), note)
