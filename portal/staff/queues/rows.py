"""What a queue shows: rows that wait, each with its decisions, and the page that they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask.typing import ResponseReturnValue

from portal.core.forms import PortalForm
from portal.core.paging import Part
from portal.core.steps import steps
from portal.staff import desk


@dataclass(frozen=True)
class Decision:
    """A way to decide: a button that acts at once, or (`asks`) a page that wants a word first."""

    label: str
    url: str
    asks: bool = False
    is_first: bool = False


@dataclass(frozen=True)
class Row:
    """One thing that waits."""

    title: str
    url: str
    meta: Sequence[str] = ()
    text: str = ""
    warning: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    decisions: Sequence[Decision] = field(default_factory=tuple)


def page(
    heading: str, lead: str, part: Part, rows: Sequence[Row], empty: str, next_step: tuple[str, str]
) -> ResponseReturnValue:
    return desk.render(
        "staff/queues/queue.html",
        heading=heading,
        lead=lead,
        rows=rows,
        steps=steps(part),
        empty=empty,
        next_step=next_step,
        form=PortalForm(formdata=None),
    )
