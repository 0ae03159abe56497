"""Collecting addresses, keeping what came of looking at them, and what staff decide about one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, insert

from portal.core import audit, waking
from portal.core.db import db
from portal.core.intake import chunks
from portal.core.permissions import Actor, require
from portal.staff.links import queries
from portal.staff.links.models import ExternalAddress, LinkState

AGAIN_GOOD = timedelta(days=7)
AGAIN_FAILING = timedelta(days=1)
BROKEN_AFTER = 3
BROKEN_SPAN = timedelta(days=2)
"""An address is broken when it has failed so often over at least this long: a server may be down for a night."""


def collect(*, now: datetime) -> None:
    """Begin to look after what our pages lead to by now, and forget what they lead to no more."""
    wanted = {_digest(url): url for url in queries.in_use()}
    known = queries.known()
    new = [
        {
            "url": url,
            "digest": digest,
            "host": _host(url),
            "state": LinkState.UNKNOWN,
            "failures": 0,
            "next_check_at": now,
            "reason": "",
            "etag": "",
            "last_modified": "",
            "found_at": now,
        }
        for digest, url in wanted.items()
        if digest not in known
    ]
    if new:
        db.session.execute(insert(ExternalAddress), new)
    for some in chunks([id for digest, id in known.items() if digest not in wanted]):
        db.session.execute(delete(ExternalAddress).where(ExternalAddress.id.in_(some)))


def put_off(addresses: Iterable[ExternalAddress], *, now: datetime) -> None:
    """Note that these are being looked at: whoever dies meanwhile has not blocked the others."""
    for address in addresses:
        address.last_checked_at, address.next_check_at = now, now + AGAIN_FAILING


def note_good(address: ExternalAddress, status: int, etag: str, last_modified: str, *, now: datetime) -> None:
    """Something answers there."""
    address.status, address.reason, address.failures, address.first_failed_at = status, "", 0, None
    address.etag, address.last_modified = etag[:200], last_modified[:100]
    address.last_good_at, address.next_check_at = now, now + AGAIN_GOOD
    if address.state is not LinkState.IGNORED:
        address.state = LinkState.GOOD


def note_failure(address: ExternalAddress, status: int | None, reason: str, *, now: datetime) -> None:
    """Nothing useful answers there, this time."""
    address.status, address.reason, address.next_check_at = status, reason[:300], now + AGAIN_FAILING
    address.failures += 1
    address.first_failed_at = address.first_failed_at or now
    if address.state is LinkState.IGNORED:
        return
    is_broken = address.failures >= BROKEN_AFTER and now - address.first_failed_at >= BROKEN_SPAN
    address.state = LinkState.BROKEN if is_broken else LinkState.FAILING
    if is_broken:
        address.next_check_at = now + AGAIN_GOOD


def check_now(address: ExternalAddress, *, actor: Actor, now: datetime) -> None:
    """Have the worker look at it next."""
    require(actor, "link.manage", address)
    address.next_check_at, address.last_checked_at = now, None
    audit.record(actor, "link.check_ordered", "link", address.id, {"url": (address.url, address.url)}, now=now)
    waking.ask()


def ignore(address: ExternalAddress, *, actor: Actor, now: datetime) -> None:
    """Leave it as it is: some servers answer people and no programs."""
    require(actor, "link.manage", address)
    before, address.state = address.state, LinkState.IGNORED
    changes = {"url": (address.url, address.url), "state": (before, address.state)}
    audit.record(actor, "link.ignored", "link", address.id, changes, now=now)


def heed(address: ExternalAddress, *, actor: Actor, now: datetime) -> None:
    """Look after it again."""
    require(actor, "link.manage", address)
    before, address.state = address.state, LinkState.UNKNOWN
    address.failures, address.first_failed_at, address.next_check_at = 0, None, now
    changes = {"url": (address.url, address.url), "state": (before, address.state)}
    audit.record(actor, "link.heeded", "link", address.id, changes, now=now)


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""
