"""One mechanism for every list: filters with counts, sorting and paging, all in the address.

A slice declares a `ListingPlan`: what it lists, its facets and its orders. `read` turns the
query string into a `Choice`; `show` runs it for what an actor may see.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)

from portal.core.bilingual import chosen
from portal.core.db import AnySelect
from portal.core.db import read as rows_of
from portal.core.errors import NotFound
from portal.core.generations import remembered, remembered_for
from portal.core.permissions import Actor
from portal.core.sorting import sort_key

T = TypeVar("T")

PER_PAGE = 20
MAX_VALUES = 20
MAX_OPTIONS = 40
MAX_STATEMENTS = 1000
MAX_PAGE = 100_000

Labels = Callable[[Iterable[str]], Mapping[str, str]]
"""Value → what a reader calls it; values it does not know are left out."""


@dataclass(frozen=True)
class Facet:
    """A filter. `values` selects (id of the listed thing, value), one row per pair.

    `labels` names the values, in the order of the options; without it they name themselves.
    """

    name: str
    label: Any
    values: Any
    labels: Labels | None = None
    by_count: bool = False
    descending: bool = False


@dataclass(frozen=True)
class Order:
    """A way to sort, e.g. `Order("name", _l("Name"), (Partner.sort_key,))`."""

    name: str
    label: Any
    columns: tuple[Any, ...]


@dataclass(frozen=True)
class ListingPlan:
    """What can be listed and how. `key` is the id column, the first order is the default."""

    key: Any
    facets: tuple[Facet, ...]
    orders: tuple[Order, ...]
    per_page: int = PER_PAGE
    extra: tuple[str, ...] = ()
    """Parameters that are the page's own (such as `view`) and are kept in its links."""
    is_timeless: bool = False
    """Neither filters nor visibility depend on the time: a statement once put together serves again."""


@dataclass(frozen=True)
class Choice:
    """What a reader asked of a list: every part of it stands in the address."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    extra: Mapping[str, str] = field(default_factory=dict)

    def url(self, path: str = "", **changes: Any) -> str:
        """The query string of this choice with some of it changed; paging starts over."""
        chosen, extra = changes.get("chosen", self.chosen), changes.get("extra", self.extra)
        sort, page = changes.get("sort", self.sort), changes.get("page", 1)
        pairs = [(name, value) for name, values in chosen.items() for value in values]
        pairs += [("sort", sort)] if sort else []
        pairs += extra.items()
        pairs += [("page", page)] if page > 1 else []
        return f"{path}?{urlencode(pairs)}" if pairs else path or "?"

    def with_value(self, name: str, value: str) -> "Choice":
        return replace(self, chosen={**self.chosen, name: (*self.chosen.get(name, ()), value)}, page=1)

    def without(self, name: str, value: str) -> "Choice":
        kept = tuple(one for one in self.chosen.get(name, ()) if one != value)
        rest = {key: values for key, values in self.chosen.items() if key != name}
        return replace(self, chosen={**rest, name: kept} if kept else rest, page=1)


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class ShownFacet:
    name: str
    label: str
    options: Sequence[Option]
    left_out: int = 0
    """How many values it has beyond its options: the rarest of very many."""


@dataclass(frozen=True, slots=True)
class Active:
    facet_label: str
    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class SortOption:
    value: str
    label: str
    selected: bool
    url: str


@dataclass(frozen=True)
class Listing:
    """A list as a page shows it."""

    items: Sequence[Any]
    total: int
    choice: Choice
    plan: ListingPlan
    path: str
    facets: Sequence[ShownFacet]
    unknown: Sequence[str]
    key: Hashable
    """What the filters, their counts and the hidden parameters depend on besides the content."""

    @property
    def page(self) -> int:
        return self.choice.page

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.plan.per_page))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.plan.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0

    def page_url(self, number: int) -> str:
        return self.choice.url(self.path, page=number)

    def ending_url(self, ending: str) -> str:
        """The same list in another format, with the same filters: `projects.csv?theme=energy`."""
        return replace(self.choice, extra={}).url(f"{self.path}.{ending}")

    def extra_url(self, **extra: str) -> str:
        """The same filters under another value of the page's own parameters."""
        return self.choice.url(self.path, extra={**self.choice.extra, **extra})

    @property
    def clear_url(self) -> str:
        return self.choice.url(self.path, chosen={})

    @property
    def query(self) -> list[tuple[str, str]]:
        """What a filter form must carry along besides the filters."""
        return ([("sort", self.choice.sort)] if self.choice.sort else []) + list(self.choice.extra.items())

    @property
    def active(self) -> list[Active]:
        labels = {facet.name: str(facet.label) for facet in self.facets}
        named = {(facet.name, option.value): option.label for facet in self.facets for option in facet.options}
        return [
            Active(labels[name], named.get((name, value), value), self.choice.without(name, value).url(self.path))
            for name, values in self.choice.chosen.items()
            for value in values
        ]

    @property
    def sort_options(self) -> list[SortOption]:
        now = self.choice.sort or self.plan.orders[0].name
        return [
            SortOption(order.name, str(order.label), order.name == now, self.choice.url(self.path, sort=order.name))
            for order in self.plan.orders
        ]


