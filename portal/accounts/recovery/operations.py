"""Setting a new password by a mailed link."""

from datetime import datetime, timedelta

from portal.accounts import onetime, passwords, queries, sessions
from portal.accounts.models import Account, TokenPurpose
from portal.core import audit, mail, throttle
from portal.core.permissions import Actor

BY_ADDRESS = throttle.Limit("reset_address", 20, timedelta(hours=1))
BY_ACCOUNT = throttle.Limit("reset_account", 5, timedelta(hours=1))


def ask(email: str, *, origin: str, now: datetime) -> None:
    """Mail a link with which a password can be set, if there is such an account. Nothing tells whether there is."""
    throttle.check(BY_ADDRESS, origin, now=now)
    throttle.check(BY_ACCOUNT, queries.normal(email), now=now)
    throttle.note(BY_ADDRESS, origin, now=now)
    throttle.note(BY_ACCOUNT, queries.normal(email), now=now)
    account = queries.by_email(email)
    if account is None or not account.is_active:
        return
    token = onetime.issue(account, TokenPurpose.RESET, now=now)
    mail.post(str(account.email), "reset", kind="account", language=account.locale, token=token, name=account.name)


def set_password(token: str, password: str, *, now: datetime) -> Account:
    """Give the account a new password, once. Whoever is signed in to it is not any more.

    The link came by mail, so the address is proven as well.
    """
    row, account = onetime.find(token, TokenPurpose.RESET, now=now)
    onetime.use(row, now=now)
    account.password_hash = passwords.hashed(password)
    account.email_verified_at = account.email_verified_at or now
    sessions.end_all(account.id, now=now)
    onetime.revoke(account.id, TokenPurpose.VERIFY, now=now)
    as_itself = Actor(account_id=account.id, name=account.name)
    audit.record(as_itself, "account.password_reset", "account", account.id, now=now)
    tell_of_new_password(account)
    return account


def tell_of_new_password(account: Account) -> None:
    """Mail the account that its password is another now: its owner shall know when it was somebody else."""
    mail.post(str(account.email), "password_changed", kind="account", language=account.locale, name=account.name)
