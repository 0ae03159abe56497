"""Who sees an assessment and who moves it on, as questions and as SQL."""

from sqlalchemy import ColumnElement, true

from portal.core.db import any_of
from portal.core.permissions import Actor, Role, rule
from portal.progress.models import Assessment, State

OUT = (State.PUBLISHED, State.SUPERSEDED)
"""What everybody reads: what holds, and what held before."""


@rule("assessment.see")
def may_see(actor: Actor, assessment: Assessment) -> bool:
    return assessment.state in OUT or actor.has(Role.EDITOR, Role.CURATOR)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`assessment.see`, said in SQL."""
    return true() if actor.has(Role.EDITOR, Role.CURATOR) else any_of(Assessment.state, OUT)


@rule("assessment.edit")
def may_edit(actor: Actor, assessment: Assessment) -> bool:
    """Write it and move it on, until the next one has taken its place."""
    return actor.has(Role.CURATOR) and assessment.state is not State.SUPERSEDED


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`assessment.edit`, said in SQL."""
    return (Assessment.state != State.SUPERSEDED) & (true() if actor.has(Role.CURATOR) else ~true())
