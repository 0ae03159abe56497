"""Wall-clock times that the clocks skip or show twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_summer_and_winter_have_their_own_offset():
    assert clock.moment(local("2020-10-21T09:30"), BERLIN) == datetime(2020, 10, 21, 7, 30, tzinfo=UTC)
    assert clock.moment(local("2020-11-04T09:30"), BERLIN) == datetime(2020, 11, 4, 8, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused():
    with pytest.raises(ValueError, match=r"does not exist in Europe/Berlin: the clocks are put forward then"):
        clock.moment(local("2027-03-28T02:30"), BERLIN)


def test_a_time_that_comes_twice_needs_its_offset():
    with pytest.raises(ValueError, match=r"happens twice in Europe/Berlin: add the offset, e.g. \+02:00"):
        clock.moment(local("2026-10-25T02:30"), BERLIN)
    assert clock.moment(local("2026-10-25T02:30+01:00"), BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
