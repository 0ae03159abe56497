"""What changed of a municipality since last time: its figures, its population and its stages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.core.bilingual import text_of
from portal.core.templating import day, number
from portal.municipalities import labels
from portal.municipalities.measures import decimals
from portal.municipalities.queries import Figure


@dataclass(frozen=True)
class Change:
    """What something was before, and what it is now; in words, each with when."""

    name: Any
    before: str
    before_when: str
    now: str
    now_when: str
    difference: str = ""


def of_population(populations: Sequence[Any]) -> list[Change]:
    """The last two counts of those who live there."""
    if len(populations) < 2:
        return []
    before, now = sorted(populations, key=lambda one: one.year)[-2:]
    grown = now.inhabitants - before.inhabitants
    said = number(before.inhabitants, 0), str(before.year), number(now.inhabitants, 0), str(now.year)
    return [Change(_("Population"), *said, _signed(grown, 0))]


def of_figures(figures: Iterable[Figure]) -> list[Change]:
    """The figures of which there is an earlier period."""
    found = []
    for figure in figures:
        if figure.before is None or figure.ours is None:
            continue
        places = decimals([figure.before.number, figure.ours])
        unit = labels.unit(figure.about.unit)
        found.append(
            Change(
                figure.name,
                _with_unit(number(figure.before.number, places), unit),
                labels.period(figure.before.period),
                _with_unit(number(figure.ours, places), unit),
                labels.period(figure.period),
                _signed(figure.ours - figure.before.number, places),
            )
        )
    return found


def of_stages(cells: Iterable[Any], names: Sequence[Any]) -> list[Change]:
    """The dimensions in which a later assessment took the place of an earlier one and says another stage."""
    found = []
    for cell in cells:
        before = cell.earlier[0] if cell.earlier else None
        if before is None or before.stage == cell.stage:
            continue
        ended = before.superseded_at
        found.append(
            Change(
                text_of(cell.dimension, "name"),
                _stage(before.stage, names),
                day(before.assessed_on),
                _stage(cell.stage, names),
                day(cell.now.assessed_on) if cell.now else day(ended) if ended else "",
            )
        )
    return found


def _stage(stage: int | None, names: Sequence[Any]) -> str:
    return _("not reported") if stage is None else f"{stage} {names[stage]}"


def _with_unit(said: str, unit: str) -> str:
    return _("%(number)s %(unit)s", number=said, unit=unit) if unit else said


def _signed(difference: Any, places: int) -> str:
    """With a plus or a true minus; nothing where it is the same."""
    if not difference:
        return _("unchanged")
    return f"{'+' if difference > 0 else '−'}{number(abs(difference), places)}"
