"""Classes for the map: as equal as ties allow, and never a value in two of them."""

from decimal import Decimal
from itertools import pairwise

import pytest

from portal.municipalities.measures import LEVELS, Spread, bands, count_bands, decimals, level_of


def test_five_classes_share_the_values_equally():
    made = bands(list(range(98)))
    assert [band.level for band in made] == list(LEVELS)
    assert sum(band.count for band in made) == 98
    assert max(band.count for band in made) - min(band.count for band in made) <= 1


def test_classes_follow_on_each_other_and_hold_every_value():
    values = [Decimal(n * n % 37) for n in range(98)]
    made = bands(values)
    assert all(before.high < after.low for before, after in pairwise(made))
    assert all(made[0].low <= value <= made[-1].high for value in values)
    for band in made:
        assert sum(level_of(value, made) == band.level for value in values) == band.count


def test_equal_values_are_one_class_and_the_others_still_show_differences():
    made = bands([0] * 86 + list(range(5, 17)))
    assert (made[0].low, made[0].high, made[0].count) == (0, 0, 86)
    assert [band.count for band in made[1:]] == [3, 3, 3, 3]


@pytest.mark.parametrize(("values", "levels"), [([], []), ([7], [2]), ([7, 7, 7], [2]), ([1, 2], [0, 4])])
def test_few_values_make_few_classes(values, levels):
    assert [band.level for band in bands(values)] == levels


def test_no_projects_at_all_is_a_class_of_its_own():
    made = count_bands([0, 0, 1, 1, 2, 9])
    assert (made[0].level, made[0].low, made[0].high, made[0].count) == (0, 0, 0, 2)
    assert all(band.level > 0 for band in made[1:])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["7389.6", "808.1"], 0),
        (["23.4", "8.4"], 1),
        (["5.18", "1.01"], 2),
        (["8.1", "-6.3"], 1),
        (["3", "4"], 0),
        (["0.0000", "776.0000", "5.5000"], 0),
        ([], 0),
    ],
)
def test_numbers_show_what_can_be_read_and_no_more_than_the_source_gives(values, expected):
    assert decimals([Decimal(value) for value in values]) == expected


def test_what_is_unknown_has_no_colour_and_no_part_in_any_class():
    spread = Spread({1: Decimal(3), 2: Decimal(5)}, in_all=4)
    assert spread.unknown == 2
    assert spread.level(3) is None
    assert spread.ticks == [3.0, 5.0, None, None]
    assert sum(band.count for band in spread.bands) == 2
