"""What accounts do, and what is done to them."""

import logging
import re
from collections.abc import Collection
from datetime import datetime, timedelta

from portal.accounts import onetime, passwords, queries, sessions
from portal.accounts import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.accounts.models import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    Account,
    AccountRole,
    Membership,
    MembershipRole,
    TokenPurpose,
)
from portal.core import audit, bilingual, throttle
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Actor, Role, require
from portal.partners.models import Partner

log = logging.getLogger(__name__)

ADDRESS = r"[^@\s<>,;:\"()\\\[\]]+@[^@\s<>,;:\"()\\\[\]]+\.[^@\s<>,;:\"()\\\[\].]+"
"""What an e-mail address looks like; whether it is one, only a mail that is answered tells."""

BY_ADDRESS = throttle.Limit("sign_in_address", 50, timedelta(minutes=15))
BY_ACCOUNT = throttle.Limit("sign_in_account", 10, timedelta(minutes=15))


def authenticated(email: str, password: str, *, origin: str, now: datetime) -> Account | None:
    """The account whose password this is. A wrong one is counted, for the account and for where it came from.

    The answer and the time it takes are the same whether the account exists or not. `TooMany` after too many,
    `Forbidden` for a suspended account: who has its password may know.
    """
    throttle.check(BY_ADDRESS, origin, now=now)
    throttle.check(BY_ACCOUNT, queries.normal(email), now=now)
    account = queries.by_email(email)
    is_right = passwords.is_right(password, account.password_hash if account else "")
    if account is None or not is_right:
        log.info("sign-in refused: %s", f"wrong password for account {account.id}" if account else "no such account")
        throttle.note(BY_ADDRESS, origin, now=now)
        throttle.note(BY_ACCOUNT, queries.normal(email), now=now)
        return None
    if not account.is_active:
        log.info("sign-in refused: account %s is suspended", account.id)
        raise Forbidden("account.enter")
    throttle.clear(BY_ACCOUNT, queries.normal(email))
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    return account


def create(
    email: str,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    password: str = "",
    roles: Collection[Role] = (),
    partner: Partner | None = None,
    partner_role: MembershipRole = MembershipRole.EDITOR,
) -> Account:
    """An account made by an operator, its address taken as proven. `Invalid` names what cannot be accepted."""
    address, name = queries.normal(email), name.strip()
    if not re.fullmatch(ADDRESS, address) or len(address) > EMAIL_LENGTH:
        raise Invalid("email", "is not an e-mail address")
    if not 0 < len(name) <= NAME_LENGTH:
        raise Invalid("name", f"must have 1 to {NAME_LENGTH} characters")
    if queries.by_email(address) is not None:
        raise Invalid("email", "has an account already")
    if password and (found := passwords.weakness(password, address, name)):
        raise Invalid("password", f"is too weak ({found})")
    account = Account(
        email=address,
        email_verified_at=now,
        name=name,
        password_hash=passwords.hashed(password) if password else "",
        locale=bilingual.chosen(),
        created_at=now,
        roles=[AccountRole(role=role) for role in roles],
        memberships=[Membership(partner_id=partner.id, role=partner_role, since=now)] if partner else [],
    )
    db.session.add(account)
    db.session.flush()
    audit.record(actor, "account.created", "account", account.id, {"roles": ([], sorted(roles))}, now=now)
    if partner:
        audit.record(actor, "membership.added", "partner", partner.id, {"account": (None, account.id)}, now=now)
    return account


def suspend(account: Account, *, actor: Actor, now: datetime) -> None:
    """Shut an account out: its sessions and mailed links end at once. The last administrator cannot be."""
    require(actor, "account.administer", account)
    if account.suspended_at is not None:
        return
    refuse_last_administrator(account)
    account.suspended_at = now
    sessions.end_all(account.id, now=now)
    for purpose in TokenPurpose:
        onetime.revoke(account.id, purpose, now=now)
    audit.record(actor, "account.suspended", "account", account.id, now=now)


def restore(account: Account, *, actor: Actor, now: datetime) -> None:
    """Let a suspended account in again."""
    require(actor, "account.administer", account)
    if account.suspended_at is None:
        return
    account.suspended_at = None
    audit.record(actor, "account.restored", "account", account.id, now=now)


def refuse_last_administrator(account: Account) -> None:
    """`Invalid` when without this account nobody could administer the portal."""
    others = [one for one in queries.with_role(Role.ADMINISTRATOR) if one.id != account.id]
    mine = db.session.get(AccountRole, (account.id, Role.ADMINISTRATOR))
    if mine is not None and not others:
        raise Invalid("account", "is the last administrator")
