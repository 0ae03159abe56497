"""Reading CSV files into typed rows. What cannot be read becomes a problem with its place, never an exception."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.core.dates import PartialDate, Precision

WHOLE_FILE = "(file)"
WHOLE_ROW = "(row)"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEY = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")

Reader = Callable[[str], Any]
"""Turns a cell that is not blank into a value; ValueError with the reason when it cannot."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a row, or a whole file, was not taken in."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in the file. `optional`: the whole column may be left out."""

    name: str
    read: Reader
    required: bool = False
    optional: bool = False
    blank: Any = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, read. `row["name"]` is a cell's value, blank cells have their column's blank."""

    file: str
    line: int
    key: str
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def problem(self, column: str, reason: str) -> Problem:
        return Problem(self.file, self.line, column, reason)

    def digest(self, *more: object) -> str:
        """A fingerprint of what the row says (and of `more`), whichever way it is spelled."""
        said = [sorted((name, _canonical(value)) for name, value in self.values.items()), [str(one) for one in more]]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Table:
    """What a file must look like.

    `key` names the columns that tell rows apart (or makes the key of the values), `check` compares the cells of a row
    and yields (column, reason), `more` may recognise further columns by name.
    """

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] | Callable[[Mapping[str, Any]], str]
    check: Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]] | None = None
    more: Callable[[str], Column | None] | None = None

    def key_of(self, values: Mapping[str, Any]) -> str:
        return "/".join(str(values[name]) for name in self.key) if isinstance(self.key, tuple) else self.key(values)


@dataclass(slots=True)
class Sheet:
    """A file as it was read: its good rows, its problems, and the lines of the keys that are bad."""

    file: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bad: dict[str, int] = field(default_factory=dict)


def read(path: Path, table: Table) -> Sheet:
    """The file's rows and problems."""
    sheet = Sheet(table.file)
    text = _text(path, sheet)
    if text is None:
        return sheet
    records = _records(text, sheet)
    header = next(records, None)
    if header is None:
        sheet.problems.append(Problem(sheet.file, 1, WHOLE_FILE, "is empty"))
        return sheet
    _take_all(header[1], records, table, sheet)
    return sheet


def gather(header: list[str], records: Iterable[tuple[int, list[str]]], table: Table) -> Sheet:
    """The same of (line, cells) that were read from elsewhere, such as a workbook."""
    sheet = Sheet(table.file)
    _take_all(header, records, table, sheet)
    return sheet


def _take_all(header: list[str], records: Iterable[tuple[int, list[str]]], table: Table, sheet: Sheet) -> None:
    columns = _columns(header, table, sheet)
    if columns is not None:
        lines: dict[str, int] = {}
        for line, cells in records:
            _take(line, cells, columns, table, sheet, lines)


