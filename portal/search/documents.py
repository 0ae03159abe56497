"""What can be found: one neutral document for each public thing, offered by its slice."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from portal.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Document:
    """The public text of one thing. `path` is its address without the language."""

    kind: str
    id: int
    version: int
    path: str
    title_da: str = ""
    title_en: str = ""
    names: tuple[str, ...] = ()
    summary_da: str = ""
    summary_en: str = ""
    body_da: str = ""
    body_en: str = ""
    themes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    date: datetime.date | None = None

    @property
    def key(self) -> str:
        return key_of(self.kind, self.id)


class Source(Protocol):
    """A slice's side of search. Documents hold only what a visitor may see."""

    kind: str

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        """The documents of these ids, or of everything public; what is not public is left out."""
        ...

    def visible(self, ids: Collection[int], actor: Actor) -> set[int]:
        """Which of the ids the actor may see right now; one query."""
        ...

    def versions(self) -> Mapping[int, int]:
        """Id → version of everything public."""
        ...

    def known_since(self, ids: Collection[int]) -> Mapping[int, datetime.datetime]:
        """Id → when readers could first know of it, for those of which that is known; what feeds are sorted by."""
        ...


def key_of(kind: str, subject_id: int) -> str:
    """The unique key of a document."""
    return f"{kind}:{subject_id}"


def split_key(key: str) -> tuple[str, int]:
    """Kind and id of a key."""
    kind, _, subject_id = key.rpartition(":")
    return kind, int(subject_id)
