"""When editions are composed and sent, by Danish clocks: the staff have the time in between to look them over."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.core.clock import COPENHAGEN
from portal.newsletter.models import Frequency

THURSDAY = 3


@dataclass(frozen=True)
class Rhythm:
    """Composed at an hour, every day or on a weekday, and sent some hours later; `ahead`: how far webinars count."""

    hour: int
    weekday: int | None
    hours_to_look: int
    period: timedelta
    ahead: timedelta

    def last(self, now: datetime) -> datetime:
        """The last moment to compose at, now or earlier."""
        day = now.astimezone(COPENHAGEN).date()
        while (at := self._on(day)) > now or not self._is_day(day):
            day -= timedelta(days=1)
        return at

    def sent(self, composed: datetime) -> datetime:
        """When what was composed then goes out. By the clock on the wall, also when it is changed in between."""
        local = composed.astimezone(COPENHAGEN).replace(tzinfo=None) + timedelta(hours=self.hours_to_look)
        return local.replace(tzinfo=COPENHAGEN)

    def _is_day(self, day: date) -> bool:
        return self.weekday is None or day.weekday() == self.weekday

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, time(self.hour), COPENHAGEN)


RHYTHMS: dict[Frequency, Rhythm] = {
    Frequency.DAILY: Rhythm(6, None, 2, timedelta(days=1), timedelta(days=3)),
    Frequency.WEEKLY: Rhythm(6, THURSDAY, 26, timedelta(days=7), timedelta(days=21)),
}
