"""Dates as precise as their source: a day, a month or only a year."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year; `day` is its first day."""

    day: date
    precision: Precision = Precision.DAY

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `2024`, `2024-05` or `2024-05-31` (ISO 8601). ValueError for anything else."""
        parts = text.split("-")
        digits = text.replace("-", "")
        if [len(part) for part in parts] != [4, 2, 2][: len(parts)] or not (digits.isascii() and digits.isdecimal()):
            raise ValueError(f"not a date: {text!r}")
        year, month, day = (*map(int, parts), 1, 1)[:3]
        return cls(date(year, month, day), (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1])

    @classmethod
    def of(cls, day: date | None, precision: Precision) -> "PartialDate | None":
        """The date in two columns, or none where the day is not known."""
        return cls(day, Precision(precision)) if day else None

    @property
    def last_day(self) -> date:
        """The last day that it may mean: of 2026 it is 31 December."""
        if self.precision is Precision.DAY:
            return self.day
        months = 12 if self.precision is Precision.YEAR else 1
        year, month = divmod(12 * self.day.year + self.day.month - 1 + months, 12)
        return date(year, month + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return self.day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[self.precision]]
