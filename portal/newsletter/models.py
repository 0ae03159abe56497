"""The newsletter: who reads it, and its editions, each composed by the worker and looked over by the staff."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.bilingual import Bilingual
from portal.core.db import Model
from portal.core.themes import Theme

SUBJECT_LENGTH = 150


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriberState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    BOUNCED = "bounced"


class EditionState(StrEnum):
    """`empty`: nothing came out in its period, so nobody is written to."""

    COMPOSED = "composed"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    EMPTY = "empty"


class Subscriber(Model):
    """An address that asked for the newsletter. Until it is confirmed nothing but the one question goes to it."""

    __tablename__ = "subscriber"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    frequency: Mapped[Frequency]
    state: Mapped[SubscriberState] = mapped_column(default=SubscriberState.PENDING, index=True)
    confirm_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]

    themes: Mapped[list["SubscriberTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")


class SubscriberTheme(Model):
    """A theme that a reader chose; none of them means all."""

    __tablename__ = "subscriber_theme"

    subscriber_id: Mapped[int] = mapped_column(ForeignKey(Subscriber.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True)


class Edition(Bilingual, Model):
    """What came out from `since` to `until`, to be sent at `send_at`. The staff may write a subject and a few words."""

    __tablename__ = "edition"

    pairs = ("subject", "intro")

    id: Mapped[int] = mapped_column(primary_key=True)
    frequency: Mapped[Frequency]
    since: Mapped[datetime]
    until: Mapped[datetime]
    send_at: Mapped[datetime]
    state: Mapped[EditionState] = mapped_column(default=EditionState.COMPOSED, index=True)
    subject_da: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), default="")
    subject_en: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), default="")
    intro_da: Mapped[str] = mapped_column(default="")
    intro_en: Mapped[str] = mapped_column(default="")
    composed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["EditionItem"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EditionItem.position"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("frequency", "until"),
        CheckConstraint("since < until", name="period"),
    )


class EditionItem(Model):
    """An article or a webinar of an edition."""

    __tablename__ = "edition_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    position: Mapped[int]
    is_left_out: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("edition_id", "kind", "subject_id"),)


class Delivery(Model):
    """That an edition was written to a reader, or that there was nothing in it for them: never twice."""

    __tablename__ = "edition_delivery"

    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey(Subscriber.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    has_mail: Mapped[bool]
    at: Mapped[datetime]
