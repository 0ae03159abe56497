"""HTTP to addresses that strangers chose, e.g. of feeds: into no network but the public one, and never for long.

What each defence is against:

- a name that leads inside: all its addresses are checked, and the checked one is what is connected to, so
  that a second look at the name cannot turn private. Redirects are checked like first addresses.
- an answer without an end, a byte at a time or not at all: one deadline over everything, kept by a watchdog.
- an answer too large, packed or in headers: bytes are counted as they leave the socket, and once more unpacked.
"""

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode, urljoin, urlsplit

from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

AGENT = "Mozilla/5.0 (compatible; portal feed reader)"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below it, only the two ports of the web: a mail server would take lines of HTTP as commands
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
MAX_ADDRESS = 2_000
PIECE = 64 * 1024

# Our own list: `ipaddress.is_global` of Python 3.11 calls several ranges global that are not.
_BLOCKED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by carriers
            "127.0.0.0/8",
            "168.63.129.16/32",  # looks public; answers machines of one cloud with their secrets
            "169.254.0.0/16",  # link-local, and where clouds keep their metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",
        ),
    )
)
# All outside is special: mapped, compatible and NAT64 addresses; unique-, link- and site-local; multicast.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_BLOCKED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocols, among them Teredo, which hides an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4 hides one too
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?")
_NUMERIC = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


class OutgoingError(Exception):
    """The address could not be fetched; the message says why in words for a log."""


class Blocked(OutgoingError):
    """The address is one that this server must not ask."""


class BadRedirect(OutgoingError):
    """The server points on to nowhere, too often, or to where it is not safe to follow."""


class Unreachable(OutgoingError):
    """No such name, nobody there, or no trustworthy TLS."""


class TimedOut(OutgoingError):
    """The answer was not complete at the deadline."""


class TooLarge(OutgoingError):
    """The answer is larger than what is read, as sent or unpacked."""


class BadEncoding(OutgoingError):
    """The body is packed in a way that is not read."""


class BadAnswer(OutgoingError):
    """What came is not HTTP, or broke off."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger is borne."""

    seconds: float = 15.0
    connect_seconds: float = 5.0  # for one of several addresses
    raw: int = 5 * 1024 * 1024
    unpacked: int = 8 * 1024 * 1024
    head: int = 256 * 1024  # headers and the framing of chunks
    redirects: int = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What the last server said. `body` is unpacked, and read only when the status is a success."""

    status: int
    url: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    permanent_url: str | None  # where permanent redirects, and no others before them, have led

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")


def fetch(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    allow: frozenset[str] = frozenset(),
    limits: Limits = Limits(),
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
    limits: Limits = Limits(),
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
    with _Watchdog(limits.seconds) as watchdog:
        errand = _Errand(headers, allow, limits, tls or _trusted(), watchdog, method, body)
        try:
            answer = errand.run(_Target.read(url))
        except (OutgoingError, exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            # A line that the watchdog has shut looks like any other fault, or like a good end.
            watchdog.check()
            raise _named(error) from error
        watchdog.check()
        return answer


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities this machine trusts, read once: it takes longer than many a fetch."""
    return ssl.create_default_context()


def is_public(address: str) -> bool:
    """Whether the IP address is one of the public network."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _BLOCKED_V4)
    return ip in _PUBLIC_V6 and not any(ip in network for network in _BLOCKED_V6)


@dataclass(frozen=True, slots=True)
class _Target:
    """An address, read once, so that what is checked is what is asked."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def read(cls, url: str) -> "_Target":
        url = url.strip()
        if len(url) > MAX_ADDRESS or _UNSAFE.search(url):
            raise Blocked("the address is too long or has signs that no address has")
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        except ValueError as error:
            raise Blocked(f"the address cannot be read: {error}") from error
        if scheme not in PORTS:
            raise Blocked("only http and https are asked")
        if "@" in parts.netloc:
            raise Blocked("the address carries credentials")
        port = PORTS[scheme] if port is None else port
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        if parts.query:
            path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
        return cls(scheme, _ascii_host(host), port, path)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def redirected(self, location: str | None) -> "_Target":
        """Where the server points to."""
        if not location:
            raise BadRedirect("the redirect names no address")
        # Header bytes come as Latin-1; servers that send other signs mean UTF-8.
        location = location.encode("latin-1", "replace").decode("utf-8", "replace")
        try:
            target = _Target.read(urljoin(self.url, location))
        except (Blocked, ValueError) as error:
            raise BadRedirect(f"the redirect leads astray: {error}") from error
        if self.scheme == "https" and target.scheme == "http":
            raise BadRedirect("the redirect leads from https to http")
        return target


