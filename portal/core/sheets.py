"""Reading tables that people upload: CSV as spreadsheets write it, or a workbook. Rows of text, or `Unreadable`."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 20_000

DELIMITERS = (";", ",", "\t")
ZIP = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

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
    """A file as it was read: its header, and (line, cells) of every row that is not blank."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes) -> Upload:
    """The table in a file, whichever kind it is: told by its first bytes, not by its name."""
    if len(content) > MAX_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    if not content.strip():
        raise Unreadable(Trouble.EMPTY)
    if content.startswith(OLD_WORKBOOK):
        raise Unreadable(Trouble.OLD_WORKBOOK)
    return _upload(_workbook(content) if content.startswith(ZIP) else _csv(content))


def _upload(records: Iterator[tuple[int, list[str]]]) -> Upload:
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    for line, cells in records:
        stripped = [cell.strip() for cell in cells]
        if not any(stripped):
            continue
        if header is None:
            header = _header(stripped)
            continue
        if len(rows) >= MAX_ROWS:
            raise Unreadable(Trouble.TOO_MANY_ROWS)
        rows.append((line, _as_wide(stripped, len(header))))
    if header is None or not rows:
        raise Unreadable(Trouble.EMPTY)
    return Upload(header, rows)


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
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


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, formulas as they are written: nothing is calculated."""
    _refuse_bombs(content)
    try:
        from openpyxl import load_workbook  # a large library, for the few who upload such a file

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        for line, row in enumerate(islice(sheet.iter_rows(), MAX_ROWS + 1000), start=1):
            yield line, _bounded(_of_workbook(cell) for cell in row)
    except Unreadable:
        raise
    except Exception as error:  # whatever a strange workbook makes the reader stumble over
        raise Unreadable(Trouble.DAMAGED) from error


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