def _text(path: Path, sheet: Sheet) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        sheet.problems.append(Problem(sheet.file, 1, WHOLE_FILE, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        sheet.problems.append(Problem(sheet.file, line, WHOLE_FILE, "is not UTF-8"))
    return None


def _records(text: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """(line it begins on, cells) of each record that is not an empty line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            sheet.problems.append(Problem(sheet.file, line, WHOLE_ROW, _plain(error)))
            continue
        if cells:
            yield line, cells


def _plain(error: csv.Error) -> str:
    if "limit" in str(error):
        return f"has a cell of more than {csv.field_size_limit()} characters"
    return "has a quotation mark that is not closed or not doubled"


def _columns(header: list[str], table: Table, sheet: Sheet) -> list[Column | None] | None:
    """The column behind each cell (none: not ours), or nothing when the file cannot be used."""
    names = [name.strip() for name in header]
    known = {column.name: column for column in table.columns}
    wrong = [(name, "this column is missing") for name, it in known.items() if not it.optional and name not in names]
    wrong += [(name, "this column is there twice") for name in sorted({n for n in names if names.count(n) > 1})]
    sheet.problems.extend(Problem(sheet.file, 1, name, reason) for name, reason in wrong)
    if wrong:
        return None
    return [known.get(name) or (table.more(name) if table.more else None) for name in names]


def _take(
    line: int, cells: list[str], columns: list[Column | None], table: Table, sheet: Sheet, lines: dict[str, int]
) -> None:
    if len(cells) != len(columns):
        reason = f"has {len(cells)} columns instead of {len(columns)}"
        sheet.problems.append(Problem(sheet.file, line, WHOLE_ROW, reason))
        return
    values: dict[str, Any] = {column.name: column.blank for column in table.columns}
    wrong: list[tuple[str, str]] = []
    for column, cell in zip(columns, cells, strict=True):
        if column is not None:
            try:
                values[column.name] = _value(column, cell)
            except ValueError as error:
                wrong.append((column.name, str(error)))
    if not wrong and table.check is not None:
        wrong = list(table.check(values))
    key = table.key_of(values)
    if not wrong and key in lines:
        wrong = [
            (table.key[0] if isinstance(table.key, tuple) else WHOLE_ROW, f"{key!r} is already on line {lines[key]}")
        ]
    elif wrong:
        sheet.bad[key] = line
    else:
        lines[key] = line
        sheet.rows.append(Row(sheet.file, line, key, values))
    sheet.problems.extend(Problem(sheet.file, line, name, reason) for name, reason in wrong)


def _value(column: Column, cell: str) -> Any:
    cell = cell.strip()
    if found := _CONTROL.search(cell):
        raise ValueError(f"holds the control character U+{ord(found[0]):04X}")
    if not cell:
        if column.required:
            raise ValueError("is blank")
        return column.blank
    return column.read(cell)


def _canonical(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (tuple, list)):
        return ";".join(_canonical(one) for one in value)
    return str(value)


# --- Readers of cells


def text(longest: int | None = None) -> Reader:
    """Text of at most that many characters."""

    def read_text(cell: str) -> str:
        if longest is not None and len(cell) > longest:
            raise ValueError(f"has {len(cell)} characters, at most {longest} fit")
        return cell

    return read_text


def pattern(expression: str, what: str) -> Reader:
    """Text that matches the whole expression; `what` names it to the reader."""
    compiled = re.compile(expression)

    def read_pattern(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise ValueError(f"is not {what}: {_short(cell)}")
        return cell

    return read_pattern


def key(longest: int = 100) -> Reader:
    """An id: small letters, digits, and single - _ . between them."""

    def read_key(cell: str) -> str:
        if not _KEY.fullmatch(cell):
            raise ValueError(f"is not an id of a-z, 0-9 and hyphens: {_short(cell)}")
        return str(text(longest)(cell))

    return read_key


def several(read_one: Reader, parted_by: str = ";") -> Reader:
    """A tuple of values parted by semicolons; a value that is there twice counts once."""

    def read_several(cell: str) -> tuple[Any, ...]:
        parts = [part.strip() for part in cell.split(parted_by)]
        return tuple(dict.fromkeys(read_one(part) for part in parts if part))

    return read_several


def word(words: Mapping[str, Any]) -> Reader:
    """What a word of the file means, whichever case it is written in."""
    by_spelling = {spelling.casefold(): meaning for spelling, meaning in words.items()}

    def read_word(cell: str) -> Any:
        if cell.casefold() not in by_spelling:
            raise ValueError(f"is not one of {', '.join(words)}: {_short(cell)}")
        return by_spelling[cell.casefold()]

    return read_word


def own_words(words: type[StrEnum]) -> dict[str, Any]:
    """The words of one of the domain's lists, meaning themselves."""
    return {one.value: one for one in words}


def whole(least: int = 0, most: int = 2_147_483_647) -> Reader:
    """A whole number between the two."""

    def read_whole(cell: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", cell):
            raise ValueError(f"is not a whole number: {_short(cell)}")
        return _within(int(cell), least, most)

    return read_whole


def number(least: float | Decimal | None = None, most: float | Decimal | None = None) -> Reader:
    """A decimal number with a full stop before the fraction."""

    def read_number(cell: str) -> Decimal:
        if not re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]{1,10})?", cell):
            raise ValueError(f"is not a number: {_short(cell)}")
        try:
            return _within(Decimal(cell), least, most)
        except InvalidOperation:
            raise ValueError(f"is not a number: {_short(cell)}") from None

    return read_number


def day(cell: str) -> date:
    """A date to the day."""
    try:
        known = PartialDate.parse(cell)
    except ValueError:
        known = None
    if known is None or known.precision is not Precision.DAY:
        raise ValueError(f"is not a date (year-month-day): {_short(cell)}")
    return known.day


def partial_date(cell: str) -> PartialDate:
    """A date to the day, the month or the year."""
    try:
        return PartialDate.parse(cell)
    except ValueError:
        raise ValueError(f"is not a date (year, year-month or year-month-day): {_short(cell)}") from None


def address(cell: str) -> str:
    """A web address. Nothing but http and https may become a link."""
    try:
        parts = urlsplit(cell)
        sound = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s<>\"]", cell) or len(cell) > 2000:
        raise ValueError(f"is not a web address: {_short(cell)}")
    return cell


def addresses(cell: str) -> str:
    """One or several web addresses, kept as one text with ` ; ` between them."""
    return " ; ".join(several(address, " ; ")(cell))


def _within(value: Any, least: Any, most: Any) -> Any:
    if least is not None and value < least:
        raise ValueError(f"is less than {least}: {value}")
    if most is not None and value > most:
        raise ValueError(f"is more than {most}: {value}")
    return value


def _short(cell: str) -> str:
    return repr(cell if len(cell) <= 60 else f"{cell[:57]}...")


def write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a file that `read` understands; blank for what is not known."""
    names = list(columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _canonical(row.get(name)) for name in names})
