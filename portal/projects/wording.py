"""How a project's years and state are said, wherever it is shown."""

from datetime import date

from portal.core.labels import label
from portal.core.texts import gettext as _
from portal.core.texts import ngettext
from portal.projects.labels import source_words
from portal.projects.models import BarrierState, Health, State

MAP_LEVELS = (1, 2, 3, 4, 5)
"""The least number of projects of each colour on a map."""

TONES = {
    State.APPROVED: "active",
    State.RUNNING: "active",
    State.PAUSED: "attention",
    State.COMPLETED: "done",
    State.CLOSED: "done",
    State.CANCELLED: "stopped",
}


HEALTH_TONES = {Health.ON_TRACK: "active", Health.AT_RISK: "attention", Health.OFF_TRACK: "attention"}


def health_tone(health: Health) -> str:
    """How a health's badge looks."""
    return HEALTH_TONES[health]


def project_years(starts: date | None, ends: date | None) -> str:
    """2019–2022, from 2019, until 2022; empty where neither is known."""
    if starts and ends:
        return f"{starts.year}–{ends.year}" if starts.year != ends.year else str(starts.year)
    if starts:
        return _("from %(year)s", year=starts.year)
    return _("until %(year)s", year=ends.year) if ends else ""


def project_state(state: State | None, source_state: str) -> str:
    """The state, or the source's own words where they fit none; empty where neither is known."""
    if state is not None:
        return label(state)
    return source_words(source_state)


def state_tone(state: State) -> str:
    """How a state's badge looks."""
    return TONES.get(state, "neutral")


def projects_counted(count: int) -> str:
    return ngettext("%(num)d project", "%(num)d projects", count)


def barrier_tone(state: BarrierState) -> str:
    """How the badge of a barrier's state looks."""
    return {BarrierState.OPEN: "attention", BarrierState.MITIGATED: "active", BarrierState.REMOVED: "done"}[state]


def relation(kind: str, is_origin: bool) -> str:
    """How another project hangs together with this one; `is_origin` says that the tie leads from there to here."""
    if is_origin:
        return {
            "part_of": _("is part of this project"),
            "continues": _("continues this project"),
            "adopted_from": _("adopted from this project"),
        }[kind]
    return {
        "part_of": _("this project is part of it"),
        "continues": _("continued by this project"),
        "adopted_from": _("this project is adopted from it"),
    }[kind]


def partners_in_common(count: int) -> str:
    return ngettext("%(num)d partner in common", "%(num)d partners in common", count)
