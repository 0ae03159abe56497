"""Looking whether something answers: a few addresses at a time, politely, and into no network but the public one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from portal.core import clock, outgoing
from portal.core.db import db, transaction
from portal.core.outgoing import Answer, Limits, OutgoingError
from portal.staff.links import operations, queries
from portal.staff.links.models import ExternalAddress

AT_ONCE = 4
"""How many addresses a minute."""
COLLECTED_EVERY = timedelta(hours=1)
LIMITS = Limits(seconds=10.0, raw=64 * 1024, unpacked=256 * 1024)
NOT_BY_HEAD = frozenset({400, 403, 404, 405, 406, 429, 500, 501, 503})
"""What servers say to a HEAD that they would not say to a GET."""
ALIVE = frozenset({401, 402, 403, 407, 429})
"""Somebody is there who does not let a program in."""


@dataclass(frozen=True, slots=True)
class Verdict:
    is_good: bool
    status: int | None
    reason: str = ""
    etag: str = ""
    last_modified: str = ""


def look(url: str, etag: str = "", last_modified: str = "") -> Verdict:
    """Whether something answers at an address. HEAD first; GET where HEAD is not understood."""
    try:
        answer = _ask(url, "HEAD", etag, last_modified)
        if answer.status in NOT_BY_HEAD:
            answer = _ask(url, "GET", etag, last_modified)
    except outgoing.TooLarge:
        return Verdict(is_good=True, status=200)  # somebody answers, at length
    except OutgoingError as error:
        return Verdict(is_good=False, status=None, reason=f"{type(error).__name__}: {error}")
    is_good = answer.status < 400 or answer.status in ALIVE
    tags = (answer.etag or "", answer.last_modified or "")
    return Verdict(is_good, answer.status, "" if is_good else f"HTTP {answer.status}", *tags)


def _ask(url: str, method: str, etag: str, last_modified: str) -> Answer:
    allow: frozenset[str] = current_app.config["PORTAL_OUTGOING_ALLOW"]
    return outgoing.fetch(
        url, etag=etag or None, last_modified=last_modified or None, allow=allow, limits=LIMITS, method=method
    )


def collect() -> None:
    """Bring the list of addresses in step with our pages."""
    with transaction():
        operations.collect(now=clock.now())


def run() -> int:
    """Look at what is due; returns how many addresses were looked at."""
    with transaction():
        addresses = [(one.id, one.url, one.etag, one.last_modified) for one in _begin()]
    for address_id, url, etag, last_modified in addresses:
        verdict = look(url, etag, last_modified)
        with transaction():
            _note(address_id, verdict)
    return len(addresses)


def _begin() -> list[ExternalAddress]:
    now = clock.now()
    due = list(queries.due(now, AT_ONCE))
    operations.put_off(due, now=now)
    return due


def _note(address_id: int, verdict: Verdict) -> None:
    address = db.session.get(ExternalAddress, address_id, populate_existing=True)
    if address is None:
        return  # our pages lead there no more
    now = clock.now()
    if verdict.is_good:
        operations.note_good(address, verdict.status or 200, verdict.etag, verdict.last_modified, now=now)
    else:
        operations.note_failure(address, verdict.status, verdict.reason, now=now)


class Walk:
    """A round in the background: a server that keeps us waiting must not hold up the mail and the index."""

    def __init__(self) -> None:
        self._collected_at: datetime | None = None

    def work(self, _lane: int) -> None:
        now = clock.now()
        if self._collected_at is None or now - self._collected_at > COLLECTED_EVERY:
            collect()
            self._collected_at = now
        run()
