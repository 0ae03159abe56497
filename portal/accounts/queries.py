"""What pages ask about accounts."""

from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import db


def normal(email: str) -> str:
    """An address as it is compared: without space around it, in small letters."""
    return email.strip().casefold()


def by_email(email: str) -> Account | None:
    """The account with this address, if there is one."""
    return db.session.scalar(select(Account).where(Account.email == normal(email)))
