"""Secrets that are sent or kept in a browser: random, and known to us by their digest alone."""

import hashlib
import secrets


def new_token() -> str:
    """192 random bits, fit for an address."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """What the database keeps of a token. It is random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
