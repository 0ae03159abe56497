"""Progress as a whole: how much is known, how old it is, and whose ideas others took over."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.permissions import audience
from portal.core.web import actor, pages, table_download
from portal.progress.whole import adoption, queries

bp = pages("whole", __name__, "/municipalities/progress")


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    day = clock.today()
    return render_template(
        "progress/whole/index.html",
        today=day,
        now=queries.readings(day),
        ages=queries.age(day),
        months=[_Month(readings) for readings in queries.growth()],
        chains=adoption.chains(actor()),
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    return table_download("progress", ending, _columns(), _cells())


class _Month:
    """What was known of all dimensions together at the end of a month."""

    def __init__(self, readings: Sequence[queries.Reading]) -> None:
        self.day = readings[0].day if readings else clock.today()
        self.cells = sum(one.in_all for one in readings)
        self.known = sum(one.known for one in readings)
        self.old = sum(one.old for one in readings)
        self.unknown = self.cells - self.known


def _columns() -> Sequence[str]:
    return _("Day"), _("Dimension"), _("Known"), _("of these out of date"), _("Unknown"), _("Municipalities")


def _cells() -> Iterator[Sequence[Any]]:
    for one in chain(*queries.growth()):
        yield one.day, str(text_of(one.dimension, "name")), one.known, one.old, one.unknown, one.in_all
