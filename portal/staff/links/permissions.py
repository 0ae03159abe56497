"""Who looks after links to elsewhere, as a question and as SQL."""

from sqlalchemy import ColumnElement, false, true

from portal.core.permissions import Actor, Role, rule

KEEPERS = (Role.EDITOR, Role.CURATOR)


@rule("link.manage")
def may_manage(actor: Actor, _address: object) -> bool:
    """Those who can mend what leads there: editors their articles, curators the directory and the projects."""
    return actor.has(*KEEPERS)


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """`link.manage`, said in SQL."""
    return true() if actor.has(*KEEPERS) else false()
