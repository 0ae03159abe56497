"""Registering for a webinar and leaving it again; places are given in the order in which people came.

Whatever gives or frees a place first locks the webinar, so that two at the same moment cannot both take the last one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.core import audit, clock, generations, throttle
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import VISITOR, Actor, require
from portal.search import outbox
from portal.webinars.models import Webinar
from portal.webinars.registration import mails, queries, terms
from portal.webinars.registration.calendar import CANCEL, REQUEST
from portal.webinars.registration.models import Feedback, Registration, RegistrationLink, RegistrationState
from portal.webinars.registration.terms import Standing

BY_ORIGIN = throttle.Limit("webinar_registration", 60, timedelta(hours=1))
BY_EMAIL = throttle.Limit("webinar_registration_mail", 10, timedelta(hours=1))
"""A town hall behind one address registers together; one mailbox is not written to without end."""

KIND = "webinar"
LEAVING = (RegistrationState.UNCONFIRMED, RegistrationState.CONFIRMED, RegistrationState.WAITLISTED)


@dataclass(frozen=True)
class Details:
    """What somebody says of themselves."""

    name: str
    email: str
    organisation: str
    is_listed: bool
    language: str


def register(webinar: Webinar, details: Details, *, origin: str, now: datetime) -> None:
    """Keep a turn for somebody and mail the link that proves the address.

    Who is registered already is mailed that instead: the answer is the same for both.
    """
    require(VISITOR, "webinar.see", webinar)
    email = details.email.lower()
    for limit, key in ((BY_ORIGIN, origin), (BY_EMAIL, email)):
        throttle.check(limit, key, now=now)
        throttle.note(limit, key, now=now)
    webinar = queries.for_worker(webinar.id)
    if terms.standing(webinar, now, is_full=False) is not Standing.OPEN:
        raise Conflict("registration is closed")
    was_full = queries.is_full(webinar)
    found = _of_email(webinar.id, email)
    if found is not None and found.state not in (RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED):
        _say_how_it_stands(found, webinar, now)
        return
    registration = found or Registration(webinar_id=webinar.id, email=email, registered_at=now)
    if found is None or found.state is RegistrationState.CANCELLED:
        registration.state, registration.place = RegistrationState.UNCONFIRMED, _next_place(webinar.id)
        registration.registered_at, registration.held_until = now, terms.held_until(webinar, now)
    _describe(registration, details, webinar)
    db.session.add(registration)
    db.session.flush()
    mails.send("webinar_confirm", registration, webinar, now)
    audit.record(VISITOR, "registration.made", KIND, webinar.id, _about(registration), now=now)
    _tell_readers(webinar, was_full=was_full)


def confirm(registration: Registration, *, now: datetime) -> None:
    """Take the address as proven: a place, or the waiting list. Twice does nothing more."""
    webinar = queries.for_worker(registration.webinar_id)
    _read_anew(registration)
    if registration.state is not RegistrationState.UNCONFIRMED:
        return
    if not terms.takes_place(webinar, now):
        raise Conflict("the webinar has begun or is called off")
    was_full = queries.is_full(webinar)
    if registration.held_until is None:
        registration.place = _next_place(webinar.id)
    _take(registration, webinar, now)
    audit.record(VISITOR, "registration.confirmed", KIND, webinar.id, _about(registration), now=now)
    _tell_readers(webinar, was_full=was_full)


def add(webinar: Webinar, details: Details, *, actor: Actor, now: datetime) -> Registration:
    """Register somebody who asked the editors; they are told by mail and can leave by its link."""
    require(actor, "registration.manage", webinar)
    webinar = queries.for_worker(webinar.id)
    if not terms.takes_place(webinar, now):
        raise Conflict("the webinar has begun or is called off")
    was_full = queries.is_full(webinar)
    found = _of_email(webinar.id, details.email.lower())
    if found is not None and found.state not in (RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED):
        raise Invalid("email", "is registered")
    registration = found or Registration(webinar_id=webinar.id, email=details.email.lower())
    registration.registered_at, registration.place = now, _next_place(webinar.id)
    _describe(registration, details, webinar)
    db.session.add(registration)
    db.session.flush()
    _take(registration, webinar, now)
    audit.record(actor, "registration.added", KIND, webinar.id, _about(registration), now=now)
    _tell_readers(webinar, was_full=was_full)
    return registration


def cancel(registration: Registration, *, now: datetime, actor: Actor = VISITOR) -> None:
    """Leave; whoever waits longest gets the place. Who holds the link may, and an editor. Twice does nothing more."""
    webinar = queries.for_worker(registration.webinar_id)
    if actor is not VISITOR:
        require(actor, "registration.manage", webinar)
    _read_anew(registration)
    if registration.state not in LEAVING or terms.has_begun(webinar, now):
        return
    was_full, had_place = queries.is_full(webinar), registration.state is RegistrationState.CONFIRMED
    registration.state, registration.held_until, registration.cancelled_at = RegistrationState.CANCELLED, None, now
    registration.forget_on = (now + terms.CANCELLED_FOR).astimezone(clock.COPENHAGEN).date()
    registration.calendar_steps += 1
    method = CANCEL if had_place and webinar.starts_at else ""
    mails.send("webinar_left", registration, webinar, now, method=method, by_staff=actor is not VISITOR)
    audit.record(actor, "registration.cancelled", KIND, webinar.id, _about(registration), now=now)
    settle(webinar, now=now)
    _tell_readers(webinar, was_full=was_full)


def list_me(registration: Registration, is_listed: bool, *, now: datetime) -> None:
    """Give or take back the consent to be named to the others who are registered."""
    if registration.is_listed is is_listed:
        return
    changes = {"is_listed": (registration.is_listed, is_listed)}
    registration.is_listed = is_listed
    audit.record(VISITOR, "registration.listed", KIND, registration.webinar_id, changes, now=now)


def change_capacity(webinar: Webinar, capacity: int | None, *, actor: Actor, now: datetime) -> None:
    """Give the webinar more or fewer places. Nobody who has one loses it; more are given to those who wait."""
    require(actor, "registration.manage", webinar)
    webinar = queries.for_worker(webinar.id)
    if webinar.capacity == capacity:
        return
    changes = {"capacity": (webinar.capacity, capacity)}
    webinar.capacity, webinar.updated_at = capacity, now
    db.session.flush()
    settle(webinar, now=now)
    audit.record(actor, "registration.capacity", KIND, webinar.id, changes, now=now)
    outbox.touch(KIND, webinar.id)


def attend(webinar: Webinar, registration_ids: set[int], *, actor: Actor, now: datetime) -> int:
    """Note who was there; returns how many that is news of."""
    require(actor, "registration.read", webinar)
    webinar = queries.for_worker(webinar.id)
    if not terms.has_begun(webinar, now):
        raise Conflict("the webinar has not begun")
    there = [
        one
        for one in queries.of_webinar(webinar.id)
        if one.id in registration_ids and one.state in (RegistrationState.CONFIRMED, RegistrationState.WAITLISTED)
    ]
    for one in there:
        one.state = RegistrationState.ATTENDED
    if there:
        audit.record(actor, "registration.attended", KIND, webinar.id, {"attended": (0, len(there))}, now=now)
    return len(there)


def give_feedback(registration: Registration, rating: int, text: str, *, now: datetime) -> None:
    """Say how it was. The first word counts."""
    webinar = queries.for_worker(registration.webinar_id)
    if registration.state not in queries.SEATED or not terms.has_begun(webinar, now):
        raise Conflict("only who was registered, once it has begun")
    if not queries.has_answered(registration):
        db.session.add(Feedback(registration_id=registration.id, rating=rating, text=text, at=now))
        db.session.flush()


def note_reading(webinar: Webinar, *, actor: Actor, now: datetime, count: int) -> None:
    """Leave a trace that the names were taken out of the portal."""
    require(actor, "registration.read", webinar)
    audit.record(actor, "registration.exported", KIND, webinar.id, {"registrations": (None, count)}, now=now)


def forget(registration: Registration) -> None:
    """Delete what says who it was; that somebody was there still counts."""
    email = registration.email
    registration.email = None
    registration.name = registration.organisation = ""
    registration.is_listed, registration.held_until, registration.forget_on = False, None, None
    if registration.state is RegistrationState.UNCONFIRMED:
        registration.state = RegistrationState.CANCELLED
    db.session.execute(delete(RegistrationLink).where(RegistrationLink.registration_id == registration.id))
    if email:
        mails.forget(email)
    db.session.flush()


def forget_me(registration: Registration, *, now: datetime) -> None:
    """Delete a person's data because they ask for it; a webinar to come is left without another mail."""
    webinar = queries.for_worker(registration.webinar_id)
    was_full = queries.is_full(webinar)
    _read_anew(registration)
    if registration.state in LEAVING and not terms.has_begun(webinar, now):
        registration.state = RegistrationState.CANCELLED
    audit.record(VISITOR, "registration.forgotten", KIND, webinar.id, _about(registration), now=now)
    forget(registration)
    settle(webinar, now=now)
    _tell_readers(webinar, was_full=was_full)


