"""What the worker does for those who are registered: told in time, never twice, and forgotten in the end.

Each step looks at what is so now and at what somebody was last told; a worker that was away catches up with the last
thing that matters, and one that dies in between repeats nothing.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.core import clock, generations
from portal.core.db import db, insert_of, transaction
from portal.core.errors import DomainError
from portal.webinars.models import State, Webinar
from portal.webinars.registration import mails, operations, queries, terms
from portal.webinars.registration.calendar import CANCEL, REQUEST
from portal.webinars.registration.models import Registration, RegistrationState, Reminder, ReminderKind

LEADS = {
    ReminderKind.WEEK: timedelta(days=7),
    ReminderKind.DAY: timedelta(days=1),
    ReminderKind.HOUR: timedelta(hours=1),
}
logger = logging.getLogger(__name__)

AT_ONCE = 40
"""How many mails one transaction writes: others wait for it."""


def work(now: datetime) -> None:
    """Bring every webinar up to date that people are registered for."""
    for webinar_id in queries.with_people(now):
        try:
            is_more = True
            while is_more:
                with transaction():
                    is_more = _look_after(queries.for_worker(webinar_id), now)
        except (DomainError, IntegrityError, StaleDataError, ValueError) as error:
            # The others' people, and everybody else's mail, do not wait for it; it is tried again with the next look.
            logger.warning("webinar %s could not be looked after: %s", webinar_id, type(error).__name__)


def sweep(now: datetime) -> None:
    """Forget who was registered when their day has come, and who never proved an address."""
    for one in queries.to_forget(now.astimezone(clock.COPENHAGEN).date(), AT_ONCE):
        operations.forget(one)
    stale = (Registration.state == RegistrationState.UNCONFIRMED, Registration.held_until.is_(None))
    db.session.execute(delete(Registration).where(*stale, Registration.registered_at < now - terms.CONFIRM_WITHIN))


def _look_after(webinar: Webinar, now: datetime) -> bool:
    """One portion of what is due; whether more may be."""
    was_full = queries.is_full(webinar)
    for one in queries.run_out(webinar.id, now):
        one.held_until = None
    db.session.flush()
    operations.settle(webinar, now=now)
    if queries.is_full(webinar) is not was_full:
        generations.bump(operations.KIND)
    done = _tell_changes(webinar, now) or _remind(webinar, now) or _follow_up(webinar, now)
    return done >= AT_ONCE


def _tell_changes(webinar: Webinar, now: datetime) -> int:
    """Tell who believes something else that it was moved or called off, or where to join now."""
    told = {has_place: terms.told(webinar, has_place=has_place) for has_place in (True, False)}
    wrong = queries.told_otherwise(webinar.id, told[True], told[False], AT_ONCE)
    is_on = webinar.state in terms.ON and webinar.starts_at is not None
    for one in wrong:
        before = one.told_starts_at
        operations.note_told(one, webinar, now)
        expected = webinar.starts_at if is_on else before
        if expected is None or expected <= now:
            continue  # it has been: what is put right afterwards concerns nobody's calendar
        has_place = one.state is RegistrationState.CONFIRMED
        if is_on:
            method = REQUEST if has_place else ""
            mails.send("webinar_changed", one, webinar, now, method=method, is_moved=before != webinar.starts_at)
        else:
            method = CANCEL if has_place and webinar.starts_at is not None else ""
            mails.send("webinar_called_off", one, webinar, now, method=method)
    db.session.flush()
    return len(wrong)


def _remind(webinar: Webinar, now: datetime) -> int:
    """Remind of the beginning by the shortest notice that is due: of two that were missed, one is enough."""
    if webinar.starts_at is None or not terms.takes_place(webinar, now):
        return 0
    due = [kind for kind, lead in LEADS.items() if webinar.starts_at - lead <= now]
    if not due:
        return 0
    kind = due[-1]
    people = queries.to_remind(webinar, kind, webinar.starts_at - LEADS[kind], AT_ONCE)
    for one in people:
        row = {"registration_id": one.id, "kind": kind, "starts_at": webinar.starts_at, "sent_at": now}
        db.session.execute(insert_of(Reminder).values(row))
        mails.send("webinar_reminder", one, webinar, now, method=REQUEST, lead=kind)
    return len(people)


def _follow_up(webinar: Webinar, now: datetime) -> int:
    """Tell who had a place that the recording is there."""
    if webinar.state is not State.RECORDED or not webinar.recording_url:
        return 0
    people = queries.to_follow_up(webinar.id, AT_ONCE)
    for one in people:
        one.followed_up_at = now
        mails.send("webinar_recording", one, webinar, now)
    db.session.flush()
    return len(people)
