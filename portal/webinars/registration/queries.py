"""What pages and operations ask about registrations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from portal.core.db import db
from portal.core.errors import NotFound, Spent
from portal.core.permissions import Actor
from portal.core.tokens import digest_of
from portal.webinars.models import State, Webinar
from portal.webinars.registration import terms
from portal.webinars.registration.models import (
    Feedback,
    Registration,
    RegistrationLink,
    RegistrationState,
    Reminder,
    ReminderKind,
)
from portal.webinars.registration.permissions import read_by
from portal.webinars.registration.terms import Standing

SEATED = (RegistrationState.CONFIRMED, RegistrationState.ATTENDED)
BELIEVED = timedelta(days=1)
WHOLE = (undefer(Webinar.join_url), selectinload(Webinar.themes))
"""What mails and entries for calendars are made from; where to join is loaded for nothing else."""

_IN_LINE = or_(
    Registration.state == RegistrationState.WAITLISTED,
    and_(Registration.state == RegistrationState.UNCONFIRMED, Registration.held_until.is_not(None)),
)
"""Who waits for a place: on the list, or for a turn that is kept until the address is proven."""

TAKES_UP = or_(Registration.state.in_(SEATED), _IN_LINE)


def is_full(webinar: Webinar) -> bool:
    """Whether whoever comes now comes onto the waiting list."""
    return webinar.capacity is not None and webinar.id in full_among([webinar.id])


def full_among(webinar_ids: Collection[int]) -> set[int]:
    """Those of the webinars that have no free place."""
    if not webinar_ids:
        return set()
    full = (
        select(Webinar.id)
        .join(Registration, Registration.webinar_id == Webinar.id)
        .where(Webinar.id.in_(webinar_ids), Webinar.capacity.is_not(None), TAKES_UP)
        .group_by(Webinar.id, Webinar.capacity)
        .having(func.count() >= Webinar.capacity)
    )
    return set(db.session.scalars(full))


def standing_of(webinar: Webinar, now: datetime) -> Standing:
    """What a reader of the webinar's page can do."""
    return terms.standing(webinar, now, is_full=is_full(webinar))


def is_kept_by(webinar: Webinar, actor: Actor) -> bool:
    """`kept_by`, asked of a webinar that is known already."""
    mine = select(Webinar.id).where(Webinar.id == webinar.id, read_by(actor))
    return actor.is_signed_in and db.session.scalar(mine) is not None


def kept_by(slug: str, actor: Actor) -> Webinar:
    """A webinar whose registrations the actor may read; what they may not is not found."""
    mine = select(Webinar).where(Webinar.slug == slug, read_by(actor)).options(selectinload(Webinar.partners))
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound("webinar", slug)
    return found


def by_token(token: str) -> Registration:
    """The registration that a mailed link opens, with its webinar; `Spent` when it opens nothing any more."""
    found = db.session.scalar(
        select(Registration)
        .join(RegistrationLink, RegistrationLink.registration_id == Registration.id)
        .where(RegistrationLink.token_hash == digest_of(token), Registration.email.is_not(None))
        .options(joinedload(Registration.webinar).options(*WHOLE))
    )
    if found is None:
        raise Spent
    return found


def of_webinar(webinar_id: int) -> Sequence[Registration]:
    """All that count, in the order in which they came."""
    mine = select(Registration).where(Registration.webinar_id == webinar_id)
    return db.session.scalars(mine.order_by(Registration.place)).all()


def one_of(webinar: Webinar, registration_id: int) -> Registration:
    found = db.session.scalar(
        select(Registration).where(Registration.id == registration_id, Registration.webinar_id == webinar.id)
    )
    if found is None:
        raise NotFound("registration", registration_id)
    return found


def ahead_of(registration: Registration) -> int:
    """How many wait before somebody on the waiting list."""
    before = (
        select(func.count())
        .select_from(Registration)
        .where(Registration.webinar_id == registration.webinar_id, Registration.place < registration.place, _IN_LINE)
    )
    return db.session.scalar(before) or 0


@dataclass(frozen=True)
class Numbers:
    """How a webinar stands."""

    capacity: int | None
    by_state: dict[RegistrationState, int]
    held: int

    @property
    def seated(self) -> int:
        return sum(self.by_state.get(state, 0) for state in SEATED)

    @property
    def waiting(self) -> int:
        return self.by_state.get(RegistrationState.WAITLISTED, 0)

    @property
    def free(self) -> int | None:
        """Places nobody has or is about to have; none where there is no end of them."""
        if self.capacity is None:
            return None
        return max(self.capacity - self.seated - self.waiting - self.held, 0)


def numbers(webinar: Webinar) -> Numbers:
    mine = Registration.webinar_id == webinar.id
    rows = db.session.execute(select(Registration.state, func.count()).where(mine).group_by(Registration.state))
    held = select(func.count()).where(
        mine, Registration.state == RegistrationState.UNCONFIRMED, Registration.held_until.is_not(None)
    )
    return Numbers(webinar.capacity, dict(rows.all()), db.session.scalar(held) or 0)


