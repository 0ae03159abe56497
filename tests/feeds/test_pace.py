"""How often a feed is asked, and when it has fallen silent."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.feeds.fetching import pace

NOW = datetime(2026, 11, 28, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_interval_follows_how_often_a_feed_changes() -> None:
    busy = quiet = pace.FIRST
    for _ in range(40):
        busy, quiet = pace.next_interval(busy, 3), pace.next_interval(quiet, 0)
    assert (busy, quiet) == (pace.SHORTEST, pace.LONGEST)
    assert pace.next_interval(quiet, 1) < quiet
    assert pace.next_interval(busy, 3, ttl=2 * HOUR) == 2 * HOUR
    assert pace.next_interval(quiet, 0, ttl=timedelta(days=9)) == pace.LONGEST_BACK_OFF


def test_failures_are_answered_by_patience_of_a_day_at_most() -> None:
    waits = [pace.back_off(failures) for failures in range(1, 12)]
    assert waits[:3] == [timedelta(minutes=15), timedelta(minutes=30), HOUR]
    assert waits[-1] == timedelta(days=1)
    assert pace.back_off(1, retry_after=3 * HOUR) == 3 * HOUR
    assert pace.back_off(9, retry_after=HOUR) == timedelta(days=1)
    assert pace.back_off(1, retry_after=timedelta(days=400)) == timedelta(days=1)


def test_no_two_feeds_keep_step() -> None:
    waits = {pace.jittered(HOUR) for _ in range(20)}
    assert len(waits) > 1
    assert all(HOUR <= wait <= 1.1 * HOUR for wait in waits)


@pytest.mark.parametrize(
    ("days_ago", "silent"),
    [
        (range(30, 80, 2), True),  # every second day, then a month of nothing
        (range(10, 60, 2), False),  # ten days are a holiday
        (range(60, 600, 30), False),  # every month, and two of silence
        (range(100, 600, 30), True),
        ([40, 41], False),  # too few to know a habit
        ([40] * 50, False),  # one batch
    ],
)
def test_silence_is_measured_by_the_habit(days_ago: list[int], silent: bool) -> None:
    moments = [NOW - timedelta(days=day) for day in days_ago]
    assert pace.silent_since(moments, NOW) == (max(moments) if silent else None)
