"""Things in time on one axis: where each bar and point stands; drawn by `schedule` in components/timeline.html.

Places are percentages of the axis, so that the drawing fits every screen and its text keeps its size.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

MOST_TICKS = 6
ROOM_FOR_LABELS = 44
MONTHS_IN_STEP = (1, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Moment:
    """A point in time: due or done on a day."""

    on: date
    label: str = ""
    is_done: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Line:
    """A row of a timeline: what it is called, from when to when, how far it is (percent, or none), and its moments.

    `key` is the caller's own, by which the line is found again; `tone` says how its bar looks.
    """

    label: str
    starts: date | None = None
    ends: date | None = None
    percent: int | None = None
    is_late: bool = False
    moments: Sequence[Moment] = ()
    href: str = ""
    key: Any = None
    tone: str = ""


@dataclass(frozen=True)
class Drawn:
    """A line with its places on the axis; no start or end: the bar fades out there. A point has its moment's number.

    Of a bar that lies wholly before or after the axis, `off` says which.
    """

    line: Line
    x: float | None
    width: float
    done_width: float
    is_open: bool
    points: Sequence[tuple[float, Moment, int]]
    off: str = ""

    @property
    def short_label(self) -> str:
        """The label as far as a phone has room for it."""
        label = self.line.label
        return label if len(label) <= ROOM_FOR_LABELS else label[: ROOM_FOR_LABELS - 1].rstrip() + "…"


@dataclass(frozen=True)
class Schedule:
    """A timeline to be drawn. `today` is its place, or none where it is off the axis. False when nothing is dated."""

    lines: Sequence[Drawn] = ()
    ticks: Sequence[tuple[float, date]] = ()
    first: date | None = None
    last: date | None = None
    today: float | None = None
    in_months: bool = field(default=False)

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def moments(self) -> list[Moment]:
        """All moments in the order of their numbers, which count from 1 by date."""
        numbered = {number: moment for line in self.lines for _x, moment, number in line.points}
        return [numbered[number] for number in sorted(numbered)]


def schedule(lines: Iterable[Line], today: date, window: tuple[date, date] | None = None) -> Schedule:
    """Place the lines that have a date; those without are left to the table beneath the drawing.

    The axis holds them all, or ends with a `window`: its first day, and the day after its last.
    """
    dated = [line for line in lines if _days(line)]
    if not dated:
        return Schedule()
    days = window or [day for line in dated for day in _days(line)]
    step = _step(min(days), max(days))
    first, last = window or (_start_of(min(days), step), _after(max(days), step))
    span = (last - first).days

    def place(day: date) -> float:
        return round(100 * (day - first).days / span, 2)

    ticks = [(place(day), day) for day in _steps(first, last, step)]
    here = place(today) if first <= today <= last else None
    by_date = sorted((moment for line in dated for moment in line.moments), key=lambda one: one.on)
    numbers = {id(moment): number for number, moment in enumerate(by_date, 1)}
    drawn = [_drawn(line, place, last, numbers) for line in dated]
    return Schedule(drawn, ticks, first, last, here, in_months=step < 12)


def _drawn(line: Line, place: Any, last: date, numbers: Mapping[int, int]) -> Drawn:
    placed = [(place(moment.on), moment, numbers[id(moment)]) for moment in line.moments]
    points = [one for one in placed if 0 <= one[0] <= 100]
    if line.starts is None and line.ends is None:
        return Drawn(line, None, 0, 0, is_open=False, points=points)
    x = max(place(line.starts), 0.0) if line.starts else 0.0
    end = min(place(line.ends + timedelta(days=1)), 100.0) if line.ends else place(last)
    if off := "before" if end <= 0 else ("after" if x >= 100 else ""):
        return Drawn(line, None, 0, 0, is_open=False, points=points, off=off)
    width = round(max(end - x, 0.5), 2)
    done = round(width * (line.percent or 0) / 100, 2)
    return Drawn(line, x, width, done, is_open=line.starts is None or line.ends is None, points=points)


def _days(line: Line) -> list[date]:
    return [*filter(None, (line.starts, line.ends)), *(moment.on for moment in line.moments)]


def _step(first: date, last: date) -> int:
    """How many months apart the ticks stand: the fewest that leave room for their words."""
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    return next((step for step in MONTHS_IN_STEP if months / step <= MOST_TICKS), MONTHS_IN_STEP[-1])


def _start_of(day: date, step: int) -> date:
    months = (12 * day.year + day.month - 1) // step * step
    return _month(max(months, 12))


def _after(day: date, step: int) -> date:
    months = ((12 * day.year + day.month - 1) // step + 1) * step
    return _month(months)


def _steps(first: date, last: date, step: int) -> Iterator[date]:
    months = 12 * first.year + first.month - 1
    while (day := _month(months)) < last:
        yield day
        months += step


def _month(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1)
