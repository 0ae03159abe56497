"""What articles and webinars go through before readers see them: who has them, what is said of them, revisions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.db import Model

NAME_LENGTH = 120
KIND_LENGTH = 40


class Edited:
    """Mixin of what the desk looks after.

    `created_by_id` is who began it, `assignee_id` who of the staff has it. `submitted_at` is set while a member's
    proposal waits or has been taken; `answer` is what staff said when they returned or refused it.
    """

    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    submitted_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")


class Purpose(StrEnum):
    """What a link to a draft is good for: reading it, or reading it and saying something."""

    PREVIEW = "preview"
    REVIEW = "review"


class DraftLink(Model):
    """A secret way to one draft, for somebody without an account. `name` is whom it was made for."""

    __tablename__ = "draft_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    subject_id: Mapped[int]
    purpose: Mapped[Purpose]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_draft_link_subject_kind_subject_id", "subject_kind", "subject_id"),)


class DraftComment(Model):
    """Something said about a draft: by an account, or under a name by somebody whose link said who they are."""

    __tablename__ = "draft_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    subject_id: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey(DraftLink.id, ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    body: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (Index("ix_draft_comment_subject_kind_subject_id", "subject_kind", "subject_id"),)


class Revision(Model):
    """A thing's content as it was saved once: field → value, as JSON holds it."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    subject_id: Mapped[int]
    number: Mapped[int]
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "number"),)
