"""One fetch: from the first address over its redirects to a body that is whole, unpacked and not too large."""

import queue
import socket
import ssl
import threading
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from urllib3.connection import HTTPConnection
from urllib3.response import HTTPResponse

from portal.core.fetching.errors import BadAnswer, BadEncoding, BadRedirect, Blocked, TimedOut, TooLarge, Unreachable
from portal.core.fetching.lines import Meter, MeteredResponse, PlainConnection, TLSConnection, Watchdog
from portal.core.fetching.targets import PORTS, Target, is_public

FIRST_FREE_PORT = 1024  # below it, only the two ports of the web: a mail server would take lines of HTTP as commands
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
PIECE = 64 * 1024


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


@dataclass(frozen=True, slots=True)
class Errand:
    """One fetch with all that stays the same from redirect to redirect."""

    headers: Mapping[str, str]
    allow: frozenset[str]
    limits: Limits
    tls: ssl.SSLContext
    watchdog: Watchdog
    method: str
    body: bytes | None = None

    def run(self, target: Target) -> Answer:
        permanent: Target | None = None
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

    def _connection(self, target: Target) -> HTTPConnection:
        """A connection that calls itself by the name and goes to the address."""
        dial = partial(self._dial, target)
        connection: PlainConnection | TLSConnection
        timeout = self.watchdog.left()
        if target.scheme == "https":
            connection = TLSConnection(target.host, target.port, timeout=timeout, ssl_context=self.tls)
        else:
            connection = PlainConnection(target.host, target.port, timeout=timeout)
        connection.dial = dial
        meter = partial(Meter, cap=self.limits.raw + self.limits.head, watchdog=self.watchdog)
        connection.response_class = partial(MeteredResponse, meter=meter)  # type: ignore[assignment]
        return connection

    def _dial(self, target: Target) -> socket.socket:
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

    def _addresses(self, target: Target) -> list[tuple[int, Any]]:
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

    def _looked_up(self, target: Target) -> list[Any]:
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

    def _ask(self, connection: HTTPConnection, target: Target) -> HTTPResponse:
        connection.request(
            self.method,
            target.path,
            body=self.body,
            headers=self.headers,
            preload_content=False,
            decode_content=False,
        )
        return connection.getresponse()

    def _answer(self, response: HTTPResponse, target: Target, permanent: Target | None) -> Answer:
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
