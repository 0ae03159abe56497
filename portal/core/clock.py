"""The time: aware UTC inside, Danish wall-clock at the edges."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Denmark, which decides regions, archives and what is upcoming."""
    return now().astimezone(COPENHAGEN).date()


def start_of(day: date) -> datetime:
    """The moment a Danish calendar day begins, in UTC."""
    return datetime.combine(day, time.min, COPENHAGEN).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last minute of a Danish calendar day, in UTC: until then holds what is promised until that day."""
    return start_of(day + timedelta(days=1)) - timedelta(minutes=1)


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a wall-clock time in a zone stands for, in UTC.

    ValueError when the clocks skip that time, or show it twice and it carries no offset to say
    which one is meant.
    """
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(f"does not exist in {zone.key}: the clocks are put forward then")
    if first != second:
        raise ValueError(f"happens twice in {zone.key}: add the offset, e.g. {first.astimezone(zone).isoformat()[-6:]}")
    return first