def settle(webinar: Webinar, *, now: datetime, newcomer: Registration | None = None) -> None:
    """Give free places to those who wait, in order. A turn that is kept for an unproven address counts as taken."""
    if not terms.takes_place(webinar, now):
        return
    free = None
    if webinar.capacity is not None:
        seated = select(func.count()).where(
            Registration.webinar_id == webinar.id, Registration.state.in_(queries.SEATED)
        )
        free = max(webinar.capacity - (db.session.scalar(seated) or 0), 0)
    for one in queries.in_line(webinar.id, free):
        if one.state is RegistrationState.WAITLISTED:
            one.state = RegistrationState.CONFIRMED
            note_told(one, webinar, now)
            how = "confirmed" if one is newcomer else "moved_up"
            mails.send("webinar_place", one, webinar, now, method=REQUEST, how=how)
    db.session.flush()


def note_told(registration: Registration, webinar: Webinar, now: datetime) -> None:
    """Remember what a mail that is being written says of time, state and where to join."""
    has_place = registration.state in queries.SEATED
    registration.told_as = terms.told(webinar, has_place=has_place)
    registration.told_at, registration.told_starts_at = now, webinar.starts_at
    registration.forget_on = terms.forget_on(webinar) or registration.forget_on


def _take(registration: Registration, webinar: Webinar, now: datetime) -> None:
    """Put somebody whose address is proven into the line, and tell them what came of it."""
    registration.state = RegistrationState.WAITLISTED
    registration.held_until, registration.cancelled_at, registration.confirmed_at = None, None, now
    db.session.flush()
    settle(webinar, now=now, newcomer=registration)
    if registration.state is RegistrationState.WAITLISTED:
        note_told(registration, webinar, now)
        mails.send("webinar_waiting", registration, webinar, now, ahead=queries.ahead_of(registration))
    db.session.flush()


