"""What holds for registering for a webinar at a moment, without asking the database."""

import hashlib
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.core import clock
from portal.webinars.models import State, Webinar

HELD_FOR = timedelta(hours=2)
"""How long a place waits for its address to be proven. A mail may be slow; an invented one must not block it."""

CONFIRM_WITHIN = timedelta(days=3)
CANCELLED_FOR = timedelta(days=1)
ON = (State.ANNOUNCED, State.OPEN, State.RECORDED)


class Standing(StrEnum):
    """What a reader of the webinar's page can do."""

    NONE = "none"
    NOT_YET = "not_yet"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


def standing(webinar: Webinar, now: datetime, *, is_full: bool) -> Standing:
    """Whether one can register for a webinar that everybody may see."""
    if webinar.state is not State.OPEN or webinar.starts_at is None:
        return Standing.NONE
    if now >= min(filter(None, (webinar.starts_at, webinar.registration_closes_at))):
        return Standing.CLOSED
    if webinar.registration_opens_at is not None and now < webinar.registration_opens_at:
        return Standing.NOT_YET
    return Standing.FULL if is_full else Standing.OPEN


def takes_place(webinar: Webinar, now: datetime) -> bool:
    """Whether it is still to come: places are given, and people come from the waiting list."""
    return webinar.state in ON and webinar.starts_at is not None and now < webinar.starts_at


def has_begun(webinar: Webinar, now: datetime) -> bool:
    """Whether it was or is being held: who was there can be said, and how it was."""
    return webinar.state in ON and webinar.starts_at is not None and webinar.starts_at <= now


def held_until(webinar: Webinar, now: datetime) -> datetime:
    """How long a new registration keeps its turn unconfirmed."""
    end = now + HELD_FOR
    return min(end, webinar.starts_at) if webinar.starts_at else end


def forget_on(webinar: Webinar) -> date | None:
    """The day on which what says who was registered is deleted; none while no day is known."""
    end = webinar.ends_at or webinar.starts_at
    if end is None:
        return None
    return end.astimezone(clock.COPENHAGEN).date() + timedelta(days=max(webinar.retention_days, 1))


def told(webinar: Webinar, *, has_place: bool) -> str:
    """A digest of what somebody is to know: whether it takes place, when, and with a place also where to join."""
    facts: list[Any] = [webinar.state.value]
    if webinar.state in ON:
        facts = ["on", webinar.starts_at, webinar.ends_at, webinar.join_url if has_place else ""]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
