"""Codes of an authenticator app (RFC 6238): six digits, thirty seconds, SHA-1, as every app can."""

import base64
import hmac
import re
from datetime import datetime

import pyotp
import segno

from portal.accounts.second_factor.sealing import seal, unseal

STEP_S = 30
NEIGHBOURS = (0, -1, 1)  # clocks of telephones differ, and people type slowly


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 advises."""
    return base64.b32decode(pyotp.random_base32(32))


def sealed(secret: bytes, account_id: int) -> str:
    """The secret as the database keeps it."""
    return seal(secret, _about(account_id))


def opened(text: str, account_id: int) -> bytes | None:
    """The secret of an account; none where there is none that can be read."""
    return unseal(text, _about(account_id)) if text else None


def as_text(secret: bytes) -> str:
    """The secret for people who type it into their app."""
    return base64.b32encode(secret).decode()


def step_of(secret: bytes, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is, now or right before or after it; none for a wrong code."""
    digits = re.sub(r"\s", "", code)
    current = int(now.timestamp()) // STEP_S
    maker = pyotp.TOTP(as_text(secret))
    for step in (current + one for one in NEIGHBOURS):
        if hmac.compare_digest(maker.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def place(secret: bytes, account_name: str, issuer: str) -> str:
    """The address (otpauth:) by which an app on the same device takes the secret."""
    return pyotp.TOTP(as_text(secret)).provisioning_uri(name=account_name, issuer_name=issuer)


def picture(address: str) -> str:
    """A QR code that an app on another device reads such an address from, as the address of an image."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#12343b", light="#ffffff")


def _about(account_id: int) -> str:
    return f"totp {account_id}"
