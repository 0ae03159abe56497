"""Who imports partners and changes many at once, as a question and as SQL."""

from sqlalchemy import ColumnElement, false, true

from portal.core.permissions import Actor, Role, rule


@rule("import.manage")
def may_manage(actor: Actor, _batch: object) -> bool:
    """The directory is the curators'."""
    return actor.has(Role.CURATOR)


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """`import.manage`, said in SQL."""
    return true() if actor.has(Role.CURATOR) else false()
