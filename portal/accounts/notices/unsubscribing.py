"""The link that ends mail in one click (RFC 8058): signed, for one account and this purpose, without an end."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import db
from portal.core.web import absolute

PURPOSE = "unsubscribe"


def token_for(account: Account) -> str:
    return str(_serializer().dumps(account.id))


def account_of(token: str) -> Account | None:
    """The account whose link it is; none for anything else."""
    try:
        account_id = _serializer().loads(token)
    except BadSignature:
        return None
    return db.session.scalar(select(Account).where(Account.id == account_id, Account.erased_at.is_(None)))


def headers_for(account: Account) -> dict[str, str]:
    """What lets a mail program show a button of its own."""
    url = absolute(f"/{account.locale}/account/unsubscribe/{token_for(account)}")
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _serializer() -> URLSafeSerializer:
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or []), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=PURPOSE)