def listed(webinar_id: int) -> Sequence[Any]:
    """(name, organisation) of those with a place who agreed to be listed."""
    who = select(Registration.name, Registration.organisation).where(
        Registration.webinar_id == webinar_id,
        Registration.state.in_(SEATED),
        Registration.is_listed,
        Registration.email.is_not(None),
    )
    return db.session.execute(who.order_by(Registration.name, Registration.id)).all()


def has_answered(registration: Registration) -> bool:
    return db.session.get(Feedback, registration.id) is not None


@dataclass(frozen=True)
class Opinions:
    """What people thought: how many gave which rating, and what they wrote."""

    by_rating: dict[int, int]
    texts: Sequence[str]

    @property
    def count(self) -> int:
        return sum(self.by_rating.values())

    @property
    def average(self) -> float:
        return sum(rating * count for rating, count in self.by_rating.items()) / self.count if self.count else 0.0


def opinions(webinar_id: int) -> Opinions:
    """The feedback without the names of who gave it."""
    of = select(Feedback.rating, Feedback.text).join(Registration, Registration.id == Feedback.registration_id)
    rows = db.session.execute(of.where(Registration.webinar_id == webinar_id).order_by(Feedback.at)).all()
    counts = {rating: sum(row.rating == rating for row in rows) for rating in range(5, 0, -1)}
    return Opinions(counts, [row.text for row in rows if row.text])


# What the worker asks


def in_line(webinar_id: int, limit: int | None) -> Sequence[Registration]:
    """Who waits, in order; as many as there are places."""
    mine = select(Registration).where(Registration.webinar_id == webinar_id, _IN_LINE).order_by(Registration.place)
    return db.session.scalars(mine.limit(limit)).all()


def with_people(now: datetime) -> Sequence[int]:
    """Webinars whose registered may have to be told something, or whose kept turns may have run out."""
    people = select(Registration.id).where(Registration.webinar_id == Webinar.id, Registration.email.is_not(None))
    ahead = or_(Webinar.starts_at.is_(None), Webinar.starts_at > now - BELIEVED)
    to_watch = and_(
        Webinar.state == State.RECORDED,
        Webinar.recording_url != "",
        people.where(Registration.followed_up_at.is_(None), Registration.state.in_(SEATED)).exists(),
    )
    found = select(Webinar.id).where(or_(and_(ahead, people.exists()), to_watch))
    return db.session.scalars(found.order_by(Webinar.id)).all()


def for_worker(webinar_id: int) -> Webinar:
    """A webinar as it is now, locked until the transaction ends, with where to join."""
    mine = select(Webinar).where(Webinar.id == webinar_id).options(*WHOLE)
    return db.session.scalars(mine.with_for_update(of=Webinar).execution_options(populate_existing=True)).one()


def run_out(webinar_id: int, now: datetime) -> Sequence[Registration]:
    """Whose kept turn is over."""
    mine = (Registration.webinar_id == webinar_id, Registration.state == RegistrationState.UNCONFIRMED)
    return db.session.scalars(select(Registration).where(*mine, Registration.held_until <= now)).all()


def told_otherwise(webinar_id: int, seated: str, waiting: str, limit: int) -> Sequence[Registration]:
    """Who believes something that is no longer so."""
    differs = or_(
        and_(Registration.state == RegistrationState.CONFIRMED, Registration.told_as != seated),
        and_(Registration.state == RegistrationState.WAITLISTED, Registration.told_as != waiting),
    )
    mine = (Registration.webinar_id == webinar_id, Registration.email.is_not(None))
    return db.session.scalars(
        select(Registration).where(*mine, differs).order_by(Registration.place).limit(limit)
    ).all()


def to_remind(webinar: Webinar, kind: ReminderKind, since: datetime, limit: int) -> Sequence[Registration]:
    """Who has a place, knew of this beginning before the reminder was due, and has not had it."""
    had = select(Reminder.registration_id).where(Reminder.kind == kind, Reminder.starts_at == webinar.starts_at)
    mine = (
        Registration.webinar_id == webinar.id,
        Registration.state == RegistrationState.CONFIRMED,
        Registration.email.is_not(None),
        Registration.told_at <= since,
        Registration.id.not_in(had),
    )
    return db.session.scalars(select(Registration).where(*mine).order_by(Registration.place).limit(limit)).all()


def to_follow_up(webinar_id: int, limit: int) -> Sequence[Registration]:
    """Who had a place and has not been told of the recording."""
    mine = (
        Registration.webinar_id == webinar_id,
        Registration.state.in_(SEATED),
        Registration.email.is_not(None),
        Registration.followed_up_at.is_(None),
    )
    return db.session.scalars(select(Registration).where(*mine).order_by(Registration.place).limit(limit)).all()


def to_forget(today: date, limit: int) -> Sequence[Registration]:
    due = select(Registration).where(Registration.email.is_not(None), Registration.forget_on <= today)
    return db.session.scalars(due.order_by(Registration.id).limit(limit)).all()


def of_address(address: ColumnElement[Any] | str) -> Sequence[Registration]:
    """Every registration under an address, with its webinar."""
    mine = select(Registration).where(Registration.email == address).order_by(Registration.id)
    return db.session.scalars(mine.options(joinedload(Registration.webinar))).all()
