from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 7, 31, 21, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),
    ],
)
def test_the_day_turns_at_danish_midnight(moment, day):
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 1, 1), datetime(2025, 12, 31, 23, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_by_the_danish_clock(day, moment):
    assert clock.start_of(day) == moment


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)))
def test_a_day_is_between_23_and_25_hours_long(day):
    length = clock.start_of(day + timedelta(days=1)) - clock.start_of(day)
    assert length in {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}
