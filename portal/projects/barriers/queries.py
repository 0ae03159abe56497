"""What pages ask about the barriers of a project."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Barrier, BarrierNote, Project


def notes_of(project: Project) -> dict[Barrier, BarrierNote]:
    """What is said of each barrier that the project says something about."""
    rows = db.session.scalars(select(BarrierNote).where(BarrierNote.project_id == project.id))
    return {note.barrier: note for note in rows}


def chosen_by(project: Project) -> Sequence[Barrier]:
    """The barriers that a project, loaded with them, has chosen, in their usual order."""
    chosen = {one.barrier for one in project.barriers}
    return [barrier for barrier in Barrier if barrier in chosen]


def chosen(project: Project, word: str) -> Barrier:
    """The barrier of this word. `NotFound` when the project has not chosen it."""
    for barrier in chosen_by(project):
        if barrier.value == word:
            return barrier
    raise NotFound("barrier", word)
