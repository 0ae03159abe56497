"""Who is registered for a webinar, in which order, and what they have been told."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model
from portal.webinars.models import Webinar

EMAIL = 254
NAME = 200


class RegistrationState(StrEnum):
    """`unconfirmed` until the address is proven. Only who is confirmed has a place."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    ATTENDED = "attended"


class ReminderKind(StrEnum):
    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


class Registration(Model):
    """One person's registration for one webinar.

    `place` is the order in which people came. An unconfirmed one keeps its turn while `held_until` is set. `told_as`
    is a digest of what the person was last told about time, state and where to join, `told_starts_at` the beginning
    they know of. On `forget_on` what says who it was is deleted: `email` is none from then on, the row still counts.
    """

    __tablename__ = "webinar_registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"))
    place: Mapped[int]
    state: Mapped[RegistrationState] = mapped_column(default=RegistrationState.UNCONFIRMED)
    email: Mapped[str | None] = mapped_column(String(EMAIL), index=True)
    name: Mapped[str] = mapped_column(String(NAME), default="")
    organisation: Mapped[str] = mapped_column(String(NAME), default="")
    language: Mapped[str] = mapped_column(String(2))
    is_listed: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_as: Mapped[str] = mapped_column(String(64), default="")
    told_starts_at: Mapped[datetime | None]
    calendar_steps: Mapped[int] = mapped_column(default=0)
    followed_up_at: Mapped[datetime | None]
    forget_on: Mapped[date | None] = mapped_column(index=True)

    webinar: Mapped[Webinar] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("webinar_id", "email"),
        UniqueConstraint("webinar_id", "place"),
    )


class RegistrationLink(Model):
    """A link that was mailed to who is registered. Each mail has its own; they end with the person's data."""

    __tablename__ = "registration_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey(Registration.id, ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]


class Reminder(Model):
    """That somebody was reminded of a beginning. Another beginning is reminded of anew."""

    __tablename__ = "webinar_reminder"

    registration_id: Mapped[int] = mapped_column(ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[ReminderKind] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]


class Feedback(Model):
    """What somebody thought of the webinar, said once."""

    __tablename__ = "webinar_feedback"

    registration_id: Mapped[int] = mapped_column(ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True)
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),)