def read(plan: ListingPlan, arguments: Iterable[tuple[str, str]]) -> Choice:
    """Understand a query string, given as its (name, value) pairs.

    Empty values and unknown parameters are ignored, an unknown sort means the default one;
    `NotFound` for a page number that cannot be one.
    """
    names = {facet.name for facet in plan.facets}
    chosen: dict[str, tuple[str, ...]] = {}
    sort, page, extra = "", 1, {}
    for name, raw in arguments:
        value = raw.replace("\x00", "").strip()[:200]
        if name in names and value and value not in chosen.get(name, ()) and len(chosen.get(name, ())) < MAX_VALUES:
            chosen[name] = (*chosen.get(name, ()), value)
        elif name == "sort" and value in {order.name for order in plan.orders}:
            sort = value
        elif name == "page" and value:
            page = _page_number(value)
        elif name in plan.extra and value:
            extra[name] = value
    return Choice({facet.name: chosen[facet.name] for facet in plan.facets if facet.name in chosen}, sort, page, extra)


def in_words(plan: ListingPlan, choice: Choice) -> list[str]:
    """The chosen filter values as a reader calls them, for the title of a feed or a file."""
    words = []
    for facet in plan.facets:
        chosen = choice.chosen.get(facet.name, ())
        labels = facet.labels(chosen) if chosen and facet.labels else {}
        words += [str(labels.get(value, value)) for value in chosen]
    return words


def among(values: Iterable[str], labels: Mapping[str, T]) -> dict[str, T]:
    """The labels of these values, in the order of all labels."""
    wanted = set(values)
    return {value: label for value, label in labels.items() if value in wanted}


def condition(plan: ListingPlan, choice: Choice, visible: ColumnElement[bool]) -> ColumnElement[bool]:
    """What the chosen filters and visibility admit, as SQL over `plan.key`."""
    admitted = visible
    for facet in plan.facets:
        if values := choice.chosen.get(facet.name):
            admitted &= _matches(plan, facet, values)
    return admitted


def order_of(plan: ListingPlan, choice: Choice) -> tuple[Any, ...]:
    """The columns to sort by; the key last, so that pages never overlap."""
    wanted = next((order for order in plan.orders if order.name == choice.sort), plan.orders[0])
    return (*wanted.columns, plan.key)


def show(
    plan: ListingPlan,
    choice: Choice,
    statement: AnySelect,
    visible: ColumnElement[bool],
    path: str,
    actor: Actor,
    *,
    within: Hashable = "",
) -> Listing:
    """Run a choice: one page of `statement`, the total, and for each filter value how many it would show.

    `statement` selects what a row shows from the listed table, `visible` says what the actor may
    see of it. `within` names what else narrows it: the words of a search. `NotFound` for a page beyond the last.
    """
    # With the path: the portfolio and somebody's own projects list the same things under other conditions.
    asked = ("filters", path, within, actor, chosen(), tuple(choice.chosen.items()))
    total, facets, unknown = remembered(asked, lambda: _filters(plan, choice, visible))
    start = (choice.page - 1) * plan.per_page
    if choice.page > 1 and start >= total:
        raise NotFound("page", choice.page)

    def read_page() -> Sequence[Any]:
        return rows_of(_page_of(plan, choice, statement, visible, asked), limit=plan.per_page, offset=start).all()

    items: Sequence[Any] = ()
    if total:
        items = remembered_for(actor, (asked, choice.sort, choice.page), read_page)
    key = (asked, choice.sort, tuple(choice.extra.items()))
    return Listing(items, total, choice, plan, path, facets, unknown, key)


