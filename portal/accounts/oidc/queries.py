"""What pages ask about accounts at a provider."""

from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Identity
from portal.core.db import db


def by_subject(issuer: str, subject: str) -> Identity | None:
    """The link of somebody whom the provider knows by this name, if there is one."""
    return db.session.scalar(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject))


def of_account(account_id: int, issuer: str) -> Identity | None:
    """The link of an account with the provider, if there is one."""
    mine = (Identity.account_id == account_id, Identity.issuer == issuer)
    return db.session.scalars(select(Identity).where(*mine)).first()


def linked_since(account_id: int) -> datetime | None:
    """Since when the account can be signed in to by a provider."""
    return db.session.scalar(select(Identity.linked_at).where(Identity.account_id == account_id).limit(1))
