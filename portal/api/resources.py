"""What the interface for programs gives out: each resource says once what it holds, for JSON, CSV, JSON-LD and OpenAPI.

A resource selects rows of columns, from what everybody may see. Its properties say what of a row is told and how
that is called; its filters, by which words of the address it can be narrowed down.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, true

from portal.core.bilingual import LANGUAGES
from portal.core.db import AnySelect
from portal.core.errors import DomainError
from portal.core.listing import Choice, ListingPlan, condition

More = Mapping[int, Mapping[str, Any]]
"""Row's id → what is told of it besides its own columns."""


class Kind(StrEnum):
    """What a property's values are. A pair is a text in both languages: `{"da": …, "en": …}`; a thing has parts."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    ADDRESS = "address"
    ANY = "any"
    PAIR = "pair"
    WORDS = "words"
    LIST = "list"
    THING = "thing"


@dataclass(frozen=True)
class Property:
    """One thing told of a row. `of` takes it from the row; without, it is the row's column of that name.

    `term` is what schema.org calls it. `holds` are the parts of a thing, or of each thing in a list: name → kind, or
    parts of its own, in a list where there are several. A list that holds none is one of texts.
    """

    name: str
    kind: Kind
    title: Any
    of: Callable[[Any], Any] | None = None
    term: str = ""
    holds: Mapping[str, Any] = field(default_factory=dict)

    def value(self, row: Any) -> Any:
        if self.kind is Kind.PAIR:
            return {language: getattr(row, f"{self.name}_{language}") for language in LANGUAGES}
        return self.of(row) if self.of else getattr(row, self.name)


@dataclass(frozen=True)
class Filter:
    """A word of the address by which a list is narrowed down; given several times, to any of its values."""

    name: str
    title: Any
    condition: Callable[[Sequence[str]], ColumnElement[bool]]


def among(column: Any) -> Callable[[Sequence[str]], ColumnElement[bool]]:
    """The condition of a filter by the values of a column."""

    def found(values: Sequence[str]) -> ColumnElement[bool]:
        admitted: ColumnElement[bool] = column.in_(values)
        return admitted

    return found


def filters_of(
    plan: Callable[[], ListingPlan], read_as: Mapping[str, Callable[[Sequence[str]], Sequence[str]]]
) -> Sequence[Filter]:
    """The filters of a list on the pages. `read_as`: filter → what its values are to the list."""

    def filter_of(name: str, title: Any) -> Filter:
        def admitted(values: Sequence[str]) -> ColumnElement[bool]:
            meant = read_as[name](values) if name in read_as else values
            return condition(plan(), Choice({name: tuple(meant)}), true())

        return Filter(name, title, admitted)

    return tuple(filter_of(facet.name, facet.label) for facet in plan().facets)


@dataclass(frozen=True)
class Resource:
    """A kind of thing that is given out, as a list and one by one."""

    name: str
    title: Any
    about: Any
    rows: Callable[[], AnySelect]
    """All of it that everybody may see, in a fixed order unless a plan has one; each row has an `id`."""

    by_key: Callable[[str], ColumnElement[bool]]
    """Which row a key in the address is."""

    key: Callable[[Any], str]
    properties: Sequence[Property]
    filters: Sequence[Filter] = ()
    plan: Callable[[], ListingPlan] | None = None
    """The list on the pages that its filters and its order are those of."""

    more: Callable[[Sequence[Any]], More] | None = None
    details: Sequence[Property] = ()
    """What is told from `more`, in JSON alone."""

    missing: Callable[[str], DomainError] | None = None
    """Why nothing can be seen under a key: it has another one now, is gone, or was never there."""

    sheet: str = ""
    """The list on the pages that can be taken along in each language, as a spreadsheet too: the word of its address."""

    kind: str = ""
    """What search calls one of them, where it finds them."""

    term: str = "Thing"
    """What schema.org calls one of them."""

    rights: Any = ""
    sources: Callable[[], Sequence[str]] = tuple
    """Where its rows are from, as far as a catalogue names it."""

    themes: Sequence[str] = field(default=())
    """Words of the European data themes."""

    @property
    def orders(self) -> Sequence[str]:
        """The words by which an order can be chosen, where there are several."""
        orders = self.plan().orders if self.plan else ()
        return [one.name for one in orders] if len(orders) > 1 else []

    @property
    def all_properties(self) -> Sequence[Property]:
        return (*self.properties, *self.details)
