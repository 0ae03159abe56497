"""What a person's telephone and paper do in tests: codes of an app, and of a list."""

import re
import time
from typing import Any

import pyotp
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.second_factor import operations, totp
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from tests.make import Make

STEP_S = totp.STEP_S


def with_app(make: Make, account: Account, *, last_step: int = 0) -> bytes:
    """Give the account an authenticator app; returns its secret. No code of it is used up yet."""
    secret = totp.new_secret()
    with make.writing():
        kept = db.session.merge(account)
        kept.totp_secret = totp.sealed(secret, account.id)
        kept.totp_confirmed_at = clock.now()
        kept.totp_last_step = last_step
    return secret


def with_codes(make: Make, account: Account) -> list[str]:
    """Give the account recovery codes."""
    with make.writing():
        kept = db.session.get_one(Account, account.id)
        return operations.new_codes(kept, actor=Actor(account_id=account.id), now=clock.now())


def code_of(secret: bytes | str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps away."""
    text = secret if isinstance(secret, str) else totp.as_text(secret)
    return pyotp.TOTP(text).at(int(time.time()) + steps * STEP_S)


def secret_on(page: Any) -> str:
    """The key that a page shows for typing into an app."""
    found = re.search(r'<code class="secret"[^>]*>([A-Z2-7 ]+)</code>', page.html)
    assert found, "the page shows no key"
    return found[1].replace(" ", "")


def secret_of(app: Flask, account: Account) -> bytes:
    """The key that the database has of an account."""
    with app.app_context():
        kept = db.session.get_one(Account, account.id)
        secret = totp.opened(kept.totp_secret, account.id)
    assert secret
    return secret
