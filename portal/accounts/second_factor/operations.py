"""Setting up a second factor, giving it, losing it."""

import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from portal.accounts import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.accounts import sessions
from portal.accounts.models import Account, Passkey, RecoveryCode
from portal.accounts.second_factor import queries, totp
from portal.core import audit, mail, throttle
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require

BY_ADDRESS = throttle.Limit("second_factor_address", 50, timedelta(minutes=15))
BY_ACCOUNT = throttle.Limit("second_factor_account", 10, timedelta(minutes=15))
# The same tries counted for longer: at three valid codes of a million, patience must not help either.
A_DAY = throttle.Limit(BY_ACCOUNT.scope, 50, timedelta(days=1))

log = logging.getLogger(__name__)

CODES = 10
CODE_LENGTH = 16
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another on paper


def set_up_app(account: Account, sealed_secret: str, code: str, *, actor: Actor, now: datetime) -> bool:
    """Take an authenticator app as second factor, in place of an earlier one; False when the code is not its code.

    The code that shows it is used up by that.
    """
    require(actor, "account.edit", account)
    secret = totp.opened(sealed_secret, account.id)
    step = totp.step_of(secret, code, now=now) if secret else None
    if step is None:
        return False
    account.totp_secret, account.totp_confirmed_at, account.totp_last_step = sealed_secret, now, step
    audit.record(actor, "account.app_set_up", "account", account.id, now=now)
    tell(account, "app_set_up")
    return True


def remove_app(account: Account, *, actor: Actor, now: datetime) -> None:
    """Do without the authenticator app. `Invalid` for staff who would have nothing left."""
    require(actor, "account.edit", account)
    if account.totp_confirmed_at is None:
        return
    _forget_app(account)
    refuse_to_be_last(account)
    audit.record(actor, "account.app_removed", "account", account.id, now=now)
    tell(account, "app_removed")


def new_codes(account: Account, *, actor: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; the earlier ones work no longer. Only their digests are kept."""
    require(actor, "account.edit", account)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, code_hash=_digest(account.id, code)) for code in codes)
    db.session.flush()
    audit.record(actor, "account.recovery_codes_made", "account", account.id, now=now)
    return ["-".join(re.findall("....", code)) for code in codes]


def renew_codes(account: Account, *, actor: Actor, now: datetime) -> list[str]:
    """New recovery codes on their owner's wish, who is told; none for an account without a factor to stand in for."""
    if account.totp_confirmed_at is None and not queries.passkeys_of(account.id):
        raise Invalid("second_factor", "there is none")
    codes = new_codes(account, actor=actor, now=now)
    tell(account, "codes_made")
    return codes


def give_code(account: Account, code: str, *, origin: str, now: datetime) -> bool:
    """Whether this is the app's code of now, not used before. A wrong one is counted; `TooMany` after too many."""

    def is_right() -> bool:
        secret = totp.opened(account.totp_secret, account.id) if account.totp_confirmed_at else None
        step = totp.step_of(secret, code, now=now) if secret else None
        if secret is None or step is None:
            return False
        unused = (Account.id == account.id, Account.totp_last_step < step)
        # Sealed anew each time: once everybody has given a code, a former key of the server is needed no more.
        used = {"totp_last_step": step, "totp_secret": totp.sealed(secret, account.id)}
        taken = db.session.execute(update(Account).where(*unused).values(**used))
        return bool(taken.rowcount)  # type: ignore[attr-defined]

    return counted(account, is_right, origin=origin, now=now)


def give_recovery_code(account: Account, code: str, *, origin: str, now: datetime) -> bool:
    """Whether this is a recovery code of the account that was not used before; its owner is told."""

    def is_right() -> bool:
        unused = (
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _digest(account.id, code),
            RecoveryCode.used_at.is_(None),
        )
        used = db.session.execute(update(RecoveryCode).where(*unused).values(used_at=now))
        return bool(used.rowcount)  # type: ignore[attr-defined]

    if not counted(account, is_right, origin=origin, now=now):
        return False
    owner = Actor(account_id=account.id, name=account.name)
    audit.record(owner, "account.recovery_code_used", "account", account.id, now=now)
    left = queries.recovery_codes_left(account.id)
    address, language = str(account.email), account.locale
    mail.post(address, "recovery_code_used", kind="account", language=language, name=account.name, left=left)
    return True


def counted(account: Account, is_right: Callable[[], bool], *, origin: str, now: datetime) -> bool:
    """Whether a proof is right. A wrong one is counted, for the account and for where it came from."""
    key = str(account.id)
    for limit, whose in ((BY_ACCOUNT, key), (A_DAY, key), (BY_ADDRESS, origin)):
        throttle.check(limit, whose, now=now)
    if is_right():
        throttle.clear(BY_ACCOUNT, key)
        return True
    throttle.note(BY_ACCOUNT, key, now=now)
    throttle.note(BY_ADDRESS, origin, now=now)
    log.info("second factor refused: account %s", account.id)
    return False


def reset_second_factor(account: Account, *, actor: Actor, now: datetime) -> None:
    """Take every second factor from an account whose owner has lost them; its sessions end at once.

    With the password alone its owner then sets up a new one: an administrator makes sure first who asks.
    """
    require(actor, "account.administer", account)
    _forget_app(account)
    db.session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    throttle.clear(BY_ACCOUNT, str(account.id))
    sessions.end_all(account.id, now=now)
    audit.record(actor, "account.second_factor_reset", "account", account.id, now=now)
    tell(account, "reset")


def refuse_to_be_last(account: Account) -> None:
    """`Invalid` when a member of staff has just given up the last factor; anybody else's recovery codes go with it."""
    db.session.flush()
    # Locked and read again: of two who give up one of two factors each, the second must see what the first has done.
    kept = db.session.get_one(Account, account.id, with_for_update=True, populate_existing=True)
    if kept.totp_confirmed_at is not None or queries.passkeys_of(account.id):
        return
    if queries.is_staff(account.id):
        raise Invalid("second_factor", "staff keep one")
    # They stand in for a factor; without one they would only wait to be found.
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _forget_app(account: Account) -> None:
    account.totp_secret, account.totp_confirmed_at = "", None


def tell(account: Account, what: str) -> None:
    """Mail the owner of an account what has become of its second factor."""
    if account.email:
        mail.post(account.email, "second_factor", kind="account", language=account.locale, name=account.name, what=what)


def _digest(account_id: int, code: str) -> str:
    """What is kept of a code. It has 79 random bits, so a plain digest cannot be guessed back."""
    plain = re.sub(r"[^a-z0-9]", "", code.lower())
    return hashlib.sha256(f"{account_id} {plain}".encode()).hexdigest()
