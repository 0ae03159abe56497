"""When mail about what happened is due: at seven in the morning where the account lives, daily or on Mondays."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.accounts.models import MailChoice
from portal.core.clock import COPENHAGEN

HOUR = time(7)
MONDAY = 0


def due_until(choice: MailChoice, zone: str, now: datetime) -> datetime:
    """Whatever happened up to this moment is due to be mailed, unless it was. In summer and winter it is 7 o'clock."""
    if choice is MailChoice.IMMEDIATELY:
        return now
    place = _zone(zone)
    local = now.astimezone(place)
    days = (local.weekday() - MONDAY) % 7 if choice is MailChoice.WEEKLY else 0
    step = timedelta(days=7 if choice is MailChoice.WEEKLY else 1)
    day = local.date() - timedelta(days=days)
    # By the calendar, not by hours: a day with a change of the clocks has 23 or 25 of them.
    moment = datetime.combine(day, HOUR, place)
    if moment > local:
        moment = datetime.combine(day - step, HOUR, place)
    return moment.astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return COPENHAGEN
