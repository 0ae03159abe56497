"""Setting a new password by a mailed link."""

from datetime import datetime, timedelta
from typing import Any

from portal.accounts import onetime, passwords, queries, sessions
from portal.accounts.models import Account, TokenPurpose
from portal.accounts.operations import BY_ACCOUNT as SIGNING_IN
from portal.core import audit, clock, mail, throttle
from portal.core.permissions import Actor

KIND = "password_reset"
BY_ADDRESS = throttle.Limit("reset_address", 20, timedelta(hours=1))
BY_ACCOUNT = throttle.Limit("reset_account", 5, timedelta(hours=1))


def ask(email: str, *, origin: str, now: datetime) -> None:
    """Promise a mail with which a password can be set. Whether there is such an account is looked up when it is sent.

    So neither the answer nor its time tells.
    """
    throttle.check(BY_ADDRESS, origin, now=now)
    throttle.check(BY_ACCOUNT, queries.normal(email), now=now)
    throttle.note(BY_ADDRESS, origin, now=now)
    throttle.note(BY_ACCOUNT, queries.normal(email), now=now)
    promise_link(queries.normal(email))


def promise_link(email: str) -> None:
    """Have the mail sent that leads to a new password, to whoever has an account with this address by then."""
    mail.promise(email, kind=KIND)


def _link(email: str) -> mail.Words | None:
    """What the mail says; nothing to somebody without an account, or who is shut out."""
    account, now = queries.by_email(email), clock.now()
    if account is None or not account.is_active:
        return None
    token = onetime.issue(account, TokenPurpose.RESET, now=now)
    until = now + onetime.LIFETIME[TokenPurpose.RESET]
    values = {"token": token, "name": account.name, "until": until, "zone": account.time_zone}
    return mail.Words("reset", account.locale, values)


mail.compose_by(KIND, _link)


def set_password(token: str, password: str, *, now: datetime) -> Account:
    """Give the account a new password, once. Whoever is signed in to it is not any more.

    Tries with the old one count no longer: who had too many has this way back in.

    The link came by mail, so the address is proven as well.
    """
    row, account = onetime.find(token, TokenPurpose.RESET, now=now)
    onetime.use(row, now=now)
    account.password_hash = passwords.hashed(password)
    account.email_verified_at = account.email_verified_at or now
    sessions.end_all(account.id, now=now)
    throttle.clear(SIGNING_IN, str(account.email))
    onetime.revoke(account.id, TokenPurpose.VERIFY, now=now)
    as_itself = Actor(account_id=account.id, name=account.name)
    audit.record(as_itself, "account.password_reset", "account", account.id, now=now)
    tell_of_new_password(account, now)
    return account


def tell_of_new_password(account: Account, now: datetime) -> None:
    """Mail the account that its password is another now: its owner shall know when it was somebody else."""
    words: dict[str, Any] = {"name": account.name, "at": now, "zone": account.time_zone}
    mail.post(str(account.email), "password_changed", kind="account", language=account.locale, **words)
