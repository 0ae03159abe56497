"""Dates as Danish sites write them into feeds, which no standard knows."""

import re
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = {"may": "maj", "oct": "okt"}

_TIME = r"(?:,?\s+(?:kl\.?\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?)?"
_ZONE = r"(?:\s*(?P<sign>[+-])(?P<zone>\d{2}):?(?P<minutes>\d{2}))?"
_NAMED = re.compile(
    r"(?:[a-zæøå]+\.?,?\s+)?(?:den\s+)?(?P<day>\d{1,2})\.?\s+(?P<month>[a-z]{3})[a-z]*\.?,?\s+(?P<year>\d{4})"
    + _TIME
    + _ZONE
)
# The sign between says the order: nobody writes 27.11.2026 or 27-11-2026 with the month first.
_NUMBERED = re.compile(r"(?P<day>\d{1,2})(?P<dot>[.-])(?P<month>\d{1,2})(?P=dot)(?P<year>\d{4})" + _TIME + _ZONE)


def danish(text: str) -> time.struct_time | None:
    """The moment in UTC, for feedparser; None for what is written otherwise."""
    text = text.strip().lower()
    if len(text) > 60 or not (found := _NAMED.fullmatch(text) or _NUMBERED.fullmatch(text)):
        return None
    month = _month(found["month"])
    if month is None:
        return None
    parts = (int(found["year"]), month, int(found["day"]), int(found["hour"] or 0), int(found["minute"] or 0))
    zone = f"{found['sign']}{found['zone']}:{found['minutes']}" if found["sign"] else ""
    try:
        there = datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo if zone else COPENHAGEN
        return datetime(*parts, tzinfo=there).astimezone(UTC).utctimetuple()
    except (ValueError, OverflowError):
        return None


def _month(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    word = _ENGLISH.get(word, word)
    return MONTHS.index(word) + 1 if word in MONTHS else None
