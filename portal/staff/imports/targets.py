"""What an import needs to know of the things it is about: their fields, how rows compare, how they are written."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from portal.core import tables
from portal.core.labels import in_each
from portal.core.permissions import Actor
from portal.core.tables import Column, Reader, Row, Table
from portal.staff.imports.models import Fate, ImportBatch, ImportRow, Outcome

Plain = str | list[str]
"""A value as the database keeps it in JSON: what a field was before and after."""

Changes = dict[str, list[Plain]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name; `aliases` are other headers it is known by, in small letters."""

    name: str
    label: Any
    read: Reader
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a row would do. `twin_id` is a partner that may be the same one."""

    outcome: Outcome
    partner_id: int | None = None
    twin_id: int | None = None
    observation_id: int | None = None
    changes: Changes = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing would make of a row: its fate, and the fields that somebody has changed since, which stay."""

    fate: Fate
    left: tuple[str, ...] = ()


class Comparison(Protocol):
    """One pass over the rows of a file, in their order."""

    def of(self, rows: Iterable[tuple[int, list[str]]]) -> dict[int, Proposal]:
        """Line → what that row would do."""

    def name_of(self, cells: Sequence[str]) -> str:
        """What a row calls the thing it is about."""

    def decided(self, row: ImportRow, decision: str, /) -> Proposal | None:
        """What a row would do whose thing is the one it looks like (`known`), or another (`new`)."""


class Target(Protocol):
    """The things that a file is about. What it writes and takes back it leaves for its caller to commit."""

    @property
    def fields(self) -> tuple[Field, ...]: ...

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that a file must have a column for."""

    def compare(self, batch: ImportBatch) -> Comparison: ...

    def write(self, batch: ImportBatch, rows: Sequence[ImportRow], *, actor: Actor, now: datetime) -> int:
        """Write the rows, and say on each what became of it; returns how many were written."""

    def undoing(self, rows: Sequence[ImportRow]) -> dict[int, Undoing]:
        """Row → what `undo` would make of it if it came now."""

    def undo(self, batch: ImportBatch, rows: Sequence[ImportRow], *, actor: Actor, now: datetime) -> None:
        """Take back what was written and nobody has changed since, and say so on each row."""


def guessed(header: Sequence[str], fields: Sequence[Field]) -> list[str]:
    """For each header the field it most likely stands for, each at most once; empty where nothing fits."""
    known = {alias: field.name for field in fields for alias in (field.name, *field.aliases, *_labels(field))}
    taken: set[str] = set()
    found = []
    for cell in header:
        name = known.get(re.sub(r"\s+", " ", cell).strip(" *:").casefold(), "")
        found.append("" if name in taken else name)
        taken.add(name)
    return found


def _labels(field: Field) -> Iterator[str]:
    """What our own empty table calls the field, in each language, in small letters."""
    for said in in_each(field.label).values():
        yield said.casefold()


class NamedColumns:
    """The columns of a file that were named, and its rows read by them.

    `required` are those whose cells may not be blank; `key` tells rows apart; `same` says what holds for every row.
    """

    def __init__(
        self,
        columns: Sequence[str],
        fields: Sequence[Field],
        required: Collection[str],
        key: Callable[[Mapping[str, Any]], str],
        same: Mapping[str, str] | None = None,
    ) -> None:
        self.same = dict(same or {})
        self.mapped = [position for position, name in enumerate(columns) if name]
        self.names = [columns[position] for position in self.mapped]
        by_name = {one.name: one for one in fields}
        self.table = Table(
            "",
            tuple(
                Column(name, _no_formula(by_name[name].read), required=name in required, optional=True)
                for name in (*self.names, *self.same)
            ),
            key=key,
        )

    def cells_of(self, cells: Sequence[str]) -> dict[str, str]:
        """Field → what stands in its cell."""
        return {name: cells[position] for name, position in zip(self.names, self.mapped, strict=True)} | self.same

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> tuple[Sequence[Row], dict[int, Proposal]]:
        """The rows that can be read, and for the line of each other one why it cannot be taken."""
        told = [(line, list(self.cells_of(cells).values())) for line, cells in rows]
        sheet = tables.gather([*self.names, *self.same], told, self.table)
        wrong: dict[int, list[list[str]]] = {}
        for problem in sheet.problems:
            wrong.setdefault(problem.line, []).append([problem.column, problem.reason])
        return sheet.rows, {line: Proposal(Outcome.BAD, problems=problems) for line, problems in wrong.items()}


def _no_formula(read: Reader) -> Reader:
    """A reader that refuses what a spreadsheet would calculate."""

    def read_value(cell: str) -> Any:
        if cell.startswith("="):
            raise ValueError("is a formula")
        return read(cell)

    return read_value
