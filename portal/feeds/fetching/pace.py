"""How often a feed is asked: as often as it changes, seldom when it fails, and never all feeds at once."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FIRST = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(days=1)
FEWEST_FOR_A_HABIT = 6
SHORTEST_SILENCE = timedelta(days=21)
PATIENCE_WITH_HABITS = 3


def next_interval(interval: timedelta, new: int, ttl: timedelta = timedelta(0)) -> timedelta:
    """The next interval after a fetch that brought so many new entries. `ttl` is what the feed itself asks for."""
    wanted = interval * (0.6 if new > 1 else 0.8 if new else 1.1)
    return min(max(wanted, SHORTEST, min(ttl, LONGEST_BACK_OFF)), max(LONGEST, min(ttl, LONGEST_BACK_OFF)))


def back_off(failures: int, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after so many failures in a row: 15 minutes, 30, 60 … a day, or as the server says."""
    doubled = min(SHORTEST * 2 ** min(failures - 1, 10), LONGEST_BACK_OFF)
    return max(doubled, min(retry_after or timedelta(0), LONGEST_BACK_OFF))


def jittered(wait: timedelta, share: float = 0.1) -> timedelta:
    """About as long: feeds that began together must not be asked together for ever. Never shorter, so that a
    server's own wish is kept."""
    return wait * (1 + random.uniform(0, share))  # noqa: S311  no secret


def silent_since(moments: Sequence[datetime], now: datetime) -> datetime | None:
    """When the last news came, if that is much longer ago than is this feed's habit; else None.

    The habit is the pause that nine of ten of its entries keep. Entries of one day are one piece of news: many feeds
    publish in batches, and an afternoon's pauses say nothing about a summer's.
    """
    days = sorted({moment.date(): moment for moment in sorted(moments)}.values())
    if len(days) < FEWEST_FOR_A_HABIT:
        return None
    pauses = sorted(later - earlier for earlier, later in pairwise(days))
    usual = pauses[int(0.9 * (len(pauses) - 1))]
    is_silent = now - days[-1] > max(SHORTEST_SILENCE, PATIENCE_WITH_HABITS * usual)
    return days[-1] if is_silent else None
