"""What pages ask about second factors."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.models import AccountRole, Passkey, RecoveryCode
from portal.core.db import db


def passkeys_of(account_id: int) -> Sequence[Passkey]:
    """The account's passkeys, the oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def recovery_codes_left(account_id: int) -> int:
    """How many recovery codes of the account still work."""
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def is_staff(account_id: int) -> bool:
    """Whether the account has a platform role, also while nobody acts in it."""
    return db.session.scalar(select(AccountRole.role).where(AccountRole.account_id == account_id).limit(1)) is not None
