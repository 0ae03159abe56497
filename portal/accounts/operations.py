"""What accounts do, and what is done to them."""

from datetime import datetime, timedelta

from portal.accounts import passwords, queries
from portal.accounts.models import Account
from portal.core import throttle

BY_ADDRESS = throttle.Limit("sign_in_address", 50, timedelta(minutes=15))
BY_ACCOUNT = throttle.Limit("sign_in_account", 10, timedelta(minutes=15))


def authenticated(email: str, password: str, *, origin: str, now: datetime) -> Account | None:
    """The account whose password this is. A wrong one is counted, for the account and for where it came from.

    The answer and the time it takes are the same whether the account exists or not. `TooMany` after too many.
    """
    throttle.check(BY_ADDRESS, origin, now=now)
    throttle.check(BY_ACCOUNT, queries.normal(email), now=now)
    account = queries.by_email(email)
    is_right = passwords.is_right(password, account.password_hash if account else "")
    if account is None or not is_right or not account.is_active:
        throttle.note(BY_ADDRESS, origin, now=now)
        throttle.note(BY_ACCOUNT, queries.normal(email), now=now)
        return None
    throttle.clear(BY_ACCOUNT, queries.normal(email))
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    return account
