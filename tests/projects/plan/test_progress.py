"""How far a plan is: examples worked out by hand."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from portal.projects.plan.progress import Overview, is_late, is_package_late, overview

pytestmark = pytest.mark.sqlite_only

TODAY = date(2026, 6, 15)
DONE = date(2026, 6, 1)


def package(id: int, weight: float = 1, progress: int | None = None, ends_on: date | None = None) -> Any:
    return SimpleNamespace(id=id, weight=weight, progress=progress, ends_on=ends_on)


def milestone(inside: int | None = None, done: bool = False, due: date | None = None) -> Any:
    return SimpleNamespace(work_package_id=inside, done_on=DONE if done else None, due_on=due)


def deliverable(inside: int | None = None, done: bool = False, due: date | None = None) -> Any:
    return SimpleNamespace(work_package_id=inside, delivered_on=DONE if done else None, due_on=due)


def of(packages: Any = (), milestones: Any = (), deliverables: Any = ()) -> Overview:
    return overview(packages, milestones, deliverables, TODAY)


def test_each_work_package_counts_by_its_weight() -> None:
    # (3 · 20 + 1 · 100) / 4 = 40
    found = of([package(1, 3, 20), package(2, 1, 100)])
    assert (found.project.percent, found.project.known, found.project.total) == (40, 2, 2)


def test_an_unknown_one_counts_neither_as_nothing_nor_as_done() -> None:
    # (2 · 30 + 2 · 50) / 4 = 40, however much the unknown one weighs
    found = of([package(1, 2, 30), package(2, 2, 50), package(3, 96)])
    assert (found.project.percent, found.project.known, found.project.total) == (40, 2, 3)
    assert found.packages[3].percent is None


def test_nothing_known_is_unknown_and_not_zero() -> None:
    assert of([package(1), package(2)]).project.percent is None
    assert of().project.percent is None
    assert of([package(1, 1, 0)]).project.percent == 0


def test_what_a_project_says_itself_comes_before_its_milestones() -> None:
    found = of([package(1, 1, 75)], [milestone(1), milestone(1)])
    assert (found.packages[1].percent, found.packages[1].is_stated) == (75, True)


def test_without_a_figure_the_milestones_and_deliverables_tell() -> None:
    # 1 of 2 milestones and 1 of 1 deliverables: 2 of 3
    found = of([package(1)], [milestone(1, done=True), milestone(1)], [deliverable(1, done=True)])
    assert (found.packages[1].percent, found.packages[1].known, found.packages[1].total) == (67, 2, 3)
    assert found.project.percent == 67


def test_a_mixed_plan() -> None:
    # A weighs 2 and says 50; B weighs 1 and has 1 of 4 done, 25; C is unknown: (2 · 50 + 25) / 3 = 41.67
    steps = [milestone(2, done=True), milestone(2), milestone(2)]
    found = of([package(1, 2, 50), package(2, 1), package(3, 5)], steps, [deliverable(2)])
    assert found.project.percent == 42


def test_a_project_without_work_packages_is_measured_by_its_milestones_and_deliverables() -> None:
    found = of((), [milestone(done=True), milestone()], [deliverable(), deliverable()])
    assert (found.project.percent, found.project.of_packages) == (25, False)


def test_loose_milestones_do_not_count_beside_work_packages() -> None:
    assert of([package(1, 1, 10)], [milestone(done=True)]).project.percent == 10


def test_a_weight_of_nothing_counts_for_nothing() -> None:
    assert of([package(1, 0, 100), package(2, 1, 20)]).project.percent == 20
    assert of([package(1, 0, 100)]).project.percent is None


def test_a_hundred_only_when_all_is_done_and_nothing_begun_is_zero() -> None:
    # 999 of 1000 parts of the weight at 100, the rest at 0: 99.9
    assert of([package(1, 999, 100), package(2, 1, 0)]).project.percent == 99
    assert of([package(1, 1, 100), package(2, 999, 0)]).project.percent == 1
    assert of([package(1, 1, 100), package(2, 3, 100)]).project.percent == 100


def test_halves_are_rounded_up() -> None:
    assert of([package(1, 1, 12), package(2, 1, 13)]).project.percent == 13


def test_late_is_what_was_due_before_today_and_is_not_done() -> None:
    yesterday = date(2026, 6, 14)
    assert is_late(yesterday, None, TODAY)
    assert not is_late(TODAY, None, TODAY)
    assert not is_late(yesterday, DONE, TODAY)
    assert not is_late(None, None, TODAY)
    assert is_package_late(yesterday, 99, TODAY)
    assert not is_package_late(yesterday, 100, TODAY)
    assert not is_package_late(yesterday, None, TODAY)
    found = of(
        [package(1, 1, 50, yesterday)], [milestone(1, due=yesterday)], [deliverable(1, done=True, due=yesterday)]
    )
    assert found.late == 2
