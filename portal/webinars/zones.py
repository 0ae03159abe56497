"""Time zones as calendars want them (RFC 5545, 3.6.5): when clocks in a zone are changed, over the years at hand.

icalendar makes these too, but writes a change's beginning by the new offset, where the standard wants the old one:
summer time then begins an hour late.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@lru_cache(maxsize=256)
def _changes(key: str, first_year: int, last_year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """(moment, offset before it) of each change of the clocks, and of the beginning of the first year."""
    zone = ZoneInfo(key)
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
    found = [(at, _offset(at, zone))]
    while at < end:
        later = at + DAY
        if _state(at, zone) != _state(later, zone):
            change = _moment_between(at, later, zone)
            found.append((change, _offset(change - SECOND, zone)))
        at = later
    return tuple(found)


def _moment_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clocks change."""
    while after - before > SECOND:
        middle = before + timedelta(seconds=(after - before) // SECOND // 2)
        if _state(middle, zone) == _state(before, zone):
            before = middle
        else:
            after = middle
    return after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _state(at: datetime, zone: ZoneInfo) -> tuple[timedelta, bool, str]:
    local = at.astimezone(zone)
    return local.utcoffset() or timedelta(), bool(local.dst()), local.tzname() or ""


def component(key: str, first_year: int, last_year: int) -> Timezone:
    """The zone's rules from the first day of one year to the last of another."""
    zone = ZoneInfo(key)
    made = Timezone()
    made.add("tzid", key)
    kinds: dict[tuple[bool, timedelta, timedelta, str], list[datetime]] = {}
    for moment, before in _changes(key, first_year, last_year):
        offset, is_summer, name = _state(moment, zone)
        local = (moment + before).replace(tzinfo=None)
        kinds.setdefault((is_summer, before, offset, name), []).append(local)
    for (is_summer, before, after, name), onsets in kinds.items():
        part = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("dtstart", onsets[0])
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        for onset in onsets[1:]:
            part.add("rdate", onset)
        made.add_component(part)
    return made
