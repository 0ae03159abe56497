"""The webinar as an entry for one person's calendar (RFC 5546): mailed to who has a place, and to nobody else."""

from datetime import datetime
from email.utils import parseaddr

from icalendar import vCalAddress, vText

from portal.core import mail
from portal.core.syndication import legible
from portal.core.texts import gettext as _
from portal.core.web import address
from portal.webinars import calendar as calendars
from portal.webinars.models import Webinar
from portal.webinars.registration.models import Registration

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
_OF_SUBSCRIPTIONS = ("name", "x-wr-calname", "refresh-interval")


def entry(webinar: Webinar, registration: Registration, method: str, now: datetime) -> str:
    """The entry with the link to join, or what takes it out again. Its number grows with every change."""
    calendar = calendars.assembled(str(webinar.text("title")), [webinar], method=method)
    for name in _OF_SUBSCRIPTIONS:
        calendar.pop(name, None)
    event = calendar.walk("VEVENT")[0]
    for name in ("sequence", "dtstamp", "description", "location", "status", "transp"):
        event.pop(name, None)
    event.add("sequence", webinar.sequence + registration.calendar_steps)
    event.add("dtstamp", now)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == CANCEL else "OPAQUE")
    page = address("webinars.show", slug=webinar.slug)
    if method != CANCEL and webinar.join_url:
        event.add("location", webinar.join_url)
        event.add("description", _("Join: %(address)s", address=webinar.join_url) + f"\n\n{page}")
    else:
        event.add("description", page)
    organizer = vCalAddress(f"mailto:{parseaddr(mail.sender())[1]}")
    organizer.params["CN"] = vText(_("Smart Society"))
    event.add("organizer", organizer)
    if method != PUBLISH:  # what somebody takes themselves names nobody
        event.add("attendee", _attendee(registration))
    return str(calendar.to_ical().decode())


def _attendee(registration: Registration) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{registration.email}")
    attendee.params["CN"] = vText(legible(registration.name).replace('"', "'"))
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
