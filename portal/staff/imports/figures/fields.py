"""The fields of a figure that a file may fill, and how numbers are read that spreadsheets wrote."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core import numbers, tables
from portal.core.dates import PartialDate
from portal.municipalities.models import Missing
from portal.municipalities.words import MISSING
from portal.staff.imports.models import DecimalSign
from portal.staff.imports.targets import Field

_MISSING: Mapping[str, Missing] = {
    **MISSING,
    "ikke oplyst": Missing.NOT_REPORTED,
    "not reported": Missing.NOT_REPORTED,
    "ikke opgjort": Missing.NOT_COLLECTED,
    "not collected": Missing.NOT_COLLECTED,
    "fortroligt": Missing.CONFIDENTIAL,
    "diskretioneret": Missing.CONFIDENTIAL,
    "ikke relevant": Missing.NOT_APPLICABLE,
    "not applicable": Missing.NOT_APPLICABLE,
}

FIELDS: tuple[Field, ...] = (
    Field("municipality", _l("Municipality"), tables.text(120), ("kommunekode", "kommune", "municipality code")),
    Field("indicator", _l("Indicator"), tables.text(200), ("indicator_id", "indikator", "indikator-id")),
    Field("value", _l("Value"), tables.text(120), ("værdi", "tal", "figure")),
    Field("missing", _l("Why there is no value"), tables.word(_MISSING), ("mangler", "årsag", "reason")),
    Field("unit", _l("Unit"), tables.text(60), ("enhed",)),
    Field("period", _l("Period"), tables.text(40), ("periode", "år", "year", "dato", "date")),
    Field("source_url", _l("Source"), tables.addresses, ("kilde", "kilde-url", "source", "source url")),
    Field("via", _l("Read from"), tables.text(), ("læst via",)),
    Field("note", _l("Note"), tables.text(), ("bemærkning", "source_note")),
    Field("retrieved", _l("Retrieved"), tables.text(200), ("hentet", "retrieved on")),
)
LABELS: Mapping[str, Any] = {**{field.name: field.label for field in FIELDS}, tables.WHOLE_ROW: _l("The row")}

_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_PERIOD = re.compile(r"(?:c\. )?([0-9]{4}(?:-[0-9]{2}){0,2})(?:[/–]([0-9]{4}(?:-[0-9]{2}){0,2}))?")
PER_CENT = "%"


def bare(cell: str) -> str:
    """A number as it was written, without spaces and per cent sign."""
    return re.sub(r"[\s\u00a0\u202f]", "", cell).replace("−", "-").removesuffix(PER_CENT)


def sign_of(cells: Iterable[str]) -> DecimalSign:
    """Which decimal sign the numbers of a file have, told by those that can be read in one way only."""
    found = {sign for cell in cells if (sign := _certain(bare(cell)))}
    return found.pop() if len(found) == 1 else DecimalSign.AS_FOUND


def _certain(cell: str) -> DecimalSign | None:
    """The decimal sign of a number that has one without doubt: 1.234,5 and 0,123 and 12,5, but not 1,234."""
    if _GROUP.fullmatch(cell) or not re.fullmatch(r"[+-]?[\d.,]+", cell) or not re.search("[.,]", cell):
        return None
    last = max(cell.rfind(","), cell.rfind("."))
    if cell.count(cell[last]) > 1:  # 1.234.567 has no decimals, and its points are no decimal signs
        return DecimalSign.COMMA if cell[last] == "." else DecimalSign.POINT
    return DecimalSign.COMMA if cell[last] == "," else DecimalSign.POINT


def number(cell: str, sign: DecimalSign) -> Decimal:
    """The number in a cell. ValueError where it is none, or could be two."""
    written = bare(cell)
    if sign is DecimalSign.AS_FOUND and _GROUP.fullmatch(written):
        raise ValueError(f"can be read in two ways: {written!r}")
    if sign is DecimalSign.AS_FOUND:
        sign = _certain(written) or DecimalSign.POINT
    try:
        read = numbers.parse(written, "da" if sign is DecimalSign.COMMA else "en")
    except ValueError:
        raise ValueError(f"is not a number: {cell[:60]!r}") from None
    return read.quantize(Decimal("0.0001")) if read.as_tuple().exponent < -4 else read  # type: ignore[operator]


def period(cell: str, used: Iterable[str], today: date) -> str:
    """A period as the registers write it. ValueError for what is none of them, or has not begun."""
    if cell in used:
        return cell
    found = _PERIOD.fullmatch(cell)
    try:
        parts = [PartialDate.parse(part) for part in found.groups() if part] if found else []
    except ValueError:
        parts = []
    if not parts or (len(parts) == 2 and parts[1].day < parts[0].day):
        raise ValueError(f"is not a period (year, year-month or year-month-day): {cell!r}")
    if parts[0].day > today:
        raise ValueError(f"has not begun yet: {cell!r}")
    return cell
