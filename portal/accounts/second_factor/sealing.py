"""Secrets that the server has to read again: sealed (AES-256-GCM), so that a copy of the database gives none away.

The key comes from PORTAL_SECRET_KEY. What was sealed with a former one opens as long as that is among
PORTAL_SECRET_KEY_FALLBACKS: see docs/operations.md.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.core.tokens import keys

NONCE = 12


def seal(secret: bytes, about: str) -> str:
    """The secret as text that only this server reads, and only where it asks for the same `about`."""
    nonce = os.urandom(NONCE)
    return base64.urlsafe_b64encode(nonce + _cipher(keys()[-1]).encrypt(nonce, secret, about.encode())).decode()


def unseal(sealed: str, about: str) -> bytes | None:
    """The secret again; none when the text was changed, is about something else, or sealed with an unknown key."""
    return next((secret for key in reversed(keys()) if (secret := _opened(sealed, about, key)) is not None), None)


def _opened(sealed: str, about: str, key: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return _cipher(key).decrypt(raw[:NONCE], raw[NONCE:], about.encode())
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"portal: sealed secrets").derive(key.encode()))
