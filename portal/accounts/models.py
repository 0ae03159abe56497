"""People who log in: accounts, the partners they act for, their sessions, second factors and invitations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model
from portal.core.permissions import Role
from portal.partners.models import Partner

EMAIL_LENGTH = 254
NAME_LENGTH = 200


class MailChoice(StrEnum):
    """How often the portal may write to an account about what happens; what concerns the account itself always goes."""

    OFF = "off"
    IMMEDIATELY = "immediately"
    DAILY = "daily"
    WEEKLY = "weekly"


class MembershipRole(StrEnum):
    ADMIN = "admin"
    EDITOR = "editor"


class TokenPurpose(StrEnum):
    VERIFY = "verify"
    RESET = "reset"


class AskState(StrEnum):
    """What has become of an invitation or of a request to join."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Account(Model):
    """A person who logs in. An erased account keeps its number, so that the trace stays whole, and nothing else."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH), unique=True)
    email_verified_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(2), default="da")
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/Copenhagen")
    mail_choice: Mapped[MailChoice] = mapped_column(default=MailChoice.DAILY)
    totp_secret: Mapped[str] = mapped_column(String(64), default="")
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list["AccountRole"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    memberships: Mapped[list["Membership"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", back_populates="account"
    )
    passkeys: Mapped[list["Passkey"]] = relationship(lazy="raise_on_sql", viewonly=True, order_by="Passkey.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None and self.erased_at is None

    @property
    def has_second_factor(self) -> bool:
        """Whether the account has a passkey, or an app that makes codes."""
        return self.totp_confirmed_at is not None or bool(self.passkeys)


class AccountRole(Model):
    """A platform role. Whoever has one is staff and needs a second factor."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class Membership(Model):
    """An account acts for a partner."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    role: Mapped[MembershipRole] = mapped_column(default=MembershipRole.EDITOR)
    since: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="raise_on_sql", back_populates="memberships")
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("account_id", "partner_id"),)


class AccountSession(Model):
    """A signed-in device. The browser has the token, the row its digest; ending the row ends the session at once."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class AccountToken(Model):
    """A single-use, expiring secret that was mailed: to verify an address (`email`) or to set a new password.

    `onward` is the page of ours to go on to afterwards.
    """

    __tablename__ = "account_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    purpose: Mapped[TokenPurpose]
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), default="")
    onward: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A code on paper that stands in for a lost second factor, once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)


class Passkey(Model):
    """A WebAuthn credential."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Identity(Model):
    """An account at an OpenID Connect provider that is linked to one of ours."""

    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class Invitation(Model):
    """A partner's admin asks a person, by e-mail, to act for the partner."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    role: Mapped[MembershipRole] = mapped_column(default=MembershipRole.EDITOR)
    message: Mapped[str] = mapped_column(default="")
    state: Mapped[AskState] = mapped_column(default=AskState.PENDING, index=True)
    reason: Mapped[str] = mapped_column(default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")

    # One open invitation for each address and partner: sending again renews it.
    __table_args__ = (
        Index(
            "uq_invitation_pending",
            "partner_id",
            "email",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )


class JoinRequest(Model):
    """A person asks to act for a partner."""

    __tablename__ = "join_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(default="")
    state: Mapped[AskState] = mapped_column(default=AskState.PENDING, index=True)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))

    account: Mapped[Account] = relationship(lazy="raise_on_sql", foreign_keys=[account_id])
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refusal_has_reason"),
        Index(
            "uq_join_request_pending",
            "account_id",
            "partner_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )
