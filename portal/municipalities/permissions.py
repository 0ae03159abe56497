"""Who sees the register of municipalities: everybody, as a question and as SQL."""

from sqlalchemy import ColumnElement, true

from portal.core.permissions import Actor, rule
from portal.municipalities.models import Municipality


@rule("municipality.see")
def may_see(_actor: Actor, _municipality: Municipality) -> bool:
    return True


def seen_by(_actor: Actor) -> ColumnElement[bool]:
    """`municipality.see`, said in SQL."""
    return true()
