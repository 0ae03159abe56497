"""Secrets that are sent or kept in a browser: random, and known to us by their digest alone."""

import hashlib
import secrets

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def new_token() -> str:
    """192 random bits, fit for an address."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """What the database keeps of a token. It is random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_for(purpose: str, key: int) -> str:
    """A link's part that stands for one row and one purpose, without an end; it proves who has the mail it was in."""
    return str(_serializer(purpose).dumps(key))


def key_of(purpose: str, signed: str) -> int | None:
    """The row that a link of `signed_for` stands for; none for anything else."""
    try:
        key = _serializer(purpose).loads(signed)
    except BadSignature:
        return None
    return key if isinstance(key, int) else None


def keys() -> list[str]:
    """The secrets that what we signed may be signed with: former ones and, as the last, the one to sign with."""
    return [*map(str, current_app.config["SECRET_KEY_FALLBACKS"]), str(current_app.config["SECRET_KEY"])]


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(keys(), salt=purpose)
