"""The time: aware UTC inside, Danish wall-clock at the edges."""

from datetime import UTC, date, datetime, time
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
