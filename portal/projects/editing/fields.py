"""Controls of the forms about a project."""

import re
from typing import Any

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from portal.core.dates import PartialDate, Precision
from portal.core.fields import is_web_address
from portal.core.texts import gettext as _

_DANISH = re.compile(r"(?:(?:(\d{1,2})[./-])?(\d{1,2})[./-])?(\d{4})")
FIRST_YEAR, LAST_YEAR = 1950, 2150


class PartialDateField(StringField):
    """A day, a month or a year: 2026-05-31, 31.5.2026, 5/2026 or 2026. `data` is a PartialDate, or none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: PartialDate | None = None
        written = str(valuelist[0]).strip() if valuelist else ""
        if not written:
            return
        try:
            self.data = _read(written)
        except ValueError:
            raise ValueError(_("Write a year, a month or a day: 2026, 05-2026 or 31-05-2026.")) from None
        if not FIRST_YEAR <= self.data.day.year <= LAST_YEAR:
            self.data = None
            raise ValueError(_("Write a year between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _written(self.data)


def _read(written: str) -> PartialDate:
    if found := _DANISH.fullmatch(written):
        day, month, year = found.groups()
        parts = [year, month and month.zfill(2), day and day.zfill(2)]
        written = "-".join(part for part in parts if part)
    return PartialDate.parse(written)


def _written(value: PartialDate) -> str:
    """As people here write a date: 31-05-2026, 05-2026, 2026."""
    return value.day.strftime(
        {Precision.DAY: "%d-%m-%Y", Precision.MONTH: "%m-%Y", Precision.YEAR: "%Y"}[value.precision]
    )


def web_address(_form: Any, field: Field) -> None:
    """Accept nothing but an address that a browser opens as a page."""
    if field.data and not is_web_address(field.data):
        raise ValidationError(_("Write a web address that begins with https://."))
