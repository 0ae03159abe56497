"""Webinars as calendars read them (RFC 5545). Where to join is in none of them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from portal.core.labels import label
from portal.core.syndication import legible
from portal.core.web import address
from portal.webinars import zones
from portal.webinars.metadata import lead
from portal.webinars.models import State, Webinar

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Smart Society//Portal//EN"
REFRESH = timedelta(hours=6)
STATUS = {State.CANCELLED: "CANCELLED", State.POSTPONED: "TENTATIVE"}


def ics(name: str, webinars: Iterable[Webinar]) -> bytes:
    """A calendar of the webinars; those without a day cannot stand in one and are left out."""
    return bytes(assembled(name, webinars).to_ical())


def single(webinar: Webinar) -> bytes:
    """One webinar to be taken into a calendar, or out of it again when it is cancelled (RFC 5546)."""
    is_off = webinar.state is State.CANCELLED
    calendar = assembled(str(webinar.text("title")), [webinar], method="CANCEL" if is_off else "PUBLISH")
    return bytes(calendar.to_ical())


def assembled(name: str, webinars: Iterable[Webinar], *, method: str = "PUBLISH") -> Calendar:
    """`ics` before it is written down."""
    dated = [webinar for webinar in webinars if webinar.held_on is not None]
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("name", legible(name))
    calendar.add("x-wr-calname", legible(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for zone in sorted({webinar.zone for webinar in dated if webinar.starts_at is not None}):
        calendar.add_component(_zone(zone, dated))
    for webinar in dated:
        calendar.add_component(_event(webinar))
    return calendar


def _zone(zone: str, webinars: Iterable[Webinar]) -> Timezone:
    """The rules of a zone for the years that the calendar touches, and the one before: there, a year begins later."""
    years = [webinar.held_on.year for webinar in webinars if webinar.zone == zone and webinar.held_on]
    return zones.component(zone, min(years) - 1, max(years))


def _event(webinar: Webinar) -> Event:
    title, abstract = webinar.text("title"), lead(webinar)
    page = address("webinars.show", slug=webinar.slug)
    is_off = webinar.state in STATUS
    event = Event()
    event.add("uid", webinar.uid)
    event.add("sequence", webinar.sequence)
    event.add("dtstamp", webinar.updated_at)
    event.add("created", webinar.created_at)
    event.add("last-modified", webinar.updated_at)
    for name, moment in _times(webinar):
        event.add(name, moment)
    # Not every calendar shows the status, and a reminder shows the title alone.
    summary = f"{label(webinar.state)}: {title}" if is_off else str(title)
    event.add("summary", legible(summary), parameters={"LANGUAGE": title.language})
    reason = str(webinar.text("reason")) if is_off else ""
    description = legible("\n\n".join(filter(None, (reason, str(abstract), page))))
    event.add("description", description, parameters={"LANGUAGE": abstract.language})
    event.add("url", page)
    event.add("status", STATUS.get(webinar.state, "CONFIRMED"))
    if webinar.themes:
        event.add("categories", [label(tie.theme) for tie in webinar.themes])
    event.add("transp", "TRANSPARENT" if webinar.starts_at is None or is_off else "OPAQUE")
    return event


def _times(webinar: Webinar) -> list[tuple[str, Any]]:
    """Beginning and end: a whole day where the hour is not known, no end where none is."""
    if webinar.starts_at is None:
        day: Any = webinar.held_on
        return [("dtstart", day), ("dtend", day + timedelta(days=1))]
    zone = ZoneInfo(webinar.zone)
    times = [("dtstart", webinar.starts_at.astimezone(zone))]
    return times + ([("dtend", webinar.ends_at.astimezone(zone))] if webinar.ends_at else [])
