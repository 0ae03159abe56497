"""What accounts are told: that something happened which concerns them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.db import Model

SUBJECT_LENGTH = 40


class NoticeKind(StrEnum):
    """Why an account is told."""

    MENTION = "mention"
    ANSWER = "answer"
    EVENT = "event"


class Notice(Model):
    """That something happened, not what: the words are found when they are shown, by what the account may see then.

    `subject` is the thing it happened in, `source_id` what happened there. `settled_at`: no mail waits for it any more.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    kind: Mapped[NoticeKind]
    subject_kind: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    subject_id: Mapped[int]
    source_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)

    # Told once, however often it is found out.
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "source_id"),
        Index("ix_notice_account_id_at", "account_id", "at"),
    )


class NoticeCursor(Model):
    """How far a source of notices has been read."""

    __tablename__ = "notice_cursor"

    source: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), primary_key=True)
    position: Mapped[int]
