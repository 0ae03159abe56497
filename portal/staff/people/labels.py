"""What administrators call the states of accounts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.models import Account
from portal.core.labels import name_actions

STATES: Mapping[str, Any] = {
    "active": _l("Active"),
    "unverified": _l("Address not verified"),
    "suspended": _l("Suspended"),
    "erased": _l("Deleted"),
}
SEEN: Mapping[str, Any] = {
    "week": _l("Within a week"),
    "quarter": _l("Within 90 days"),
    "longer": _l("Not for 90 days"),
    "never": _l("Never"),
}
FACTOR: Mapping[str, Any] = {"yes": _l("Has one"), "no": _l("Has none")}

name_actions(
    {
        "account.roles_changed": _l("Staff roles changed"),
        "account.reset_sent": _l("Link for a new password sent by an administrator"),
        "account.sessions_ended": _l("Signed out everywhere by an administrator"),
    }
)


def state_of(account: Account) -> str:
    if account.erased_at is not None:
        return "erased"
    if account.suspended_at is not None:
        return "suspended"
    return "active" if account.email_verified_at is not None else "unverified"
