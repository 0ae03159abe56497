"""One fetch: asking, reading, and why there is nothing, in words of our own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

from portal.core import outgoing
from portal.core.outgoing import Answer, Limits, OutgoingError
from portal.feeds.models import Trouble
from portal.feeds.reader import Reader
from portal.feeds.reading.parsed import Candidate, Parsed, Unreadable

LONGEST_RETRY = timedelta(days=1)

_TROUBLES: dict[type[OutgoingError], Trouble] = {
    outgoing.Blocked: Trouble.BLOCKED,
    outgoing.BadRedirect: Trouble.BAD_REDIRECT,
    outgoing.Unreachable: Trouble.UNREACHABLE,
    outgoing.TimedOut: Trouble.TIMED_OUT,
    outgoing.TooLarge: Trouble.TOO_LARGE,
    outgoing.BadEncoding: Trouble.BAD_ENCODING,
    outgoing.BadAnswer: Trouble.BAD_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one feed may take altogether, of which asking and answering."""

    seconds: float = 19.0
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and what is known from the last time."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_digest: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A feed was read. Without `parsed` it is the one of the last time."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_digest: str = ""
    moved_to: str = ""
    parsed: Parsed | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was read. `candidates`: feeds that the page there names."""

    trouble: Trouble
    detail: str = ""
    retry_after: timedelta | None = None
    candidates: Sequence[Candidate] = field(default_factory=tuple)


def fetch(
    asked: Request,
    reader: Reader,
    *,
    allow: frozenset[str] = frozenset(),
    patience: Patience,
    now: datetime,
) -> Brought | Failed:
    """Ask for a feed and read it, all of it within the patience there is."""
    end = time.monotonic() + patience.seconds
    try:
        answer = outgoing.fetch(
            asked.url,
            etag=asked.etag or None,
            last_modified=asked.last_modified or None,
            allow=allow,
            limits=patience.limits,
        )
    except OutgoingError as error:
        return Failed(_TROUBLES.get(type(error), Trouble.BAD_ANSWER), str(error))
    if answer.status == 304:
        return _brought(answer, asked.body_digest, None, asked)
    if not 200 <= answer.status < 300:
        trouble = Trouble.GONE if answer.status == 410 else Trouble.REFUSED
        return Failed(trouble, f"HTTP {answer.status}", _retry_after(answer.headers.get("retry-after", ""), now))
    digest = sha256(answer.body).hexdigest()
    if digest == asked.body_digest:
        return _brought(answer, digest, None, asked)
    try:
        content_type = answer.headers.get("content-type", "")
        parsed = reader.read(answer.body, answer.url, content_type, seconds=end - time.monotonic())
    except Unreadable as why:
        return Failed(Trouble(why.trouble), why.detail, candidates=why.candidates)
    return _brought(answer, digest, parsed, asked)


def _brought(answer: Answer, digest: str, parsed: Parsed | None, asked: Request) -> Brought:
    # A 304 need not repeat the validators it answers to.
    is_same = answer.status == 304
    return Brought(
        url=answer.url,
        etag=_short(answer.etag, 300) or (asked.etag if is_same else ""),
        last_modified=_short(answer.last_modified, 100) or (asked.last_modified if is_same else ""),
        body_digest=digest,
        moved_to=answer.permanent_url or "",
        parsed=parsed,
    )


def _short(value: str | None, limit: int) -> str:
    """A validator that fits, or none: half a one would never match."""
    return value if value and len(value) <= limit else ""


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """How long the server wants to be left alone, as a number of seconds or as a date."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        wait = timedelta(seconds=min(int(value[:9]), LONGEST_RETRY.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(wait, LONGEST_RETRY) if wait > timedelta(0) else None
