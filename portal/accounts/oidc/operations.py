"""Signing in by a provider, and linking an account of ours with one there."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete

from portal.accounts import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.accounts import queries as accounts
from portal.accounts.models import EMAIL_LENGTH, NAME_LENGTH, Account, Identity
from portal.accounts.oidc import queries
from portal.accounts.operations import ADDRESS
from portal.core import audit, bilingual, mail, throttle
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require

BY_ADDRESS = throttle.Limit("oidc_address", 50, timedelta(minutes=15))


class Refusal(StrEnum):
    """Why somebody whom the provider knows is not let in, or not linked."""

    NOT_VERIFIED = "not_verified"
    HAS_ACCOUNT = "has_account"
    OTHER_ADDRESS = "other_address"
    OTHER_ACCOUNT = "other_account"
    SHUT_OUT = "shut_out"


@dataclass(frozen=True)
class Vouched:
    """What the provider says of somebody."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str


def enter(who: Vouched, *, now: datetime) -> Account | Refusal:
    """The account to sign in to: the linked one, or a new one for an address that the provider has verified.

    Whose address has an account here already links it from within: the provider's word alone does not open it.
    """
    known = queries.by_subject(who.issuer, who.subject)
    if known is not None:
        account = db.session.get_one(Account, known.account_id)
        return account if account.is_active else Refusal.SHUT_OUT
    email = accounts.normal(who.email)
    if not who.is_verified or not re.fullmatch(ADDRESS, email) or len(email) > EMAIL_LENGTH:
        return Refusal.NOT_VERIFIED
    if accounts.by_email(email) is not None:
        return Refusal.HAS_ACCOUNT
    name = " ".join(who.name.split())[:NAME_LENGTH] or email.partition("@")[0]
    account = Account(email=email, email_verified_at=now, name=name, locale=bilingual.chosen(), created_at=now)
    db.session.add(account)
    db.session.flush()
    actor = Actor(account_id=account.id, name=account.name)
    audit.record(actor, "account.registered", "account", account.id, now=now)
    _link(account, who, actor, now)
    return account


def link(account: Account, who: Vouched, *, provider: str, actor: Actor, now: datetime) -> Refusal | None:
    """Let its owner sign in by the provider as well, where both have verified the same address."""
    require(actor, "account.edit", account)
    known = queries.by_subject(who.issuer, who.subject)
    if known is not None:
        return None if known.account_id == account.id else Refusal.OTHER_ACCOUNT
    if not who.is_verified:
        return Refusal.NOT_VERIFIED
    if account.email_verified_at is None or accounts.normal(who.email) != account.email:
        return Refusal.OTHER_ADDRESS
    _link(account, who, actor, now)
    _tell(account, "linked", provider)
    return None


def unlink(account: Account, issuer: str, *, provider: str, actor: Actor, now: datetime) -> None:
    """Sign in by the provider no longer. `Invalid` when there would be no way in."""
    require(actor, "account.edit", account)
    if queries.of_account(account.id, issuer) is None:
        return
    if not account.password_hash:
        raise Invalid("identity", "is the only way in")
    db.session.execute(delete(Identity).where(Identity.account_id == account.id, Identity.issuer == issuer))
    audit.record(actor, "account.identity_unlinked", "account", account.id, {"issuer": (issuer, None)}, now=now)
    _tell(account, "unlinked", provider)


def _link(account: Account, who: Vouched, actor: Actor, now: datetime) -> None:
    db.session.add(Identity(account_id=account.id, issuer=who.issuer, subject=who.subject, linked_at=now))
    db.session.flush()
    audit.record(actor, "account.identity_linked", "account", account.id, {"issuer": (None, who.issuer)}, now=now)


def _tell(account: Account, what: str, provider: str) -> None:
    address, language = str(account.email), account.locale
    mail.post(address, "identity", kind="account", language=language, name=account.name, what=what, provider=provider)