def _ascii_host(host: str) -> str:
    """The host as DNS knows it. Addresses are taken in their usual spelling only (not `0x7f.1`)."""
    try:
        if ":" in host and "%" not in host:
            return str(ipaddress.IPv6Address(host))
        name = host.encode("idna").decode("ascii").lower()
        if _NUMERIC.fullmatch(name.rstrip(".").rpartition(".")[2]):
            return str(ipaddress.IPv4Address(name))
    except ValueError as error:
        raise Blocked(f"not a host: {host!r}") from error
    if not _HOST.fullmatch(name):
        raise Blocked(f"not a host: {host!r}")
    return name


class _Watchdog:
    """One deadline. At its end the guarded line is shut, and `bitten` tells that end from the server's."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self.bitten = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        with self._lock:
            self._release()

    def left(self) -> float:
        """The seconds that remain, or TimedOut."""
        self.check()
        return max(self._end - time.monotonic(), 0.001)

    def check(self) -> None:
        if self.bitten or time.monotonic() >= self._end:
            raise TimedOut("the answer was not complete in time")

    def guard(self, line: socket.socket) -> None:
        """Watch this line instead of the one before."""
        with self._lock:
            self._release()
            # A duplicate: the line itself may be closed meanwhile and its number be another's,
            # and shutting a TLS socket from another thread would make its owner read in the clear.
            self._line = line.dup()
        self.check()

    def _bite(self) -> None:
        with self._lock:
            self.bitten = True
            if self._line is not None:
                with suppress(OSError):  # already closed by the server
                    self._line.shutdown(socket.SHUT_RDWR)
            self._release()

    def _release(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class _Meter(io.RawIOBase):
    """A socket's bytes, counted as they come: `http.client` alone would read a chunk of "-1" bytes for ever."""

    def __init__(self, line: io.RawIOBase, cap: int, watchdog: _Watchdog) -> None:
        self._line = line
        self._left = cap
        self._watchdog = watchdog

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._line.readinto(buffer)
        self._watchdog.check()  # before the end of a shut line is taken for an end
        self._left -= count or 0
        if self._left < 0:
            raise TooLarge("the answer is larger than what is read")
        return count

    def close(self) -> None:
        self._line.close()
        super().close()


