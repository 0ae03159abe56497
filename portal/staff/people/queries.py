"""What administrators ask about accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import Account, AccountRole, AccountSession, Membership, Passkey
from portal.accounts.permissions import seen_by
from portal.accounts.queries import normal
from portal.core import paging
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.paging import Part
from portal.core.permissions import Actor, Role
from portal.partners.models import Partner

MOST_EXPORTED = 50_000
STAFF = "staff"
"""What the filter by role calls any of them."""
STATES = ("active", "unverified", "suspended", "erased")
SEEN = ("week", "quarter", "longer", "never")
_WEEK, _QUARTER = timedelta(days=7), timedelta(days=90)


@dataclass(frozen=True)
class Asked:
    """What an administrator asks of the accounts; empty parts ask nothing."""

    q: str = ""
    role: str = ""
    partner: str = ""
    state: str = ""
    factor: str = ""
    seen: str = ""
    sort: str = ""


def page(asked: Asked, actor: Actor, number: int, now: datetime) -> Part:
    """One page of (account, last seen, has a second factor)."""
    return paging.read(_rows(asked, _condition(asked, actor, now)), number)


def all_of(asked: Asked, actor: Actor, now: datetime) -> Sequence[Any]:
    """All that was asked, for a file."""
    return db.session.execute(_rows(asked, _condition(asked, actor, now)).limit(MOST_EXPORTED)).all()


def by_id(account_id: int, actor: Actor) -> Account:
    """The account with its roles and partners."""
    found = db.session.scalar(
        select(Account)
        .where(Account.id == account_id, seen_by(actor))
        .options(selectinload(Account.roles), selectinload(Account.memberships).joinedload(Membership.partner))
    )
    if found is None:
        raise NotFound("account", account_id)
    return found


def has_second_factor(account: Account) -> bool:
    return db.session.scalar(select(_factor()).where(Account.id == account.id)) or False


def count_staff_without_factor(_actor: Actor) -> int:
    """Staff who have to set up a second factor before they can work."""
    lacking = (_of_role(STAFF), ~_factor(), Account.suspended_at.is_(None), Account.erased_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Account).where(*lacking)) or 0


def lock_administrators() -> None:
    """Let nobody else take a role away meanwhile: of two last administrators, each could remove the other."""
    db.session.execute(select(AccountRole).where(AccountRole.role == Role.ADMINISTRATOR).with_for_update())


def _rows(asked: Asked, wanted: ColumnElement[bool]) -> Any:
    seen = _last_seen().label("seen_at")
    stmt = select(Account, seen, _factor().label("has_factor")).where(wanted)
    order = (func.lower(Account.name), Account.id)
    if asked.sort == "seen":
        order = (seen.is_(None), seen.desc(), *order)  # type: ignore[assignment]
    loads = (selectinload(Account.roles), selectinload(Account.memberships).joinedload(Membership.partner))
    return stmt.options(*loads).order_by(*order)


def _last_seen() -> Any:
    mine = AccountSession.account_id == Account.id
    return select(func.max(AccountSession.last_seen_at)).where(mine).correlate(Account).scalar_subquery()


def _factor() -> ColumnElement[bool]:
    has_passkey = select(Passkey.id).where(Passkey.account_id == Account.id).correlate(Account).exists()
    return or_(Account.totp_confirmed_at.is_not(None), has_passkey)


def _condition(asked: Asked, actor: Actor, now: datetime) -> ColumnElement[bool]:
    wanted = [seen_by(actor)]
    if asked.q:
        with_words = Account.name.icontains(asked.q, autoescape=True)
        wanted.append(or_(with_words, Account.email.icontains(normal(asked.q), autoescape=True)))
    if asked.role:
        wanted.append(_of_role(asked.role))
    if asked.partner:
        theirs = select(Membership.account_id).join(Partner, Partner.id == Membership.partner_id)
        named = or_(Partner.slug == asked.partner, Partner.name.icontains(asked.partner, autoescape=True))
        wanted.append(Account.id.in_(theirs.where(named)))
    if asked.state:
        wanted.append(_in_state(asked.state))
    if asked.factor:
        wanted.append({"yes": _factor(), "no": ~_factor()}.get(asked.factor, false()))
    if asked.seen:
        wanted.append(_seen(asked.seen, now))
    return and_(*wanted)


def _of_role(role: str) -> ColumnElement[bool]:
    if role == STAFF:
        return Account.id.in_(select(AccountRole.account_id))
    if role not in list(Role):
        return false()
    return Account.id.in_(select(AccountRole.account_id).where(AccountRole.role == Role(role)))


def _in_state(state: str) -> ColumnElement[bool]:
    is_there = Account.erased_at.is_(None)
    states: dict[str, ColumnElement[bool]] = {
        "active": and_(is_there, Account.suspended_at.is_(None), Account.email_verified_at.is_not(None)),
        "unverified": and_(is_there, Account.suspended_at.is_(None), Account.email_verified_at.is_(None)),
        "suspended": and_(is_there, Account.suspended_at.is_not(None)),
        "erased": Account.erased_at.is_not(None),
    }
    return states.get(state, false())


def _seen(when: str, now: datetime) -> ColumnElement[bool]:
    seen = _last_seen()
    times: dict[str, ColumnElement[bool]] = {
        "week": seen >= now - _WEEK,
        "quarter": seen >= now - _QUARTER,
        "longer": seen < now - _QUARTER,
        "never": seen.is_(None),
    }
    return times.get(when, false())
