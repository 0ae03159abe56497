"""Adding, changing, ordering and removing what a project has any number of: the only way its parts are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core import audit, parts
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.partners.models import Partner
from portal.projects.documents.models import Document
from portal.projects.models import Deliverable, Funding, Project, Visibility, WorkPackage
from portal.projects.operations import note

NARROWER = {visibility: place for place, visibility in enumerate(Visibility)}
"""Who may see a part, from wide to narrow."""

NAMES: dict[str, type[Any]] = {
    "work_package_id": WorkPackage,
    "deliverable_id": Deliverable,
    "document_id": Document,
}
"""Columns that name another thing of a project, which must be of the same one."""

PARTNERS = ("lead_id", "partner_id")
"""Columns that name a partner, which must take part in the project."""


@dataclass(frozen=True)
class Details:
    """What a form says of a part: its texts in both languages and the rest, by column."""

    texts: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)


def is_wider(part: Visibility, project: Visibility) -> bool:
    """Whether more people would see the part than see its project."""
    return NARROWER[part] < NARROWER[project]


def add(part: Any, noun: str, project: Project, details: Details, *, actor: Actor, now: datetime) -> Any:
    """Give the project a new part, last in order; returns it with its id."""
    require(actor, "project.edit", project)
    parts.put_last(part, "project_id", project.id)
    changes = _write(part, project, details, now)
    db.session.add(part)
    db.session.flush()
    trace(part, f"{noun}.added", project, changes, actor, now)
    return part


def revise(part: Any, noun: str, project: Project, details: Details, *, actor: Actor, now: datetime) -> None:
    """Change a part. Nothing changed, nothing recorded."""
    require(actor, "project.edit", project)
    if changes := _write(part, project, details, now):
        trace(part, f"{noun}.revised", project, changes, actor, now)


def remove(part: Any, noun: str, project: Project, *, actor: Actor, now: datetime) -> None:
    """Take a part away for good; the trace keeps what it said."""
    require(actor, "project.edit", project)
    said = {
        _field(column.key): (_known_as(column.key, getattr(part, column.key)), None)
        for column in part.__table__.columns
        if column.key not in ("id", "project_id", "version") and getattr(part, column.key) not in (None, "")
    }
    trace(part, f"{noun}.removed", project, said, actor, now)
    db.session.delete(part)
    db.session.flush()


def move(part: Any, noun: str, project: Project, *, up: bool, actor: Actor, now: datetime) -> bool:
    """Let a part change places with the one before or after it; whether there was one."""
    require(actor, "project.edit", project)
    if (places := parts.change_places(part, "project_id", up=up)) is None:
        return False
    trace(part, f"{noun}.moved", project, {"position": places}, actor, now)
    return True


def order_by(model: Any, column: str, noun: str, project: Project, *, actor: Actor, now: datetime) -> None:
    """Let all parts of a kind stand by a day of theirs, those without one last. In order already, nothing recorded."""
    require(actor, "project.edit", project)
    row = parts.parts_of(model, "project_id", project.id)
    by_day = sorted(row, key=lambda one: (getattr(one, column) is None, getattr(one, column) or now.date()))
    if by_day != row:
        parts.number(by_day)
        note(project, f"{noun}.ordered", actor=actor, now=now)


def complete(
    part: Any, noun: str, project: Project, column: str, *, done: bool, actor: Actor, now: datetime, today: Any
) -> None:
    """Note in `column` that a part is done today, or that it is not done after all. Done twice keeps the first day."""
    require(actor, "project.edit", project)
    before = getattr(part, column)
    if done == (before is not None):
        return
    setattr(part, column, today if done else None)
    action = f"{noun}.done" if done else f"{noun}.reopened"
    trace(part, action, project, {column: (before, getattr(part, column))}, actor, now)


def _write(part: Any, project: Project, details: Details, now: datetime) -> dict[str, tuple[Any, Any]]:
    """Assign what the details say; returns what changed."""
    _refuse(project, details.values)
    said = {**details.texts, **details.values}
    # A new part has None where it will have an empty text: that is no change.
    changes = {
        _field(column): (_known_as(column, before), _known_as(column, value))
        for column, value in said.items()
        if (before := getattr(part, column)) != value and {before, value} != {None, ""}
    }
    if details.texts:
        part.write(now, **details.texts)
    for column, value in details.values.items():
        setattr(part, column, value)
    return changes


def _refuse(project: Project, values: Mapping[str, Any]) -> None:
    visibility = values.get("visibility")
    if visibility is not None and is_wider(visibility, project.visibility):
        raise Invalid("visibility", "wider than the project")
    taking_part = {one.partner_id for one in project.participations}
    for column in PARTNERS:
        if values.get(column) is not None and values[column] not in taking_part:
            raise Invalid(column, "does not take part")
    for column, model in NAMES.items():
        if (wanted := values.get(column)) is not None:
            named = db.session.get(model, wanted)
            if named is None or named.project_id != project.id:
                raise Invalid(column, "of another project")


def trace(
    part: Any, action: str, project: Project, changes: Mapping[str, tuple[Any, Any]], actor: Actor, now: datetime
) -> None:
    """Leave a trace of what was done to a part, and let search and caches know."""
    called = name_of(part)
    here = {"part": (called, called), audit.PART: (part.id, part.id)}
    note(project, action, {**here, **changes}, actor=actor, now=now)


def _field(column: str) -> str:
    """What the trace calls a column: one that names another thing is called after it."""
    return column.removesuffix("_id") if column in NAMES or column in PARTNERS else column


def _known_as(column: str, value: Any) -> Any:
    """A value of a column as the trace keeps it: another thing by its name, not by its number."""
    if value is None or _field(column) == column:
        return value
    thing = db.session.get(NAMES.get(column, Partner), value)
    return getattr(thing, "name", "") or (name_of(thing) if thing else "")


def name_of(part: Any) -> str:
    """What a part is called in the trace: its title, or who funds it."""
    return part.funder[: parts.NAME_LENGTH] if isinstance(part, Funding) else parts.name_of(part)
