"""Reading tables that people upload: CSV as spreadsheets write it, or a workbook. Rows of text, or `Unreadable`."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, islice
from typing import Any

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 20_000
HEADER_WITHIN = 15
"""Among how many rows that are not blank the headers are looked for."""

DELIMITERS = (";", ",", "\t")
ZIP = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

# What is a file of another kind although its name may end in .csv: nobody should have to name the columns of a PDF.
_NO_TABLES = re.compile(rb"\s*(%PDF-|<!doctype|<html|<\?xml|\{\\rtf)", re.IGNORECASE)
# What Excel writes before a CSV so that it knows its own separator again.
_SAYS_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# What the Danish letters of UTF-8 look like when they are read as something else.
_GARBLED = re.compile("\u00c3[\u00a6\u00b8\u00a5\u2020\u02dc\u2026\u0086\u0098\u0085]")
_GROUP_DECIMALS = 3


class Trouble(StrEnum):
    """Why a file cannot be used."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    OLD_WORKBOOK = "old_workbook"
    DAMAGED = "damaged"
    NOT_A_TABLE = "not_a_table"
    GARBLED = "garbled"


class Unreadable(Exception):
    """The file cannot be used at all."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was read: its header, and (line, cells) of every row beneath it that is not blank.

    `sheet` is the sheet of a workbook that was read, where others hold something too.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    sheet: str = ""


Record = tuple[int, list[str]]
"""The line of a row, and its cells."""
Knows = Callable[[Sequence[str]], int]
"""How many cells of a row are headers that its reader knows."""


def _nothing(_cells: Sequence[str]) -> int:
    return 0


def read(content: bytes, knows: Knows = _nothing) -> Upload:
    """The table in a file, whichever kind it is: told by its first bytes, not by its name.

    People write a title above their headers, and put a cover before the sheet with the list. The headers are the first
    row, unless a later one of the first rows holds two or more that `knows` knows, and more than the first.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    if not content.strip():
        raise Unreadable(Trouble.EMPTY)
    if content.startswith(OLD_WORKBOOK):
        raise Unreadable(Trouble.OLD_WORKBOOK)
    if _NO_TABLES.match(content):
        raise Unreadable(Trouble.NOT_A_TABLE)
    return _workbook(content, knows) if content.startswith(ZIP) else _upload(_csv(content), knows)


def _upload(records: Iterator[Record], knows: Knows, sheet: str = "") -> Upload:
    filled = _filled(records)
    first = list(islice(filled, HEADER_WITHIN))
    at = _header_at(first, knows)
    if len(first) <= at + 1:
        raise Unreadable(Trouble.EMPTY)
    header = _header(first[at][1])
    rows: list[Record] = []
    for line, cells in chain(first[at + 1 :], filled):
        if len(rows) >= MAX_ROWS:
            raise Unreadable(Trouble.TOO_MANY_ROWS)
        rows.append((line, _as_wide(cells, len(header))))
    return Upload(header, rows, sheet)


def _filled(records: Iterator[Record]) -> Iterator[Record]:
    """The rows that are not blank."""
    for line, cells in records:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, stripped


def _header_at(first: Sequence[Record], knows: Knows) -> int:
    """Which of the first rows holds the headers."""
    known = [knows(cells) for _line, cells in first]
    most = max(known, default=0)
    # One word alone may stand in any row: "Kommune" is a header, and what a partner is.
    return known.index(most) if most > 1 and most > known[0] else 0


def _header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise Unreadable(Trouble.TOO_MANY_COLUMNS)
    return [cell[:100] for cell in cells]


def _as_wide(cells: list[str], width: int) -> list[str]:
    """Spreadsheets leave out blank cells at the end of a row, and add some beyond the header."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return [_plain(cell) for cell in cells] + [""] * (width - len(cells))


def _plain(cell: str) -> str:
    """Without the sign that our own exports put before what a spreadsheet would calculate."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable(Trouble.NOT_A_TABLE)
    said = _SAYS_SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    delimiter = said[1] if said and said[1] in DELIMITERS else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1 + bool(said)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(Trouble.DAMAGED) from error
        yield line, _bounded(cells)


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 where a byte order mark says so, or else what Western spreadsheets have always written."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if _GARBLED.search(text):
        # Some of it is UTF-8 and some is not: Ã¸ would be read where ø stands.
        raise Unreadable(Trouble.GARBLED)
    return text


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that has several: Danish spreadsheets write semicolons, others commas.

    Reports of webinar tools begin with a line or two of their own.
    """
    for line in text.splitlines():
        outside = "".join(line.split('"')[::2])
        if any(sign in outside for sign in DELIMITERS):
            return max(DELIMITERS, key=outside.count)
    return DELIMITERS[0]


def _workbook(content: bytes, knows: Knows) -> Upload:
    """The sheet of a workbook that holds the list. Formulas stay as they are written: nothing is calculated."""
    _refuse_bombs(content)
    try:
        from openpyxl import load_workbook  # a large library, for the few who upload such a file

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        beginnings = [(sheet, list(islice(_filled(_rows(sheet)), HEADER_WITHIN))) for sheet in shown]
        beginnings = [(sheet, first) for sheet, first in beginnings if first]
        if not beginnings:
            return _upload(iter(()), knows)
        # The one whose headers are known best; else the first that has rows beneath its first one.
        sheet, _first = max(
            beginnings, key=lambda one: (knows(one[1][_header_at(one[1], knows)][1]), min(len(one[1]), 2))
        )
        return _upload(_rows(sheet), knows, sheet.title if len(beginnings) > 1 else "")
    except Unreadable:
        raise
    except Exception as error:  # whatever a strange workbook makes the reader stumble over
        raise Unreadable(Trouble.DAMAGED) from error


def _rows(sheet: Any) -> Iterator[Record]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    for line, row in enumerate(islice(sheet.iter_rows(), MAX_ROWS + 1000), start=1):
        yield line, _bounded(_of_workbook(cell) for cell in row)


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable(Trouble.DAMAGED) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(Trouble.TOO_LARGE)
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise Unreadable(Trouble.NOT_A_TABLE)


def _of_workbook(cell: Any) -> str:
    """A cell as it is shown: what is 0.125 within and 12,5 % to its reader is 12.5%."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return f"{_decimals(value * 100)}%"
    return _text(value)


def _decimals(value: float) -> str:
    """A number with a point before its decimals, and never exactly three: nobody takes them for thousands."""
    whole, _point, decimals = f"{value:.10f}".partition(".")
    decimals = decimals.rstrip("0")
    if not decimals:
        return whole
    return f"{whole}.{decimals}0" if len(decimals) == _GROUP_DECIMALS else f"{whole}.{decimals}"


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return _decimals(value)
        case datetime() | date():
            return value.isoformat()[:10]
        case _:
            return str(value)


def _bounded(cells: Iterable[str]) -> list[str]:
    taken = list(islice(cells, MAX_COLUMNS + 100))
    if any(len(cell) > MAX_CELL for cell in taken):
        raise Unreadable(Trouble.TOO_LARGE)
    return taken