def _page_of(
    plan: ListingPlan, choice: Choice, statement: AnySelect, visible: ColumnElement[bool], asked: Hashable
) -> AnySelect:
    """`statement` under the choice, with `limit` and `offset` to be filled in."""
    key = (asked, choice.sort)
    if (known := _statements.get(key)) is not None:
        return known
    admitted = condition(plan, choice, visible)
    ordered = statement.where(admitted).order_by(*order_of(plan, choice))
    made = ordered.limit(bindparam("limit")).offset(bindparam("offset"))
    if plan.is_timeless and len(_statements) < MAX_STATEMENTS:
        _statements[key] = made
    return made


_statements: dict[Hashable, AnySelect] = {}


def _page_number(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or not 1 <= int(value[:9]) <= MAX_PAGE or len(value) > 9:
        raise NotFound("page", value)
    return int(value)


def _matches(plan: ListingPlan, facet: Facet, values: Sequence[str]) -> ColumnElement[bool]:
    pairs = facet.values.subquery()
    identity, value = pairs.c
    return plan.key.in_(select(identity).where(cast(value, String).in_(values)))


def _counts(plan: ListingPlan, choice: Choice, visible: ColumnElement[bool]) -> tuple[dict[str, dict[str, int]], int]:
    """Facet → value → count under all *other* filters, and the total; one statement."""
    total = select(literal("").label("facet"), literal("").label("value"), func.count().label("count")).select_from(
        select(plan.key).where(condition(plan, choice, visible)).subquery()
    )
    parts = [total]
    for facet in plan.facets:
        others = replace(choice, chosen={name: v for name, v in choice.chosen.items() if name != facet.name})
        admitted = select(plan.key).where(condition(plan, others, visible))
        pairs = facet.values.subquery()
        identity, value = pairs.c
        parts.append(
            select(literal(facet.name), cast(value, String), func.count(identity.distinct()))
            .where(identity.in_(admitted), value.is_not(None))
            .group_by(cast(value, String))
        )
    counts: dict[str, dict[str, int]] = {facet.name: {} for facet in plan.facets}
    in_all = 0
    for facet_name, value, count in rows_of(union_all(*parts)):
        if facet_name:
            counts[facet_name][value] = count
        else:
            in_all = count
    return counts, in_all


def _filters(
    plan: ListingPlan, choice: Choice, visible: ColumnElement[bool]
) -> tuple[int, list[ShownFacet], list[str]]:
    """The total, each facet with its options, and the chosen values that nobody knows."""
    counts, total = _counts(plan, choice, visible)
    facets, unknown = [], []
    for facet in plan.facets:
        chosen_values = choice.chosen.get(facet.name, ())
        found = counts[facet.name]
        labels = facet.labels({*found, *chosen_values}) if facet.labels else _own(facet, found)
        unknown += [value for value in chosen_values if value not in labels]
        options = [
            Option(value, str(label), found.get(value, 0), value in chosen_values)
            for value, label in labels.items()
            if found.get(value) or value in chosen_values
        ]
        facets.append(_shown(facet, options))
    return total, facets, unknown


def _shown(facet: Facet, options: list[Option]) -> ShownFacet:
    """The facet with its options; ordered by count, the rarest of very many are left out unless chosen."""
    if not facet.by_count:
        return ShownFacet(facet.name, str(facet.label), options)
    options.sort(key=lambda option: -option.count)
    kept = options[:MAX_OPTIONS] + [option for option in options[MAX_OPTIONS:] if option.selected]
    return ShownFacet(facet.name, str(facet.label), kept, len(options) - len(kept))


def _own(facet: Facet, found: Iterable[str]) -> dict[str, str]:
    return {value: value for value in sorted(found, key=sort_key, reverse=facet.descending) if value}
