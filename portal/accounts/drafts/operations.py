"""What people are writing, kept while they write."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.core import kept, throttle
from portal.core.errors import Forbidden
from portal.core.permissions import Actor

LIMIT = throttle.Limit("draft", 200, timedelta(minutes=15))


def save(path: str, fields: Iterable[tuple[str, str]], *, actor: Actor, now: datetime) -> None:
    """Keep the fields of a form for its writer alone; the last ones count."""
    account_id = _writer(actor)
    throttle.check(LIMIT, str(account_id), now=now)
    throttle.note(LIMIT, str(account_id), now=now)
    kept.save_draft(account_id, path, fields)


def drop(path: str, *, actor: Actor) -> None:
    """Throw away what the actor was writing at an address."""
    kept.drop_draft(_writer(actor), path)


def _writer(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden("draft.save")
    return actor.account_id
