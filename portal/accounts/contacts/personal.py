"""Where partners have named the person behind an account as somebody to call."""

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.personal import Holder
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.partners.contacts import operations


def _give_out(account_id: int) -> list[dict[str, Any]]:
    return [
        {
            "partner": partner.slug,
            **{column.key: _plain(getattr(point, column.key)) for column in point.__table__.columns},
        }
        for point, partner in operations.own(_person(account_id))
    ]


def _erase(account_id: int) -> None:
    person = _person(account_id)
    if person.email:
        operations.forget(person.email, actor=person, now=clock.now())


def _person(account_id: int) -> Actor:
    """The account with the address that it has proven."""
    account = db.session.scalars(select(Account).where(Account.id == account_id)).one()
    return Actor(account_id=account.id, email=(account.email or "") if account.email_verified_at else "")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


holder = Holder("contact_points", _give_out, _erase)
