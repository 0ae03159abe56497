"""Who reaches a saved view: whoever saved it, and nobody else."""

from sqlalchemy import ColumnElement, false

from portal.core.permissions import Actor, rule
from portal.workspace.models import SavedView


@rule("saved_view.use")
def may_use(actor: Actor, view: SavedView) -> bool:
    return actor.is_signed_in and view.account_id == actor.account_id


def used_by(actor: Actor) -> ColumnElement[bool]:
    """`saved_view.use`, said in SQL."""
    return SavedView.account_id == actor.account_id if actor.is_signed_in else false()
