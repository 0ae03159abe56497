"""How far a plan is. What is not known stays unknown: it counts neither as nothing nor as done.

A work package is as far as the project says of it. Where the project says nothing, its milestones and deliverables
tell: the share of them that is done. Where it has none, its progress is unknown.

The project is as far as its work packages with a known progress, each counted by its weight; how many of them are
known is told beside the figure. A project without work packages is measured by its milestones and deliverables.

Only what the reader may see is counted: a figure must not tell of work that the page does not show.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FULL = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is: `percent` is a whole number or none; `known` of `total` parts say how far they are.

    `is_stated`: the project says so itself. Otherwise the figure is made from the parts, which are work packages where
    `of_packages`, and milestones and deliverables where not.
    """

    percent: int | None
    known: int = 0
    total: int = 0
    is_stated: bool = False
    of_packages: bool = False


@dataclass(frozen=True)
class Overview:
    """The progress of a project and of each of its work packages, and how much of the plan is overdue."""

    project: Progress
    packages: dict[int, Progress]
    late: int


def overview(packages: Sequence[Any], milestones: Sequence[Any], deliverables: Sequence[Any], today: date) -> Overview:
    """What the rows of a plan say together. `today` decides what is overdue."""
    steps = [(one.work_package_id, one.done_on) for one in milestones]
    steps += [(one.work_package_id, one.delivered_on) for one in deliverables]
    of: dict[int | None, list[bool]] = defaultdict(list)
    for package_id, done_on in steps:
        of[package_id].append(done_on is not None)
    each = {package.id: _of_package(package.progress, of[package.id]) for package in packages}
    if packages:
        whole = _weighed([(package.weight, each[package.id].percent) for package in packages])
    else:
        whole = _of_steps([done_on is not None for _package_id, done_on in steps])
    late = sum(is_late(one.due_on, one.done_on, today) for one in milestones)
    late += sum(is_late(one.due_on, one.delivered_on, today) for one in deliverables)
    late += sum(is_package_late(one.ends_on, each[one.id].percent, today) for one in packages)
    return Overview(whole, each, late)


def is_late(due: date | None, done: date | None, today: date) -> bool:
    """Whether something should have been done by now; what is due today is not late."""
    return done is None and due is not None and due < today


def is_package_late(ends: date | None, percent: int | None, today: date) -> bool:
    """Whether a work package should have ended and is known not to be done; of an unknown one nobody can say."""
    return ends is not None and ends < today and percent is not None and percent < FULL


def _of_package(stated: int | None, steps: Sequence[bool]) -> Progress:
    if stated is not None:
        return Progress(stated, is_stated=True)
    return _of_steps(steps)


def _of_steps(steps: Sequence[bool]) -> Progress:
    if not steps:
        return Progress(None)
    return Progress(_percent(Decimal(FULL * sum(steps)) / len(steps)), sum(steps), len(steps))


def _weighed(parts: Iterable[tuple[Decimal, int | None]]) -> Progress:
    parts = list(parts)
    known = [(Decimal(weight), percent) for weight, percent in parts if percent is not None]
    weight = sum((weight for weight, _percent_ in known), Decimal(0))
    if not weight:
        return Progress(None, len(known), len(parts), of_packages=True)
    average = sum((weight * percent for weight, percent in known), Decimal(0)) / weight
    return Progress(_percent(average), len(known), len(parts), of_packages=True)


def _percent(value: Decimal) -> int:
    """A whole number; 100 only when all is done, and nothing that has begun is 0."""
    rounded = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    if rounded == FULL and value < FULL:
        return FULL - 1
    return 1 if rounded == 0 and value > 0 else rounded
