"""Passwords: hashed with argon2id (RFC 9106), checked in the same time whether the account exists or not."""

import string
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from portal.accounts import common

LEAST = 10
ADVISED = 15
FEWEST_GUESSES = 10**8
# The estimate takes longer than linear time, and what comes after is only surplus.
_ESTIMATED = 72

_hasher = PasswordHasher()
# What is checked where there is no account, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The password as the database keeps it."""
    return _hasher.hash(password)


def is_right(password: str, password_hash: str) -> bool:
    """Whether this is the password; takes its time also where there is none to compare with."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    OWN = "own"
    COMMON = "common"


def weakness(password: str, *about: str) -> Weakness | None:
    """What is wrong with a new password; `about` are its owner's name and address, which others try first."""
    if len(password) < LEAST:
        return Weakness.SHORT
    own = {part for text in about for part in (text.casefold(), *text.casefold().replace("@", " ").split()) if part}
    if password.casefold() in own:
        return Weakness.OWN
    known = [*sorted(own), *common.WORDS]
    core = password.strip(string.punctuation + " ")  # what programs try next is the same with !! at its end
    for tried in {password, core} if len(core) >= LEAST - 2 else {password}:
        if zxcvbn(tried[:_ESTIMATED], user_inputs=known)["guesses"] < FEWEST_GUESSES:
            return Weakness.COMMON
    return None
