"""Webinars as calendars read them (RFC 5545). Where to join is in none of them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from portal.core.labels import label
from portal.core.syndication import legible
from portal.core.web import address
from portal.webinars.models import State, Webinar

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Smart Society//Portal//EN"
REFRESH = timedelta(hours=6)
STATUS = {State.CANCELLED: "CANCELLED", State.POSTPONED: "TENTATIVE"}


def ics(name: str, webinars: Iterable[Webinar]) -> bytes:
    """A calendar of the webinars; those without a day cannot stand in one and are left out."""
    dated = [webinar for webinar in webinars if webinar.held_on is not None]
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", legible(name))
    calendar.add("x-wr-calname", legible(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for zone in sorted({webinar.zone for webinar in dated if webinar.starts_at is not None}):
        calendar.add_component(_zone(zone, dated))
    for webinar in dated:
        calendar.add_component(_event(webinar))
    return bytes(calendar.to_ical())


def _zone(zone: str, webinars: Iterable[Webinar]) -> Timezone:
    """The rules of a zone for the years that the calendar touches."""
    days = [webinar.held_on for webinar in webinars if webinar.zone == zone and webinar.held_on]
    first, last = min(days).replace(month=1, day=1), max(days).replace(month=12, day=31)
    return Timezone.from_tzid(zone, first_date=first - timedelta(days=366), last_date=last + timedelta(days=1))


def _event(webinar: Webinar) -> Event:
    title, abstract = webinar.text("title"), webinar.text("abstract")
    page = address("webinars.show", slug=webinar.slug)
    event = Event()
    event.add("uid", webinar.uid)
    event.add("sequence", webinar.sequence)
    event.add("dtstamp", webinar.updated_at)
    event.add("created", webinar.created_at)
    event.add("last-modified", webinar.updated_at)
    for name, moment in _times(webinar):
        event.add(name, moment)
    event.add("summary", legible(str(title)), parameters={"LANGUAGE": title.language})
    description = legible("\n\n".join(filter(None, (str(abstract), page))))
    event.add("description", description, parameters={"LANGUAGE": abstract.language})
    event.add("url", page)
    event.add("status", STATUS.get(webinar.state, "CONFIRMED"))
    if webinar.themes:
        event.add("categories", [label(tie.theme) for tie in webinar.themes])
    event.add("transp", "TRANSPARENT" if webinar.starts_at is None or webinar.state in STATUS else "OPAQUE")
    return event


def _times(webinar: Webinar) -> list[tuple[str, Any]]:
    """Beginning and end: a whole day where the hour is not known, no end where none is."""
    if webinar.starts_at is None:
        day: Any = webinar.held_on
        return [("dtstart", day), ("dtend", day + timedelta(days=1))]
    zone = ZoneInfo(webinar.zone)
    times = [("dtstart", webinar.starts_at.astimezone(zone))]
    return times + ([("dtend", webinar.ends_at.astimezone(zone))] if webinar.ends_at else [])
