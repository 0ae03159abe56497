"""A plan as a timeline: its work packages as bars, their milestones as points on them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.core.bilingual import Shown, text_of
from portal.core.labels import label
from portal.core.richtext import excerpt
from portal.core.schedule import Line, Moment, Schedule, schedule
from portal.core.templating import day
from portal.core.texts import gettext as _
from portal.core.web import path_for
from portal.projects.plan.progress import Overview, is_late, is_package_late
from portal.projects.plan.queries import Plan

EXCERPT = 240


def drawn(plan: Plan, how_far: Overview, today: date, due_day: date | None = None) -> Schedule:
    """The timeline of a plan; false when nothing in it has a date. Late is what was due before `due_day`."""
    late = due_day or today
    lines = [_package(package, plan, how_far, late) for package in plan.packages]
    ids = {package.id for package in plan.packages}
    loose = [one for one in plan.milestones if one.work_package_id not in ids and one.due_on]
    if loose:
        title = _("Other milestones") if plan.packages else _("Milestones")
        lines.append(Line(title, moments=[_moment(one, late) for one in loose]))
    return schedule(lines, today)


def _package(package: Any, plan: Plan, how_far: Overview, today: date) -> Line:
    percent = how_far.packages[package.id].percent
    return Line(
        package_name(package),
        package.starts_on,
        package.ends_on,
        percent,
        is_late=is_package_late(package.ends_on, percent, today),
        moments=[_moment(one, today) for one in plan.milestones if one.work_package_id == package.id and one.due_on],
    )


def _moment(milestone: Any, today: date) -> Moment:
    late = is_late(milestone.due_on, milestone.done_on, today)
    title = str(text_of(milestone, "title"))
    return Moment(milestone.due_on, title, is_done=milestone.done_on is not None, is_late=late)


def package_name(package: Any) -> str:
    """The number and the title of a work package."""
    return f"{package.number} {text_of(package, 'title')}".strip()


def columns() -> list[Any]:
    """The head of the table beneath the timeline."""
    return [_("What"), _("Begins on"), _("Ends or is due on"), (_("Progress"), "number")]


def rows(plan: Plan, how_far: Overview, today: date) -> list[list[Any]]:
    """The timeline's figures, a row for each work package and under it its milestones."""
    found: list[list[Any]] = []
    for package in plan.packages:
        percent = how_far.packages[package.id].percent
        figure = None if percent is None else f"{percent} %"
        found.append([package_name(package), _said(package.starts_on), _said(package.ends_on), figure])
        found += [_row(one, today) for one in plan.milestones if one.work_package_id == package.id]
    ids = {package.id for package in plan.packages}
    return found + [_row(one, today) for one in plan.milestones if one.work_package_id not in ids]


def _row(milestone: Any, today: date) -> list[Any]:
    if milestone.done_on:
        state = _("reached %(day)s", day=day(milestone.done_on))
    elif is_late(milestone.due_on, milestone.done_on, today):
        state = _("overdue")
    else:
        state = _("planned")
    title = _("Milestone: %(title)s", title=str(text_of(milestone, "title")))
    return [title, "–", _said(milestone.due_on), state]


def _said(value: date | None) -> str | None:
    return day(value) if value else None


def moments(milestones: Sequence[Any], project: Any, today: date) -> list[dict[str, Any]]:
    """What was reached and what is to come, by date: see `timeline` in components/timeline.html."""
    return sorted((_milestone(one, project, today) for one in milestones), key=lambda one: str(one["iso"] or "9999"))


def _milestone(milestone: Any, project: Any, today: date) -> dict[str, Any]:
    on = milestone.done_on or milestone.due_on
    late = is_late(milestone.due_on, milestone.done_on, today)
    return {
        "date": day(on) if on else _("no date"),
        "iso": on.isoformat() if on else "",
        "title": text_of(milestone, "title"),
        "text": text_of(milestone, "verification"),
        "state": "done" if milestone.done_on else ("late" if late else "planned"),
        "audience": _audience(milestone, project),
    }


def told(update: Any, project: Any) -> dict[str, Any]:
    """A piece of news from a project, in the same list."""
    body = text_of(update, "body")
    return {
        "date": day(update.dated),
        "iso": update.dated.isoformat(),
        "title": text_of(update, "title"),
        "text": Shown(excerpt(body.text, EXCERPT), body.language, body.wanted),
        "href": path_for("updates.show", slug=project.slug, update_id=update.id),
        "audience": _audience(update, project),
    }


def _audience(part: Any, project: Any) -> str:
    """Whom a part is for, where fewer may see it than see its project."""
    return "" if part.visibility is project.visibility else _("For: %(audience)s", audience=label(part.visibility))