def _read_anew(registration: Registration) -> None:
    """What may have changed while the webinar was locked by somebody else."""
    db.session.refresh(registration, ["state", "place", "held_until", "calendar_steps"])


def _say_how_it_stands(registration: Registration, webinar: Webinar, now: datetime) -> None:
    if registration.state is RegistrationState.WAITLISTED:
        mails.send("webinar_waiting", registration, webinar, now, ahead=queries.ahead_of(registration))
    else:
        mails.send("webinar_place", registration, webinar, now, method=REQUEST, how="again")


def _describe(registration: Registration, details: Details, webinar: Webinar) -> None:
    registration.name, registration.organisation = details.name, details.organisation
    registration.is_listed, registration.language = details.is_listed, details.language
    registration.forget_on = terms.forget_on(webinar)


def _of_email(webinar_id: int, email: str) -> Registration | None:
    mine = (Registration.webinar_id == webinar_id, Registration.email == email)
    return db.session.scalar(select(Registration).where(*mine))


def _next_place(webinar_id: int) -> int:
    last = select(func.max(Registration.place)).where(Registration.webinar_id == webinar_id)
    return (db.session.scalar(last) or 0) + 1


def _tell_readers(webinar: Webinar, *, was_full: bool) -> None:
    """Let the public pages be made anew when the webinar has become full, or is so no longer."""
    db.session.flush()
    if queries.is_full(webinar) is not was_full:
        generations.bump(KIND)


def _about(registration: Registration) -> dict[str, tuple[None, int]]:
    """Who it was is nowhere in the trace but by number: it stays when the person is forgotten."""
    return {"registration": (None, registration.id)}
