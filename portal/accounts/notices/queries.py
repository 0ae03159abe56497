"""What pages and mails ask about notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import Account, Membership, MembershipRole
from portal.accounts.notices.models import Notice
from portal.accounts.notices.schedule import due_until
from portal.core.db import db
from portal.core.permissions import Actor
from portal.partners.models import PUBLIC_STATES

SHOWN = 200


def of_account(account_id: int) -> Sequence[Notice]:
    """The newest notices of an account, unread ones first."""
    statement = select(Notice).where(Notice.account_id == account_id)
    newest = statement.order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.id.desc()).limit(SHOWN)
    return db.session.scalars(newest).all()


def count_unread(account_id: int) -> int:
    """How many notices an account has not read."""
    unread = (Notice.account_id == account_id, Notice.read_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Notice).where(*unread)) or 0


def waiting(now: datetime) -> list[tuple[int, datetime]]:
    """(account, until when) of those for whom mail is due now."""
    oldest = func.min(Notice.at)
    statement = (
        select(Account.id, Account.mail_choice, Account.time_zone, oldest)
        .join(Notice, Notice.account_id == Account.id)
        .where(Notice.settled_at.is_(None))
        .group_by(Account.id, Account.mail_choice, Account.time_zone)
    )
    found = []
    for account_id, choice, zone, first in db.session.execute(statement):
        until = due_until(choice, zone, now)
        if first <= until:
            found.append((account_id, until))
    return found


def person(account_id: int) -> tuple[Account, Actor]:
    """An account, and who it is when it is written to: without platform roles, which count only in a session."""
    loads = selectinload(Account.memberships).joinedload(Membership.partner)
    account = db.session.scalars(select(Account).where(Account.id == account_id).options(loads)).one()
    active = [one for one in account.memberships if one.partner.state in PUBLIC_STATES]
    return account, Actor(
        account_id=account.id,
        name=account.name,
        partner_ids=frozenset(one.partner_id for one in active),
        admin_of=frozenset(one.partner_id for one in active if one.role is MembershipRole.ADMIN),
    )
