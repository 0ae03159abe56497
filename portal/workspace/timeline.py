"""The portfolio in time: each project a bar with its milestones on it, as many years as one wants to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.bilingual import text_of
from portal.core.dates import PartialDate
from portal.core.labels import label
from portal.core.schedule import Drawn, Moment, Schedule, schedule
from portal.core.schedule import Line as Row
from portal.core.templating import day
from portal.core.texts import gettext as _
from portal.projects.models import Health, State
from portal.workspace.queries import Line

ALL = "all"
"""The value of `years` in the address that shows them all; without it, those around today."""
BEFORE, AFTER = 1, 3
"""How many years around today: last year, this one and the two to come."""
TONES = {
    State.RUNNING: "running",
    State.PAUSED: "paused",
    State.COMPLETED: "over",
    State.CLOSED: "over",
    State.CANCELLED: "cancelled",
}
PLANNED = "planned"
WARNED = (Health.AT_RISK, Health.OFF_TRACK)


@dataclass(frozen=True)
class Timeline:
    """A drawing, its rows by project, and the projects that have no date to stand at."""

    schedule: Schedule
    rows: Mapping[int, Drawn]
    undated: Sequence[Line]
    reaches_further: bool
    """Whether there is more than the years around today."""


def drawn(lines: Sequence[Line], milestones: Mapping[int, Sequence[Any]], today: date, years: str) -> Timeline:
    """The lines on one axis: all their years, or those around today."""
    found = {line.project.id: line for line in lines}.values()
    dated = [line for line in found if line.project.starts_on or line.project.ends_on]
    rows = [_row(line, milestones.get(line.project.id, ()), today) for line in dated]
    window = date(today.year - BEFORE, 1, 1), date(today.year + AFTER, 1, 1)
    ends = [on for row in rows for on in (row.starts, row.ends) if on]
    reaches_further = bool(ends) and (min(ends) < window[0] or max(ends) >= window[1])
    made = schedule(rows, today, window if years != ALL and reaches_further else None)
    undated = [line for line in found if line not in dated]
    return Timeline(made, {one.line.key: one for one in made.lines}, undated, reaches_further)


def _row(line: Line, milestones: Sequence[Any], today: date) -> Row:
    project = line.project
    is_warned = project.health in WARNED and project.state in (State.RUNNING, State.PAUSED)
    starts, ends = starts_of(project), ends_of(project)
    return Row(
        str(text_of(project, "title")),
        starts.day if starts else None,
        ends.last_day if ends else None,
        is_late=is_warned,
        moments=[_moment(one, today) for one in milestones],
        key=project.id,
        tone=TONES.get(project.state, PLANNED),
    )


def _moment(milestone: Any, today: date) -> Moment:
    on = milestone.done_on or milestone.due_on
    is_late = milestone.done_on is None and milestone.due_on < today
    return Moment(on, str(text_of(milestone, "title")), is_done=milestone.done_on is not None, is_late=is_late)


def starts_of(project: Any) -> PartialDate | None:
    """When a row's project begins, as precisely as is known."""
    return PartialDate.of(project.starts_on, project.starts_precision)


def ends_of(project: Any) -> PartialDate | None:
    """When a row's project ends, as precisely as is known."""
    return PartialDate.of(project.ends_on, project.ends_precision)


def columns() -> list[Any]:
    """The head of the table beneath the timeline."""
    return [_("Project"), _("State"), _("Start"), _("End"), _("Milestones")]


def table(lines: Sequence[Line], milestones: Mapping[int, Sequence[Any]], today: date) -> list[list[Any]]:
    """What the timeline draws, in words."""
    return [
        [
            text_of(line.project, "title"),
            label(line.project.state) if line.project.state else line.project.source_state or None,
            str(starts_of(line.project) or "") or None,
            str(ends_of(line.project) or "") or None,
            "; ".join(_said(one, today) for one in milestones.get(line.project.id, ())) or "–",
        ]
        for line in lines
    ]


def _said(milestone: Any, today: date) -> str:
    title = str(text_of(milestone, "title"))
    if milestone.done_on:
        return f"{title}: " + _("reached %(day)s", day=day(milestone.done_on))
    state = _("overdue") if milestone.due_on < today else _("planned")
    return f"{title}: {day(milestone.due_on)}, {state}"