class _MeteredResponse(http.client.HTTPResponse):
    def __init__(self, line: socket.socket, *args: Any, meter: Callable[[io.RawIOBase], _Meter], **kwargs: Any) -> None:
        super().__init__(line, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(meter(raw))


class _PlainConnection(HTTPConnection):
    dial: Callable[[], socket.socket]

    def _new_conn(self) -> socket.socket:
        return self.dial()


class _TLSConnection(HTTPSConnection):
    dial: Callable[[], socket.socket]

    def _new_conn(self) -> socket.socket:
        return self.dial()


@dataclass(frozen=True, slots=True)
class _Errand:
    """One fetch with all that stays the same from redirect to redirect."""

    headers: Mapping[str, str]
    allow: frozenset[str]
    limits: Limits
    tls: ssl.SSLContext
    watchdog: _Watchdog
    method: str
    body: bytes | None = None

    def run(self, target: _Target) -> Answer:
        permanent: _Target | None = None
        only_permanent = True
        for _ in range(self.limits.redirects + 1):
            with closing(self._connection(target)) as connection:
                response = self._ask(connection, target)
                with closing(response):
                    if response.status not in REDIRECTS:
                        return self._answer(response, target, permanent)
                    target = target.redirected(response.headers.get("location"))
            only_permanent = only_permanent and response.status in PERMANENT
            permanent = target if only_permanent else permanent
        raise BadRedirect(f"more than {self.limits.redirects} redirects")

    def _connection(self, target: _Target) -> HTTPConnection:
        """A connection that calls itself by the name and goes to the address."""
        dial = partial(self._dial, target)
        connection: _PlainConnection | _TLSConnection
        timeout = self.watchdog.left()
        if target.scheme == "https":
            connection = _TLSConnection(target.host, target.port, timeout=timeout, ssl_context=self.tls)
        else:
            connection = _PlainConnection(target.host, target.port, timeout=timeout)
        connection.dial = dial
        meter = partial(_Meter, cap=self.limits.raw + self.limits.head, watchdog=self.watchdog)
        connection.response_class = partial(_MeteredResponse, meter=meter)  # type: ignore[assignment]
        return connection

    def _dial(self, target: _Target) -> socket.socket:
        refusal: OSError | None = None
        for family, address in self._addresses(target):
            line = socket.socket(family, socket.SOCK_STREAM)
            try:
                line.settimeout(min(self.watchdog.left(), self.limits.connect_seconds))
                line.connect(address)
                line.settimeout(self.watchdog.left())
                self.watchdog.guard(line)
            except OSError as error:
                line.close()
                refusal = error
            except TimedOut:
                line.close()
                raise
            else:
                return line
        raise Unreachable(f"nobody answers at {target.host}:{target.port}") from refusal

    def _addresses(self, target: _Target) -> list[tuple[int, Any]]:
        """Where the name leads; Blocked as soon as one of its addresses is not public."""
        found = [(entry[0], entry[4]) for entry in self._looked_up(target)]
        for _, (host, *_rest) in found:
            if not self._may_ask(str(host), target.port):
                raise Blocked(f"{target.host} leads to {host}, port {target.port}")
        return found

    def _may_ask(self, address: str, port: int) -> bool:
        if not self.allow.isdisjoint({f"{address}:{port}", f"[{address}]:{port}"}):
            return True
        return is_public(address) and (port in PORTS.values() or port >= FIRST_FREE_PORT)

    def _looked_up(self, target: _Target) -> list[Any]:
        """`getaddrinfo` in a thread of its own: nothing can interrupt it."""
        results: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

        def look() -> None:
            try:
                results.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                results.put(OSError(str(error)))

        threading.Thread(target=look, daemon=True).start()
        try:
            found = results.get(timeout=self.watchdog.left())
        except queue.Empty:
            raise TimedOut(f"no address of {target.host} in time") from None
        if isinstance(found, OSError) or not found:
            raise Unreachable(f"{target.host} has no address")
        return found

    def _ask(self, connection: HTTPConnection, target: _Target) -> HTTPResponse:
        connection.request(
            self.method,
            target.path,
            body=self.body,
            headers=self.headers,
            preload_content=False,
            decode_content=False,
        )
        return connection.getresponse()

    def _answer(self, response: HTTPResponse, target: _Target, permanent: _Target | None) -> Answer:
        if response.status < 200:
            raise BadAnswer(f"status {response.status}")
        # Merged: of two Content-Encoding lines, the last alone would hide that they are nested.
        headers = {name.lower(): value for name, value in response.headers.itermerged()}
        has_body = self.method != "HEAD" and 200 <= response.status < 300
        body = self._body(response, headers) if has_body else b""
        return Answer(response.status, target.url, headers, body, permanent.url if permanent else None)

    def _body(self, response: HTTPResponse, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "chunked").strip().lower() != "chunked":
            raise BadEncoding(f"transfer encoding {headers['transfer-encoding']!r}")
        coding = headers.get("content-encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip", "x-gzip"}:
            raise BadEncoding(f"content encoding {coding!r}")
        raw = self._raw(response)
        return _gunzipped(raw, self.limits.unpacked) if coding.endswith("gzip") and raw else raw

    def _raw(self, response: HTTPResponse) -> bytes:
        if (response.length_remaining or 0) > self.limits.raw:
            raise TooLarge(f"{response.length_remaining} bytes are announced")
        raw = bytearray()
        while piece := response.read(PIECE, decode_content=False):
            raw += piece
            if len(raw) > self.limits.raw:
                raise TooLarge(f"more than {self.limits.raw} bytes")
        return bytes(raw)


def _gunzipped(raw: bytes, cap: int) -> bytes:
    """The content of one gzip layer with one member."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(raw, cap + 1)
    except zlib.error as error:
        raise BadEncoding(f"not gzip: {error}") from error
    if len(body) > cap:
        raise TooLarge(f"more than {cap} bytes unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise BadEncoding("the gzip body breaks off or goes on after its end")
    return body


def _named(error: Exception) -> OutgoingError:
    """Which of our errors one of the libraries' is."""
    if isinstance(error, OutgoingError):
        return error
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Unreachable(f"no trustworthy TLS: {text}")
    if isinstance(error, (TimeoutError, exceptions.TimeoutError)):
        return TimedOut(text)
    if isinstance(error, (exceptions.HTTPError, http.client.HTTPException)):
        return BadAnswer(text)
    return Unreachable(text)
