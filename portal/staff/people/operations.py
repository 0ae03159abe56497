"""What administrators do to accounts. Each is told to the person by mail, and ends what it must end at once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from portal.accounts import operations as accounts
from portal.accounts import personal, sessions
from portal.accounts.models import Account, AccountRole
from portal.accounts.recovery import operations as recovery
from portal.core import audit, mail
from portal.core.errors import Invalid
from portal.core.permissions import Actor, Role, require
from portal.staff.people import queries

CONTENT = frozenset({Role.EDITOR, Role.CURATOR})


def is_mixed(roles: Collection[Role]) -> bool:
    """Whether somebody with these roles looks after both accounts and content, which are kept apart by default."""
    return Role.ADMINISTRATOR in roles and not CONTENT.isdisjoint(roles)


def set_roles(account: Account, roles: Collection[Role], reason: str, *, actor: Actor, now: datetime) -> None:
    """Give and take platform roles. Every session ends: what was opened under other roles is not carried on.

    `Invalid` for the last administrator, and for administrator beside a content role without a reason: it is granted
    openly or not at all.
    """
    require(actor, "account.administer", account)
    _refuse_erased(account)
    before, after = {one.role for one in account.roles}, set(roles)
    if before == after:
        return
    if Role.ADMINISTRATOR in before - after:
        queries.lock_administrators()
        accounts.refuse_last_administrator(account)
    if is_mixed(after) and not is_mixed(before) and not reason:
        raise Invalid("reason", "administrator beside a content role needs a reason")
    account.roles[:] = [one for one in account.roles if one.role in after]
    account.roles.extend(AccountRole(role=role) for role in sorted(after - before))
    sessions.end_all(account.id, now=now)
    changes: dict[str, tuple[object, object]] = {"roles": (sorted(before), sorted(after))}
    if reason:
        changes["reason"] = ("", reason)
    audit.record(actor, "account.roles_changed", "account", account.id, changes, now=now)
    _tell(account, "roles_changed", roles=[role for role in Role if role in after], reason=reason)


def suspend(account: Account, *, actor: Actor, now: datetime) -> None:
    """Shut an account out, at once and everywhere."""
    require(actor, "account.administer", account)
    _refuse_erased(account)
    if account.suspended_at is None:
        queries.lock_administrators()
        accounts.suspend(account, actor=actor, now=now)
        _tell(account, "account_suspended")


def restore(account: Account, *, actor: Actor, now: datetime) -> None:
    """Let a suspended account in again."""
    require(actor, "account.administer", account)
    _refuse_erased(account)
    if account.suspended_at is not None:
        accounts.restore(account, actor=actor, now=now)
        _tell(account, "account_restored")


def send_reset(account: Account, *, actor: Actor, now: datetime) -> None:
    """Mail a link with which the person sets a new password."""
    require(actor, "account.administer", account)
    _refuse_erased(account)
    if not account.is_active:
        raise Invalid("account", "is suspended")
    audit.record(actor, "account.reset_sent", "account", account.id, now=now)
    recovery.promise_link(str(account.email))


def end_sessions(account: Account, *, actor: Actor, now: datetime) -> None:
    """Sign the person out on every device."""
    require(actor, "account.administer", account)
    sessions.end_all(account.id, now=now)
    audit.record(actor, "account.sessions_ended", "account", account.id, now=now)
    _tell(account, "sessions_ended")


def erase(account: Account, *, actor: Actor, now: datetime) -> None:
    """Take a person out for good: what belongs to partners stays, the name goes. Nobody can undo it."""
    require(actor, "account.administer", account)
    _refuse_erased(account)
    queries.lock_administrators()
    accounts.refuse_last_administrator(account)
    email, language, name = account.email, account.locale, account.name
    audit.record(actor, "account.erased", "account", account.id, now=now)
    personal.erase(account, now=now)
    if email:
        mail.post(email, "account_removed", kind="account", language=language, name=name)


def _refuse_erased(account: Account) -> None:
    if account.erased_at is not None:
        raise Invalid("account", "is erased")


def _tell(account: Account, template: str, **values: Any) -> None:
    if account.email:
        mail.post(account.email, template, kind="account", language=account.locale, name=account.name, **values)
