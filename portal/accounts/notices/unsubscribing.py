"""The link that ends mail in one click (RFC 8058): signed, for one account and this purpose, without an end."""

from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import db
from portal.core.tokens import key_of, signed_for
from portal.core.web import absolute

PURPOSE = "unsubscribe"


def token_for(account: Account) -> str:
    return signed_for(PURPOSE, account.id)


def account_of(token: str) -> Account | None:
    """The account whose link it is; none for anything else."""
    account_id = key_of(PURPOSE, token)
    return db.session.scalar(select(Account).where(Account.id == account_id, Account.erased_at.is_(None)))


def headers_for(account: Account) -> dict[str, str]:
    """What lets a mail program show a button of its own."""
    url = absolute(f"/{account.locale}/account/unsubscribe/{token_for(account)}")
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
