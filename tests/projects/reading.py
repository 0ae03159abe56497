"""What is left of what a browser did: the trace, and what the search would find."""

from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.projects.search import source


def actions(app: Flask) -> list[str]:
    """What was done, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def indexed(app: Flask) -> str:
    """The texts under which projects are found."""
    with app.app_context():
        return "\n".join(f"{one.body_da}\n{one.body_en}" for one in source.documents(None))
