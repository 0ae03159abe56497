"""Where a webinar stands in time: what staff decided, and what the clock says."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, or_

from portal.core import clock
from portal.webinars.models import State, Webinar

CALLED_OFF = (State.CANCELLED, State.POSTPONED)


class Phase(StrEnum):
    """What a reader is told about a webinar at a glance."""

    UPCOMING = "upcoming"
    LIVE = "live"
    PAST = "past"
    RECORDED = "recorded"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    UNDATED = "undated"


def phase_of(webinar: Any, now: datetime) -> Phase:
    """The phase of a webinar, or of a row of its columns, at a moment."""
    if webinar.state in CALLED_OFF:
        return Phase(webinar.state.value)
    if webinar.state is State.RECORDED:
        return Phase.RECORDED
    if webinar.held_on is None and webinar.starts_at is None:
        return Phase.UNDATED
    if _is_over(webinar, now):
        return Phase.PAST
    is_live = webinar.starts_at is not None and webinar.ends_at is not None and webinar.starts_at <= now
    return Phase.LIVE if is_live else Phase.UPCOMING


def _is_over(webinar: Any, now: datetime) -> bool:
    if webinar.ends_at is not None:
        return bool(webinar.ends_at <= now)
    return _last_day(webinar) < _today(now)


def _last_day(webinar: Any) -> date:
    day: date = webinar.held_on or webinar.starts_at.astimezone(clock.COPENHAGEN).date()
    return day


def _today(now: datetime) -> date:
    return now.astimezone(clock.COPENHAGEN).date()


def is_over(now: datetime) -> ColumnElement[bool]:
    """Held already, said in SQL; without a known end it lasts until its day is over."""
    return or_(Webinar.ends_at <= now, and_(Webinar.ends_at.is_(None), Webinar.held_on < _today(now)))


def is_past(now: datetime) -> ColumnElement[bool]:
    """Held already and not called off: `past` or `recorded`."""
    return and_(or_(is_over(now), Webinar.state == State.RECORDED), Webinar.state.not_in(CALLED_OFF))


def is_coming(now: datetime) -> ColumnElement[bool]:
    """`upcoming` or `live`, said in SQL."""
    still_on = Webinar.state.not_in((*CALLED_OFF, State.RECORDED))
    running_or_ahead = or_(Webinar.ends_at > now, and_(Webinar.ends_at.is_(None), Webinar.held_on >= _today(now)))
    return and_(still_on, running_or_ahead)


def upcoming_first(now: datetime) -> tuple[ColumnElement[Any], ...]:
    """What comes, the soonest first; then what has been, the latest first; then what has no date."""
    coming = is_coming(now)
    return (
        case((coming, 0), else_=1),
        case((coming, Webinar.held_on)).asc().nulls_last(),
        Webinar.held_on.desc().nulls_last(),
        Webinar.starts_at.asc().nulls_last(),
    )


def danish_day(webinar: Any) -> date | None:
    """The day it begins in Denmark, or in its own zone where the hour is not known."""
    if webinar.starts_at is not None:
        day: date = webinar.starts_at.astimezone(clock.COPENHAGEN).date()
        return day
    held_on: date | None = webinar.held_on
    return held_on


def is_elsewhere(webinar: Any) -> bool:
    """Whether clocks in its own zone differ from Danish ones when it begins."""
    if webinar.starts_at is None or not webinar.zone:
        return False
    there = webinar.starts_at.astimezone(ZoneInfo(webinar.zone))
    return bool(there.utcoffset() != webinar.starts_at.astimezone(clock.COPENHAGEN).utcoffset())
