"""Who reads and answers what readers found wrong."""

from sqlalchemy import ColumnElement, false, true

from portal.core.permissions import Actor, Role, rule
from portal.corrections.models import Correction


@rule("correction.answer")
def may_answer(actor: Actor, _correction: Correction | None) -> bool:
    """Editors and curators. Anybody may give a hint; nobody else reads them, for they hold addresses."""
    return actor.has(Role.EDITOR, Role.CURATOR)


def answered_by(actor: Actor) -> ColumnElement[bool]:
    """`correction.answer`, said in SQL."""
    return true() if actor.has(Role.EDITOR, Role.CURATOR) else false()
