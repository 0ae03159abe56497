"""What pages ask about accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account, AccountRole, AskState, JoinRequest, Membership, MembershipRole
from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, Role
from portal.partners.models import PUBLIC_STATES, Partner


def normal(email: str) -> str:
    """An address as it is compared: without space around it, in small letters."""
    return email.strip().casefold()


def by_email(email: str) -> Account | None:
    """The account with this address, if there is one."""
    return db.session.scalar(select(Account).where(Account.email == normal(email)))


def own(actor: Actor) -> Account:
    """The account of whoever asks; only for pages of signed-in people."""
    return db.session.scalars(select(Account).where(Account.id == actor.account_id)).one()


def acting(account: Account, roles: frozenset[Role] = frozenset()) -> Actor:
    """What an account may do for its partners, and with these roles; for nobody before its address is proven."""
    if account.email_verified_at is None:
        return Actor(account_id=account.id, name=account.name)
    active = [one for one in account.memberships if one.partner.state in PUBLIC_STATES]
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email or "",
        roles=roles,
        partner_ids=frozenset(one.partner_id for one in active),
        admin_of=frozenset(one.partner_id for one in active if one.role is MembershipRole.ADMIN),
        applicant_of=frozenset(one.partner_id for one in account.memberships if one not in active),
    )


def by_mail(account_id: int | None) -> Actor:
    """Who was sent a link, as they may act by it today, without staff roles. Nobody once the account is closed."""
    stmt = select(Account).where(Account.id == account_id, is_reachable())
    account = db.session.scalar(stmt.options(selectinload(Account.memberships).joinedload(Membership.partner)))
    return acting(account) if account else VISITOR


def everybody() -> Sequence[Account]:
    """Every account that has not been erased, with its roles and partners, by address."""
    stmt = select(Account).where(Account.erased_at.is_(None)).order_by(Account.email)
    loads = (selectinload(Account.roles), selectinload(Account.memberships).joinedload(Membership.partner))
    return db.session.scalars(stmt.options(*loads)).all()


def memberships_of(account_id: int) -> Sequence[Membership]:
    """The partners that an account acts for, or would if they were public."""
    mine = select(Membership).where(Membership.account_id == account_id).order_by(Membership.id)
    return db.session.scalars(mine.options(joinedload(Membership.partner))).all()


def admins_of(partner_id: int) -> Sequence[Account]:
    """Whom to write to about a partner: its admins who can sign in."""
    theirs = (Membership.partner_id == partner_id, Membership.role == MembershipRole.ADMIN)
    stmt = select(Account).join(Membership, Membership.account_id == Account.id).where(*theirs, is_reachable())
    return db.session.scalars(stmt.order_by(Account.id)).all()


def with_role(role: Role) -> Sequence[Account]:
    """Whom to write to about what staff do: everybody who has the platform role and can sign in."""
    has = exists().where(AccountRole.account_id == Account.id, AccountRole.role == role)
    return db.session.scalars(select(Account).where(has, is_reachable()).order_by(Account.id)).all()


def is_reachable() -> ColumnElement[bool]:
    """The account is in use and its address verified."""
    return (
        Account.suspended_at.is_(None)
        & Account.erased_at.is_(None)
        & Account.email.is_not(None)
        & Account.email_verified_at.is_not(None)
    )


def count_members(partner_id: int, role: MembershipRole | None = None) -> int:
    """How many people act for a partner, or have one role in it."""
    stmt = select(func.count()).select_from(Membership).where(Membership.partner_id == partner_id)
    return db.session.scalar(stmt if role is None else stmt.where(Membership.role == role)) or 0


def partner_by_slug(slug: str) -> Partner | None:
    """The partner at an address, whoever may see it: for commands."""
    return db.session.scalar(select(Partner).where(Partner.slug == slug))


def open_requests_of(account_id: int) -> Sequence[JoinRequest]:
    """What an account has asked for and waits for an answer to."""
    mine = (JoinRequest.account_id == account_id, JoinRequest.state == AskState.PENDING)
    stmt = select(JoinRequest).where(*mine).order_by(JoinRequest.id)
    return db.session.scalars(stmt.options(joinedload(JoinRequest.partner))).all()


def refused_requests_of(account_id: int, *, since: datetime) -> Sequence[JoinRequest]:
    """What an account has asked for in vain lately, the newest first."""
    mine = (JoinRequest.account_id == account_id, JoinRequest.state.in_((AskState.REFUSED, AskState.EXPIRED)))
    stmt = select(JoinRequest).where(*mine, JoinRequest.handled_at > since).order_by(JoinRequest.handled_at.desc())
    return db.session.scalars(stmt.options(joinedload(JoinRequest.partner))).all()


def joinable(actor: Actor) -> Sequence[Partner]:
    """The partners that one can ask to join, by name."""
    stmt = select(Partner).where(Partner.state.in_(PUBLIC_STATES), Partner.id.not_in(actor.partner_ids))
    return db.session.scalars(stmt.order_by(Partner.sort_key)).all()
