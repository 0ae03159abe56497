"""Keeping and dropping saved views. They are a person's own and leave no trace but themselves."""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, require
from portal.workspace.models import SavedView
from portal.workspace.permissions import used_by


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
