"""What people decide about their own accounts."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from portal.accounts import onetime, passwords, personal, queries, sessions
from portal.accounts.models import Account, AccountSession, Membership, MembershipRole, TokenPurpose
from portal.accounts.operations import authenticated, refuse_last_administrator
from portal.accounts.recovery.operations import tell_of_new_password
from portal.accounts.registration.operations import tell_of_link
from portal.core import audit, mail, throttle
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Actor, require

FRESH = timedelta(minutes=15)
EMAIL_CHANGES = throttle.Limit("email_change", 5, timedelta(hours=1))


def revise(account: Account, profile: Any, *, actor: Actor, now: datetime) -> None:
    """Change name, language, time zone and mail choice."""
    require(actor, "account.edit", account)
    changes = {}
    for field in fields(profile):
        before, after = getattr(account, field.name), getattr(profile, field.name)
        if before != after:
            setattr(account, field.name, after)
            changes[field.name] = (before, after)
    if changes:
        audit.record(actor, "account.revised", "account", account.id, changes, now=now)


def confirm(account: Account, password: str, session: AccountSession, *, now: datetime) -> bool:
    """Whether it is really the account's owner: by the password or, where it has none, by a sign-in just now.

    A wrong password is counted; `TooMany` after too many.
    """
    if not account.password_hash:
        return now - session.authenticated_at < FRESH
    return authenticated(str(account.email), password, origin=f"account {account.id}", now=now) is not None


def ask_email_change(account: Account, email: str, *, actor: Actor, now: datetime) -> None:
    """Mail a link to a new address that makes it the account's. Nothing tells whether somebody else has it."""
    require(actor, "account.edit", account)
    throttle.check(EMAIL_CHANGES, str(account.id), now=now)
    throttle.note(EMAIL_CHANGES, str(account.id), now=now)
    address = queries.normal(email)
    owner = queries.by_email(address)
    if owner is not None:
        if owner.id != account.id and owner.is_active:
            mail.post(address, "already_registered", kind="account", language=owner.locale, name=owner.name)
        return
    token = onetime.issue(account, TokenPurpose.VERIFY, now=now, email=address)
    tell_of_link(account, address, token, now)


def change_password(account: Account, password: str, session: AccountSession, *, actor: Actor, now: datetime) -> None:
    """Set a new password; every other device is signed out, and no mailed link sets another."""
    require(actor, "account.edit", account)
    account.password_hash = passwords.hashed(password)
    sessions.end_all(account.id, now=now, but=session.id)
    onetime.revoke(account.id, TokenPurpose.RESET, now=now)
    audit.record(actor, "account.password_changed", "account", account.id, now=now)
    tell_of_new_password(account, now)


def end_session(account: Account, session_id: int, *, actor: Actor, now: datetime) -> None:
    """Sign one of the account's devices out."""
    require(actor, "account.edit", account)
    found = next((one for one in sessions.of_account(account.id, now=now) if one.id == session_id), None)
    if found is None:
        raise NotFound("session", session_id)
    sessions.end(found, now=now)


def end_other_sessions(account: Account, session: AccountSession, *, actor: Actor, now: datetime) -> None:
    """Sign every device out but the one that asks."""
    require(actor, "account.edit", account)
    sessions.end_all(account.id, now=now, but=session.id)


def give_out(account: Account, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything we hold about the account."""
    require(actor, "account.edit", account)
    audit.record(actor, "account.exported", "account", account.id, now=now)
    db.session.flush()
    return personal.everything_about(account)


def in_the_way(account: Account) -> list[Membership]:
    """The memberships that must be handed over before the account can go: last admin of a partner with others."""
    return [
        one
        for one in queries.memberships_of(account.id)
        if one.role is MembershipRole.ADMIN
        and queries.count_members(one.partner_id, MembershipRole.ADMIN) == 1
        and queries.count_members(one.partner_id) > 1
    ]


def erase(account: Account, *, actor: Actor, now: datetime) -> None:
    """Delete an account by its owner's wish. `Invalid` while others would be left without an admin."""
    require(actor, "account.edit", account)
    refuse_last_administrator(account)
    if in_the_way(account):
        raise Invalid("account", "is the last admin of a partner that has other people")
    email, language, name = str(account.email), account.locale, account.name
    audit.record(actor, "account.erased", "account", account.id, now=now)
    db.session.flush()
    personal.erase(account, now=now)
    mail.post(email, "account_deleted", kind="account", language=language, name=name)
