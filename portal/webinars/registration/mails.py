"""The mails about registrations: each in its reader's language, with a link of its own and, with a place, an entry."""

from datetime import datetime
from typing import Any

from babel.dates import get_timezone_location
from sqlalchemy import delete

from portal.core import mail, templating
from portal.core.db import db
from portal.core.mail import Mail
from portal.core.texts import gettext as _
from portal.core.tokens import digest_of, new_token
from portal.core.web import absolute
from portal.webinars import timing
from portal.webinars.models import Webinar
from portal.webinars.registration import calendar, terms
from portal.webinars.registration.models import Registration, RegistrationLink, RegistrationState

KIND = "webinar"


def link_for(registration: Registration, now: datetime) -> str:
    """A new token that opens this registration."""
    token = new_token()
    db.session.add(RegistrationLink(token_hash=digest_of(token), registration_id=registration.id, made_at=now))
    return token


def send(
    template: str, registration: Registration, webinar: Webinar, now: datetime, *, method: str = "", **values: Any
) -> None:
    """Write a mail to who is registered into the running transaction; nothing to whom we do not know any more.

    `method` sends the entry for the calendar along: REQUEST or CANCEL.
    """
    if registration.email is None:
        return
    token = link_for(registration, now)
    mail.post(
        registration.email,
        template,
        kind=KIND,
        language=registration.language,
        headers=_way_out(registration, webinar, token, now),
        calendar=(lambda: calendar.entry(webinar, registration, method, now)) if method else None,
        registration=registration,
        webinar=webinar,
        token=token,
        when=lambda: when(webinar),
        **values,
    )


def _way_out(registration: Registration, webinar: Webinar, token: str, now: datetime) -> dict[str, str]:
    """What lets a mail program show a button of its own that leaves the webinar (RFC 8058)."""
    if registration.state is RegistrationState.CANCELLED or terms.has_begun(webinar, now):
        return {}
    cancel = absolute(f"/{registration.language}/webinars/registration/{token}/cancel")
    return {"List-Unsubscribe": f"<{cancel}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def when(webinar: Webinar) -> str:
    """Its time in words: on Danish clocks, and on those of its own zone where they differ."""
    if webinar.starts_at is None:
        return _("Date not reported")
    lines = [_("%(time)s (Danish time)", time=_span(webinar, "Europe/Copenhagen"))]
    if timing.is_elsewhere(webinar):
        city = get_timezone_location(webinar.zone, locale=templating.locale(), return_city=True)
        lines.append(_("%(time)s in %(city)s", time=_span(webinar, webinar.zone), city=city))
    return "\n".join(lines)


def _span(webinar: Webinar, zone: str) -> str:
    assert webinar.starts_at is not None
    begins = templating.moment(webinar.starts_at, zone)
    return f"{begins}–{templating.clock_time(webinar.ends_at, zone)}" if webinar.ends_at else begins


def forget(address: str) -> None:
    """Delete what was sent to an address about webinars."""
    db.session.execute(delete(Mail).where(Mail.kind == KIND, Mail.address == address, Mail.next_try_at.is_(None)))
