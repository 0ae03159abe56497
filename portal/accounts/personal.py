"""Everything we hold about a person: given out to them, and taken away when they go.

What the slices above hold, they enter here (`enter`) when the portal is put together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from portal.accounts import erasures, queries
from portal.accounts.models import (
    Account,
    AccountRole,
    AccountSession,
    AccountToken,
    AskState,
    Identity,
    Invitation,
    JoinRequest,
    Membership,
    Passkey,
    RecoveryCode,
)
from portal.core import audit, kept, mail, throttle
from portal.core.db import db


@dataclass(frozen=True)
class Holder:
    """A slice that keeps something about people: how to give it out, how to take the person out of it."""

    name: str
    give_out: Callable[[int], Any]
    erase: Callable[[int], None]


_holders: dict[str, Holder] = {}


def enter(holder: Holder) -> None:
    """Let the holder be asked at every export and every erasure."""
    _holders[holder.name] = holder


def everything_about(account: Account) -> dict[str, Any]:
    """What we hold about an account, without secrets, ready for JSON."""
    theirs = account.id
    return {
        "account": _columns(account, but=("password_hash", "totp_secret", "totp_last_step")),
        "has_password": bool(account.password_hash),
        "has_code_generator": account.totp_confirmed_at is not None,
        "roles": [one.role.value for one in _rows(AccountRole, theirs)],
        "memberships": [
            {"partner": one.partner.slug, "role": one.role.value, "since": _plain(one.since)}
            for one in queries.memberships_of(theirs)
        ],
        "sessions": [_columns(one, but=("token_hash",)) for one in _rows(AccountSession, theirs)],
        "passkeys": [_columns(one, but=("credential_id", "public_key")) for one in _rows(Passkey, theirs)],
        "sign_in_providers": [_columns(one) for one in _rows(Identity, theirs)],
        "join_requests": [_columns(one) for one in _rows(JoinRequest, theirs)],
        "invitations": [_columns(one, but=("token_hash",)) for one in _invitations_to(account)],
        "drafts": [_columns(one, but=("token_hash",)) for one in kept.drafts_of(theirs)],
        "mails": [{"subject": one.subject, "at": _plain(one.created_at)} for one in mail.sent_to(account.email or "")],
        "actions": [_columns(one) for one in audit.of_account(theirs)],
        **{name: holder.give_out(theirs) for name, holder in _holders.items()},
    }


def erase(account: Account, *, now: datetime) -> None:
    """Take the person out: what belongs to partners stays, under a number without a name."""
    theirs, email, name = account.id, account.email or "", account.name
    for holder in _holders.values():
        holder.erase(theirs)
    for model in (
        AccountRole, Membership, AccountSession, AccountToken, RecoveryCode, Passkey, Identity, JoinRequest,
    ):  # fmt: skip
        db.session.execute(delete(model).where(model.account_id == theirs))
    to_them = Invitation.email == email
    db.session.execute(delete(Invitation).where(to_them, Invitation.state == AskState.PENDING))
    db.session.execute(update(Invitation).where(to_them).values(email=""))
    kept.drop_drafts(theirs)
    for key in (email, str(theirs)):
        throttle.forget(key)
    mail.erase(email, name)
    audit.erase(theirs)
    account.email = account.email_verified_at = account.totp_confirmed_at = None
    account.name = account.password_hash = account.totp_secret = ""
    account.erased_at = now
    erasures.note(theirs, now)
    db.session.flush()


def _rows(model: Any, account_id: int) -> Any:
    return db.session.scalars(select(model).where(model.account_id == account_id)).all()


def _invitations_to(account: Account) -> Any:
    if account.email_verified_at is None:
        return ()
    return db.session.scalars(select(Invitation).where(Invitation.email == account.email)).all()


def _columns(row: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key not in but]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
