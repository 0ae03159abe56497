"""What the interface for programs gives out: each resource says once what it holds, for JSON, CSV, JSON-LD and OpenAPI.

A resource selects rows of columns, from what everybody may see. Its properties say what of a row is told and how
that is called; its filters, by which words of the address it can be narrowed down.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from portal.core.bilingual import LANGUAGES
from portal.core.db import AnySelect

More = Mapping[int, Mapping[str, Any]]
"""Row's id → what is told of it besides its own columns."""


class Kind(StrEnum):
    """What a property's values are. A pair is a text in both languages: `{"da": …, "en": …}`."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"
    ADDRESS = "address"
    PAIR = "pair"
    LIST = "list"


@dataclass(frozen=True)
class Property:
    """One thing told of a row. `of` takes it from the row; without, it is the row's column of that name.

    `term` is what schema.org calls it; a list has no place in tables.
    """

    name: str
    kind: Kind
    title: Any
    of: Callable[[Any], Any] | None = None
    term: str = ""

    def value(self, row: Any) -> Any:
        if self.kind is Kind.PAIR:
            return {language: getattr(row, f"{self.name}_{language}") for language in LANGUAGES}
        return self.of(row) if self.of else getattr(row, self.name)


@dataclass(frozen=True)
class Filter:
    """A word of the address by which a list is narrowed down."""

    name: str
    title: Any
    condition: Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Resource:
    """A kind of thing that is given out, as a list and one by one."""

    name: str
    title: Any
    about: Any
    rows: Callable[[], AnySelect]
    """All of it, in a fixed order; each row has an `id`."""

    by_key: Callable[[str], ColumnElement[bool]]
    """Which row a key in the address is."""

    key: Callable[[Any], str]
    properties: Sequence[Property]
    filters: Sequence[Filter] = ()
    more: Callable[[Sequence[Any]], More] | None = None
    lists: Sequence[Property] = ()
    """What is told from `more`, in JSON alone."""

    term: str = "Thing"
    """What schema.org calls one of them."""

    rights: Any = ""
    sources: Callable[[], Sequence[str]] = tuple
    """Where its rows are from, as far as a catalogue names it."""

    themes: Sequence[str] = field(default=())
    """Words of the European data themes."""

    @property
    def all_properties(self) -> Sequence[Property]:
        return (*self.properties, *self.lists)
