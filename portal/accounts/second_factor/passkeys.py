"""Passkeys (WebAuthn): added, given as second factor, or given as the whole sign-in.

A passkey that made its owner show a finger, a face or a PIN is two factors in one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException

from portal.accounts.models import Account, Passkey
from portal.accounts.second_factor import operations
from portal.core import audit, submissions, throttle
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, require
from portal.core.tokens import digest_of

NAME_LENGTH = 80
# What the library says of an answer that is none, or that somebody has made up.
_BAD = (
    WebAuthnException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True)
class Site:
    """What passkeys are bound to: the portal's host, and the address that browsers say its pages are from."""

    host: str
    origin: str


def add(account: Account, answer: str, name: str, *, challenge: bytes, site: Site, actor: Actor, now: datetime) -> bool:
    """Take the passkey that a browser has made for this challenge; False when it has not."""
    require(actor, "account.edit", account)
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except _BAD:
        return False
    if not _is_first_use(challenge) or _by_id(made.credential_id) is not None:
        return False
    db.session.add(
        Passkey(
            account_id=account.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name[:NAME_LENGTH],
            created_at=now,
        )
    )
    db.session.flush()
    audit.record(actor, "account.passkey_added", "account", account.id, {"name": (None, name)}, now=now)
    operations.tell(account, "passkey_added")
    return True


def remove(account: Account, passkey_id: int, *, actor: Actor, now: datetime) -> None:
    """Do without a passkey. `Invalid` for staff who would have nothing left."""
    require(actor, "account.edit", account)
    mine = (Passkey.id == passkey_id, Passkey.account_id == account.id)
    passkey = db.session.scalar(select(Passkey).where(*mine))
    if passkey is None:
        raise NotFound("passkey", passkey_id)
    db.session.execute(delete(Passkey).where(*mine))
    operations.refuse_to_be_last(account)
    audit.record(actor, "account.passkey_removed", "account", account.id, {"name": (passkey.name, None)}, now=now)
    operations.tell(account, "passkey_removed")


def give(account: Account, answer: str, *, challenge: bytes, site: Site, origin: str, now: datetime) -> bool:
    """Whether a passkey of this account has answered the challenge. A wrong answer is counted."""

    def is_right() -> bool:
        passkey = _answering(answer)
        return (
            passkey is not None
            and passkey.account_id == account.id
            and bool(_used(passkey, answer, challenge, site, now))
        )

    return operations.counted(account, is_right, origin=origin, now=now)


def owner(answer: str, *, challenge: bytes, site: Site, origin: str, now: datetime) -> Account | None:
    """Whose passkey has answered, having made sure of its owner: who signs in by it needs nothing else."""
    throttle.check(operations.BY_ADDRESS, origin, now=now)
    passkey = _answering(answer)
    used = _used(passkey, answer, challenge, site, now, verified=True) if passkey else None
    account = db.session.get(Account, passkey.account_id) if passkey and used else None
    if account is None or not account.is_active:
        throttle.note(operations.BY_ADDRESS, origin, now=now)
        return None
    return account


def _answering(answer: str) -> Passkey | None:
    try:
        credential_id = parse_authentication_credential_json(answer).raw_id
    except _BAD:
        return None
    return _by_id(credential_id)


def _used(
    passkey: Passkey, answer: str, challenge: bytes, site: Site, now: datetime, *, verified: bool = False
) -> VerifiedAuthentication | None:
    """The proof, once. A copy of the passkey is given away by a count that does not go on (the library asks)."""
    before = passkey.sign_count
    try:
        proof = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=before,
            require_user_verification=verified,
        )
    except _BAD:
        return None
    if not _is_first_use(challenge):
        return None
    same = (Passkey.id == passkey.id, Passkey.sign_count == before)
    noted = db.session.execute(update(Passkey).where(*same).values(sign_count=proof.new_sign_count, last_used_at=now))
    return proof if noted.rowcount else None  # type: ignore[attr-defined]


def _is_first_use(challenge: bytes) -> bool:
    """Whether the challenge was not answered before: it travels in a cookie, of which somebody may have a copy."""
    key = digest_of(challenge.hex())
    if submissions.place_of(key) is not None:
        return False
    submissions.remember(key, "passkey")
    return True


def _by_id(credential_id: bytes) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
