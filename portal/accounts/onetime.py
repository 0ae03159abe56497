"""Links that are mailed and work once: to verify an address, to set a new password."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from portal.accounts.models import Account, AccountToken, TokenPurpose
from portal.core.db import db
from portal.core.errors import Spent
from portal.core.tokens import digest_of, new_token

LIFETIME = {TokenPurpose.VERIFY: timedelta(days=3), TokenPurpose.RESET: timedelta(hours=1)}


def issue(
    account: Account,
    purpose: TokenPurpose,
    *,
    now: datetime,
    email: str = "",
    onward: str = "",
    lifetime: timedelta | None = None,
) -> str:
    """A new token for the account; every earlier one for the same purpose opens nothing any more.

    Where the one before it, never used, led onward and this one says nothing, it leads there too.
    """
    onward = onward or _onward_of_last(account.id, purpose)
    revoke(account.id, purpose, now=now)
    token = new_token()
    db.session.add(
        AccountToken(
            token_hash=digest_of(token),
            account_id=account.id,
            purpose=purpose,
            email=email,
            onward=onward,
            created_at=now,
            expires_at=now + (lifetime or LIFETIME[purpose]),
        )
    )
    db.session.flush()
    return token


def find(token: str, purpose: TokenPurpose, *, now: datetime) -> tuple[AccountToken, Account]:
    """The row of a token that still opens something, and its account; `Spent` otherwise. Looking uses nothing up."""
    row = db.session.scalar(
        select(AccountToken).where(
            AccountToken.token_hash == digest_of(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
    )
    account = db.session.get(Account, row.account_id) if row else None
    if row is None or account is None or not account.is_active:
        raise Spent
    return row, account


def use(row: AccountToken, *, now: datetime) -> None:
    """Use a token up. Of two who do it at once, the second gets `Spent`."""
    mine = (AccountToken.id == row.id, AccountToken.used_at.is_(None))
    done = db.session.execute(update(AccountToken).where(*mine).values(used_at=now))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Spent


def revoke(account_id: int, purpose: TokenPurpose, *, now: datetime) -> None:
    """Let the open tokens of an account for a purpose open nothing any more."""
    mine = (AccountToken.account_id == account_id, AccountToken.purpose == purpose, AccountToken.used_at.is_(None))
    db.session.execute(update(AccountToken).where(*mine).values(used_at=now))


def _onward_of_last(account_id: int, purpose: TokenPurpose) -> str:
    mine = (AccountToken.account_id == account_id, AccountToken.purpose == purpose, AccountToken.used_at.is_(None))
    last = select(AccountToken.onward).where(*mine).order_by(AccountToken.id.desc()).limit(1)
    return db.session.scalar(last) or ""


def sweep(now: datetime) -> None:
    """Forget tokens that open nothing any more."""
    db.session.execute(delete(AccountToken).where(AccountToken.expires_at < now - LIFETIME[TokenPurpose.VERIFY]))
