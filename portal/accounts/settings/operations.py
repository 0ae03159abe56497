"""What people decide about their own accounts."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from portal.accounts.models import Account
from portal.core import audit
from portal.core.permissions import Actor, require


def revise(account: Account, profile: Any, *, actor: Actor, now: datetime) -> None:
    """Change name, language, time zone and mail choice."""
    require(actor, "account.edit", account)
    changes = {}
    for field in fields(profile):
        before, after = getattr(account, field.name), getattr(profile, field.name)
        if before != after:
            setattr(account, field.name, after)
            changes[field.name] = (before, after)
    if changes:
        audit.record(actor, "account.revised", "account", account.id, changes, now=now)
