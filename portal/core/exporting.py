"""Tables as files for spreadsheets: CSV and XLSX, with cells that cannot turn into formulas."""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.core import clock

Cell = str | int | float | Decimal | date | datetime | None

# What spreadsheets take for the start of a formula, also in full width and behind spaces.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_SHEET_NAME_LENGTH = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CELL_LENGTH = 32_767
_EXACT_DIGITS = 15  # a spreadsheet calculates in doubles: longer integers would lose their last digits
_FIRST_YEAR = 1900  # of the calendar of spreadsheets
_WIDTHS = (12, 40)
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001  fixed, so that the same rows are the same bytes


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel reads it as Windows-1252."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_csv_cell(str(label)) for label in columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as a workbook with one sheet: numbers and dates typed, moments on Danish clocks."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": _text(title), "created": _MADE_AT})
        sheet = book.add_worksheet(_sheet_name(title))
        _write_header(sheet, columns, book.add_format({"bold": True}))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write_cell(sheet, last, column, cell, day=day, moment=moment)
        if columns:
            sheet.autofilter(0, 0, last, len(columns) - 1)
    return target.getvalue()


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            text = _text(cell)
            return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
        case datetime():
            return _danish(cell).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case Decimal():
            return format(cell, "f") if cell.is_finite() else ""
        case float():
            return repr(cell) if math.isfinite(cell) else ""
        case _:
            return str(cell)


def _write_header(sheet: Worksheet, columns: Sequence[str], bold: Format) -> None:
    narrowest, widest = _WIDTHS
    for column, label in enumerate(map(str, columns)):
        sheet.set_column(column, column, min(max(len(label) + 4, narrowest), widest))
        sheet.write_string(0, column, _text(label), bold)
    sheet.freeze_panes(1, 0)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, *, day: Format, moment: Format) -> None:
    match cell:
        case None:
            pass
        case str():
            sheet.write_string(row, column, _text(cell)[:_CELL_LENGTH])
        case date() if cell.year < _FIRST_YEAR:
            sheet.write_string(row, column, cell.isoformat())
        case datetime():
            sheet.write_datetime(row, column, _danish(cell).replace(tzinfo=None), moment)
        case date():
            sheet.write_datetime(row, column, cell, day)
        case int() if abs(cell) >= 10**_EXACT_DIGITS:
            sheet.write_string(row, column, str(cell))
        case _ if math.isfinite(cell):
            sheet.write_number(row, column, cell)


def _danish(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}")
    return moment.astimezone(UTC).astimezone(clock.COPENHAGEN)


def _text(value: str) -> str:
    """Text that can be encoded: half a surrogate pair, as broken feeds bring it, cannot."""
    return _SURROGATE.sub("\ufffd", value)


def _sheet_name(title: str) -> str:
    """The title within Excel's rules for the names of sheets."""
    name = _NOT_IN_SHEET_NAMES.sub(" ", _text(title))[:_SHEET_NAME_LENGTH].strip(" '")
    return name if name and name.lower() != "history" else "Sheet1"
