"""What is settled from the workspace at once. Saved views are a person's own and leave no trace but themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, require
from portal.projects import queries as projects
from portal.projects.models import Deliverable, Milestone, Project
from portal.projects.parts import operations as parts
from portal.workspace.models import SavedView
from portal.workspace.permissions import used_by

REACHED: dict[str, tuple[type[Any], str, str]] = {
    "milestones": (Milestone, "milestone", "done_on"),
    "deliverables": (Deliverable, "deliverable", "delivered_on"),
}


def reach(kind: str, part_id: int, *, actor: Actor, now: datetime) -> str:
    """Note that a milestone or deliverable is done today; returns its title. `NotFound` for one that is not seen."""
    model, noun, column = REACHED[kind]
    slug = select(Project.slug).join(model, model.project_id == Project.id).where(model.id == part_id)
    project = projects.to_work_on(db.session.scalar(slug) or "", actor, "project.edit")
    part = db.session.get_one(model, part_id)
    today = now.astimezone(clock.COPENHAGEN).date()
    parts.complete(part, noun, project, column, done=True, actor=actor, now=now, today=today)
    return parts.name_of(part)


def keep_view(name: str, query: str, *, actor: Actor, now: datetime) -> SavedView:
    """Save a choice under a name; the same name again takes the new choice."""
    view = db.session.scalar(select(SavedView).where(used_by(actor), SavedView.name == name))
    if view is None:
        view = SavedView(account_id=actor.account_id, name=name, query=query, created_at=now)
        db.session.add(view)
    require(actor, "saved_view.use", view)
    view.query = query
    db.session.flush()
    return view


def drop_view(view_id: int, *, actor: Actor) -> None:
    """Delete a saved view. `NotFound` for one that is not the actor's."""
    view = db.session.scalar(select(SavedView).where(used_by(actor), SavedView.id == view_id))
    if view is None:
        raise NotFound("saved view", view_id)
    require(actor, "saved_view.use", view)
    db.session.delete(view)
    db.session.flush()
