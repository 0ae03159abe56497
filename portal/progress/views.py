"""How assessments of the municipalities come to be, and all of them as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.labels import label
from portal.core.permissions import VISITOR, audience
from portal.core.web import actor, address, pages, table_download
from portal.municipalities import labels as words
from portal.progress import labels, queries
from portal.progress.framework import queries as versions
from portal.progress.models import Basis, Dimension, Reply, State

bp = pages("progress", __name__, "/municipalities")


@bp.get("/method")
@audience("everyone")
def method() -> ResponseReturnValue:
    return _method(queries.dimensions_on(clock.today()), is_in_force=True)


@bp.get("/method/<version>")
@audience("everyone")
def method_of(version: str) -> ResponseReturnValue:
    """What was judged by a version, also when another one has followed it."""
    framework = versions.by_version(version, VISITOR)
    in_force = queries.framework_on(clock.today())
    is_in_force = in_force is not None and in_force.id == framework.id
    return _method(versions.dimensions_of(framework.id), is_in_force=is_in_force)


def _method(dimensions: Sequence[Dimension], *, is_in_force: bool) -> ResponseReturnValue:
    day = clock.today()
    return render_template(
        "progress/method.html",
        dimensions=dimensions,
        framework=dimensions[0].framework if dimensions else None,
        is_in_force=is_in_force,
        rules=queries.rules_of(dimensions),
        coverage=queries.coverage(dimensions, day, actor()),
        stage_names=labels.STAGES,
        words=words,
    )


@bp.get("/stages.<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    return table_download("stages", ending, _columns(), _cells())


def _columns() -> Sequence[str]:
    return (
        _("Code"),
        _("Municipality"),
        _("Dimension"),
        _("Stage (0–4)"),
        _("Stage"),
        _("At least"),
        _("Basis"),
        _("State"),
        _("Grounds"),
        _("Period"),
        _("Indicator and value"),
        _("Source"),
        _("Assessed on"),
        _("Holds until"),
        _("Version of the framework"),
        _("Reply of the municipality"),
        _("Dispute"),
        _("The editors’ answer"),
        _("Address"),
    )


def _cells() -> Iterator[Sequence[Any]]:
    for row, evidence in queries.all_assessments(actor()):
        yield (
            row.code,
            str(text_of(row, "place")),
            str(text_of(row, "dimension")),
            row.stage,
            labels.stage(row.stage) or _("not reported"),
            _("Yes") if row.is_least else _("No"),
            label(Basis(row.basis)),
            label(State(row.state)),
            " ".join(str(text_of(one, "sentence")) for one in evidence),
            "; ".join(one.period for one in evidence),
            "; ".join(f"{one.indicator} = {one.value}" for one in evidence if one.indicator),
            " ; ".join(one.url for one in evidence),
            row.assessed_on,
            row.valid_until,
            row.framework,
            label(Reply(row.reply)) if row.reply else "",
            row.dispute or "",
            str(text_of(row, "note")) if row.dispute else "",
            address("municipalities.show", slug=row.slug) + "#stages",
        )
