"""Sessions as rows: begun at sign-in, asked at every request, ended at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import queries
from portal.accounts.models import Account, AccountSession, Membership
from portal.core.db import db
from portal.core.permissions import VISITOR, Actor
from portal.core.tokens import digest_of, new_token

IDLE = timedelta(days=14)
LONGEST = timedelta(days=60)
STAFF_IDLE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=10)


def begin(account: Account, *, now: datetime, device: str = "", with_second_factor: bool = False) -> str:
    """Sign an account in on a device; returns the token for its browser."""
    token = new_token()
    db.session.add(
        AccountSession(
            token_hash=digest_of(token),
            account_id=account.id,
            device=device[:200],
            created_at=now,
            last_seen_at=now,
            authenticated_at=now,
            second_factor_at=now if with_second_factor else None,
        )
    )
    db.session.flush()
    return token


def current(token: str, *, now: datetime) -> AccountSession | None:
    """The session that a browser's token opens, with its account; none when it has ended or its account may not in."""
    found = db.session.scalar(
        select(AccountSession)
        .where(AccountSession.token_hash == digest_of(token), _is_open(now))
        .options(
            joinedload(AccountSession.account).options(
                selectinload(Account.roles),
                selectinload(Account.passkeys),
                selectinload(Account.memberships).joinedload(Membership.partner),
            )
        )
    )
    if found is None or not found.account.is_active:
        return None
    if found.account.roles and now - found.last_seen_at > STAFF_IDLE:
        return None
    return found


def is_due(session: AccountSession, *, now: datetime) -> bool:
    """Whether it is time to note that the session is in use: not at every request."""
    return now - session.last_seen_at > NOTED_EVERY


def note_use(session: AccountSession, *, now: datetime) -> None:
    session.last_seen_at = now


def rotate(session: AccountSession) -> str:
    """Give the session a new token, after a change of what it may do; the old one opens nothing any more."""
    token = new_token()
    session.token_hash = digest_of(token)
    db.session.flush()
    return token


def end(session: AccountSession, *, now: datetime) -> None:
    session.ended_at = session.ended_at or now


def end_all(account_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of an account (but one), at once and everywhere."""
    mine = (AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    others = (AccountSession.id != but,) if but is not None else ()
    db.session.execute(update(AccountSession).where(*mine, *others).values(ended_at=now))


def of_account(account_id: int, *, now: datetime) -> Sequence[AccountSession]:
    """The account's open sessions, the one used last first."""
    mine = select(AccountSession).where(AccountSession.account_id == account_id, _is_open(now))
    return db.session.scalars(mine.order_by(AccountSession.last_seen_at.desc())).all()


def is_half_open(session: AccountSession) -> bool:
    """Whether the account has a second factor that was not given in this session yet."""
    return session.second_factor_at is None and session.account.has_second_factor


def wants_second_factor(session: AccountSession) -> bool:
    """Whether a second factor is the next step: it was set up, or staff still have to set one up."""
    return session.second_factor_at is None and (session.account.has_second_factor or bool(session.account.roles))


def actor_of(session: AccountSession) -> Actor:
    """Who acts in a session. Nobody while it is half open, for nobody before the address is proven.

    Staff roles count only after the second factor.
    """
    if is_half_open(session):
        return VISITOR
    account = session.account
    roles = frozenset(one.role for one in account.roles) if session.second_factor_at else frozenset()
    return queries.acting(account, roles)


def _is_open(now: datetime) -> ColumnElement[bool]:
    return (
        AccountSession.ended_at.is_(None)
        & (AccountSession.last_seen_at > now - IDLE)
        & (AccountSession.created_at > now - LONGEST)
    )
