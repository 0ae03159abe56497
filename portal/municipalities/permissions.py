"""Who sees the register of municipalities: everybody, as a question and as SQL."""

from sqlalchemy import ColumnElement, true

from portal.core.permissions import Actor, Role, rule
from portal.municipalities.models import Municipality, Observation


@rule("municipality.see")
def may_see(_actor: Actor, _municipality: Municipality) -> bool:
    return True


def seen_by(_actor: Actor) -> ColumnElement[bool]:
    """`municipality.see`, said in SQL."""
    return true()


@rule("observation.edit")
def may_edit(actor: Actor, _observation: Observation | None) -> bool:
    """Take figures in and correct them: the registers are the curators'."""
    return actor.has(Role.CURATOR)


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`observation.edit`, said in SQL."""
    return true() if actor.has(Role.CURATOR) else ~true()
