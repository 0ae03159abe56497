"""HTTP to addresses that strangers chose, e.g. of feeds: into no network but the public one, and never for long.

What each defence is against:

- a name that leads inside: all its addresses are checked, and the checked one is what is connected to, so
  that a second look at the name cannot turn private. Redirects are checked like first addresses.
- an answer without an end, a byte at a time or not at all: one deadline over everything, kept by a watchdog.
- an answer too large, packed or in headers: bytes are counted as they leave the socket, and once more unpacked.
"""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import urlencode

from urllib3 import exceptions

from portal.core.fetching.errand import Answer, Errand, Limits
from portal.core.fetching.errors import (
    BadAnswer,
    BadEncoding,
    BadRedirect,
    Blocked,
    OutgoingError,
    TimedOut,
    TooLarge,
    Unreachable,
    named,
)
from portal.core.fetching.lines import Watchdog
from portal.core.fetching.targets import Target, is_public

__all__ = [
    "Answer",
    "BadAnswer",
    "BadEncoding",
    "BadRedirect",
    "Blocked",
    "Limits",
    "OutgoingError",
    "TimedOut",
    "TooLarge",
    "Unreachable",
    "fetch",
    "is_public",
    "post",
]

AGENT = "Mozilla/5.0 (compatible; portal feed reader)"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
USUAL = Limits()


def fetch(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    allow: frozenset[str] = frozenset(),
    limits: Limits = USUAL,
    tls: ssl.SSLContext | None = None,
    method: str = "GET",
) -> Answer:
    """The answer to a GET (or HEAD), after redirects; an `OutgoingError` when there is none that can be used.

    `etag` and `last_modified` of an earlier answer make it a 304 when nothing has changed.
    `allow`: pairs `address:port` that may be asked although they are not public.
    """
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {"User-Agent": AGENT, "Accept": ACCEPT, "Accept-Encoding": "gzip"}
    headers |= {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}
    return _run(url, headers, allow, limits, tls, method)


def post(
    url: str,
    form: Mapping[str, str],
    *,
    allow: frozenset[str] = frozenset(),
    limits: Limits = USUAL,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """The answer to a form that is sent once: what it holds is for this address and goes on to no other."""
    headers = {
        "User-Agent": AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _run(url, headers, allow, replace(limits, redirects=0), tls, "POST", urlencode(form).encode())


def _run(
    url: str,
    headers: Mapping[str, str],
    allow: frozenset[str],
    limits: Limits,
    tls: ssl.SSLContext | None,
    method: str,
    body: bytes | None = None,
) -> Answer:
    with Watchdog(limits.seconds) as watchdog:
        errand = Errand(headers, allow, limits, tls or _trusted(), watchdog, method, body)
        try:
            answer = errand.run(Target.read(url))
        except (OutgoingError, exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            # A line that the watchdog has shut looks like any other fault, or like a good end.
            watchdog.check()
            raise named(error) from error
        watchdog.check()
        return answer


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities this machine trusts, read once: it takes longer than many a fetch."""
    return ssl.create_default_context()
