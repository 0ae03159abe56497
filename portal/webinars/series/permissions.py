"""Who sees a series and who looks after it, as questions and as SQL."""

from sqlalchemy import ColumnElement, true

from portal.core.permissions import Actor, Role, rule
from portal.webinars.models import Series, SeriesState

READERS = (Role.EDITOR, Role.CURATOR)


@rule("series.see")
def may_see(actor: Actor, series: Series) -> bool:
    return series.state is SeriesState.PUBLISHED or actor.has(*READERS)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`series.see`, said in SQL."""
    return true() if actor.has(*READERS) else Series.state == SeriesState.PUBLISHED


@rule("series.edit")
def may_edit(actor: Actor, _series: Series | None) -> bool:
    """Editors. It is asked of no row of its own, so it has no twin."""
    return actor.has(Role.EDITOR)
