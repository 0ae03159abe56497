"""What an engine must be able to do. No type of any search library appears here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from portal.core.bilingual import DEFAULT, Language
from portal.search.documents import Document
from portal.search.query import Query

DIMENSIONS = ("kind", "theme", "partner", "municipality", "year")


class EngineFault(Exception):
    """The index cannot be used: missing, damaged or not readable just now."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Filters:
    """Values that a hit must have: one of each dimension that names any."""

    kind: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    municipality: tuple[str, ...] = ()
    year: tuple[str, ...] = ()

    def of(self, dimension: str) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self, dimension)
        return values

    def __bool__(self) -> bool:
        return any(self.of(dimension) for dimension in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Request:
    """One page of hits. `hidden` are keys that must neither be shown nor counted."""

    query: Query
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    language: Language = DEFAULT
    offset: int = 0
    limit: int = 20
    hidden: Collection[str] = ()
    names_only: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """`counts`: dimension → value → hits it would leave under all *other* dimensions' filters."""

    total: int
    hits: Sequence[Scored] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    """Written words of the query that no document has."""


class Reader(Protocol):
    """An opened index, unchanging; may be used by many threads."""

    @property
    def documents(self) -> int: ...

    def search(self, request: Request) -> Found:
        """Rank, filter and count. Documents of hits carry text, not filter values."""
        ...

    def similar(self, word: str) -> str | None:
        """A written word of some name that is spelled nearly like this one."""
        ...

    def inventory(self) -> Mapping[str, int]:
        """Key → version of every document."""
        ...

    def verify(self) -> None:
        """Read everything there is; `EngineFault` when something cannot be read."""
        ...


class Writer(Protocol):
    """Changes that become visible together. The caller makes sure that there is one writer."""

    def put(self, document: Document) -> None: ...

    def commit(self) -> None: ...

    def cancel(self) -> None: ...


class Engine(Protocol):
    """How an index is kept in a folder."""

    name: str
    schema: str
    """A fingerprint of everything that decides what the index holds; another one means: rebuild."""

    def create(self, folder: Path) -> Writer:
        """Start an index in a new folder."""
        ...

    def change(self, folder: Path, replaced: Iterable[str], previous: Reader | None = None) -> Writer:
        """Start a change that first takes out the documents of these keys; `previous` helps to find them."""
        ...

    def open(self, folder: Path, previous: Reader | None = None) -> Reader:
        """Read an index; what is unchanged since `previous` is taken over from it. `EngineFault` if impossible."""
        ...

    def files(self, folder: Path) -> Mapping[str, int]:
        """Name → size of the files that make up the index. Empty when there is none."""
        ...
