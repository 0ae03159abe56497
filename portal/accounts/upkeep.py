"""What time alone does to accounts: mailed links, sessions and invitations end, and what has ended is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.accounts import onetime, personal
from portal.accounts.models import Account, AccountSession
from portal.accounts.people import operations as people
from portal.accounts.registration import operations as registration
from portal.accounts.sessions import LONGEST
from portal.core.db import db

UNPROVEN_FOR = timedelta(days=30)
SESSIONS_FOR = timedelta(days=30)


def sweep(now: datetime) -> None:
    """Once a minute; does nothing when nothing is due."""
    onetime.sweep(now)
    people.sweep(now)
    registration.sweep(now)
    over = AccountSession.created_at < now - LONGEST - SESSIONS_FOR
    ended = AccountSession.ended_at < now - SESSIONS_FOR
    db.session.execute(delete(AccountSession).where(over | ended))
    unproven = (Account.email_verified_at.is_(None), Account.created_at < now - UNPROVEN_FOR)
    for account in db.session.scalars(select(Account).where(*unproven, Account.erased_at.is_(None)).limit(50)):
        personal.erase(account, now=now)
