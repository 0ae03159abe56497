"""The page cache at the WSGI edge: public pages answered without entering Flask.

A page is kept together with the generations of the content it shows, as they were *before* it
was rendered, and the moment at which time alone changes it. Before each answer both are
compared with now, so a change is seen by the next request of every process and nothing is ever
purged. Whoever has a session, or the slightest doubt about the database, goes through to the app.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import brotli
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header, parse_date, parse_etags, parse_set_header, unquote_etag
from werkzeug.sansio.utils import host_is_trusted

from portal.core import assets, generations
from portal.core.watch import Stamp, Unreadable, Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TOTAL_BYTES = 64 * 1024 * 1024  # in each process
PAGE_BYTES = 2 * 1024 * 1024
OVERHEAD_BYTES = 4 * 1024  # what a page costs besides its bodies
QUERY_CHARACTERS = 1000
FILL_WAIT_S = 5.0
SMALLEST_COMPRESSED = 512
MEMO_SIZE = 512
BROTLI_QUALITY = 5
GZIP_LEVEL = 6

# What a page may vary by and still be kept: codings are chosen here, fragments for htmx never come here.
KNOWN_VARY = frozenset({"accept-encoding", "hx-request"})
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/xml",
    "application/rss+xml",
    "application/atom+xml",
    "application/opensearchdescription+xml",
    "image/svg+xml",
)
# A 304 repeats the page's headers except those that describe the body it does not have.
BODY_HEADERS = frozenset({"content-length", "content-type", "content-encoding", "content-language"})
# Hidden from the app while it makes a page: the cache wants the whole page and decides the rest itself.
CONDITIONS = frozenset(
    {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING"}
)

MARK = "X-Page-Cache"  # hit or miss, said in development only

Key = tuple[str, str]
"""Path, apart from the query: a `?` that was written `%3F` in the path must not look like one."""


class Variant:
    """A page in one content coding, ready to be sent."""

    __slots__ = ("body", "etag", "headers", "not_modified")

    def __init__(self, headers: list[tuple[str, str]], body: bytes, etag: str) -> None:
        self.body = body
        self.etag = etag
        self.headers = headers
        self.not_modified = [pair for pair in headers if pair[0].lower() not in BODY_HEADERS]


class Page:
    """A finished page: its variants, what it shows, and from when until when it holds."""

    __slots__ = (
        "expires",
        "kinds",
        "last_modified",
        "made",
        "plain",
        "size",
        "stamp",
        "takes_ranges",
        "used",
        "variants",
    )

    def __init__(
        self,
        headers: Headers,
        body: bytes,
        *,
        stamp: Stamp,
        kinds: Iterable[str] | None,
        made: float,
        expires: float,
    ) -> None:
        self.stamp = stamp
        self.kinds = None if kinds is None else tuple(kinds)
        self.made = made
        self.expires = expires
        self.used = False
        self.size = 0
        self.last_modified = headers.get("Last-Modified", "")
        self.takes_ranges = headers.get("Accept-Ranges") == "bytes"
        if "ETag" not in headers:
            headers["ETag"] = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers["Content-Length"] = str(len(body))
        compressible = len(body) >= SMALLEST_COMPRESSED and headers.get("Content-Type", "").startswith(COMPRESSIBLE)
        if compressible and "accept-encoding" not in _vary(headers):
            headers.add("Vary", "Accept-Encoding")
        self.plain = plain = Variant(list(headers), body, headers["ETag"])
        self.variants = {"": plain} if compressible else {"": plain, "br": plain, "gzip": plain}

    def fresh(self, stamp: Stamp, now: float) -> bool:
        """Whether neither a change nor the clock has overtaken the page."""
        if self.stamp is not stamp:
            if self.kinds is None:
                if self.stamp != stamp:
                    return False
            else:
                then = self.stamp
                for kind in self.kinds:
                    if then.get(kind) != stamp.get(kind):
                        return False
            self.stamp = stamp
        # A clock that was set back makes no claim about what a page will look like later.
        return self.made <= now < self.expires

    def pack(self, coding: str) -> None:
        """Add the variant in this coding; where packing gains nothing, the plain page serves."""
        plain = self.plain
        packed = _pack(plain.body, coding)
        if len(packed) >= len(plain.body):
            self.variants[coding] = plain
            return
        headers = Headers(plain.headers)
        # The bytes differ from the plain page's, so the tag may not be a strong one.
        headers["ETag"] = plain.etag if plain.etag.startswith("W/") else f"W/{plain.etag}"
        headers["Content-Encoding"] = coding
        headers["Content-Length"] = str(len(packed))
        self.variants[coding] = Variant(list(headers), packed, headers["ETag"])

    def weigh(self) -> int:
        """Bring `size` up to date and return by how much it grew."""
        bodies = {id(variant): len(variant.body) + OVERHEAD_BYTES for variant in tuple(self.variants.values())}
        growth = sum(bodies.values()) - self.size
        self.size += growth
        return growth


def _pack(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


class PageCache:
    """WSGI middleware that answers public pages from memory."""

    def __init__(
        self,
        app: "WSGIApplication",
        watch: Watch,
        valid_until: Callable[[float], float],
        *,
        session_cookies: Iterable[str] = ("session",),
        trusted_hosts: Iterable[str] | None = None,
        total_bytes: int = TOTAL_BYTES,
        mark: bool = False,
    ) -> None:
        self.app = app
        self._stamp = watch.stamp
        self._valid_until = valid_until
        self._session_cookies = tuple(f"{name}=" for name in session_cookies)
        self._trusted_hosts = list(trusted_hosts) if trusted_hosts else None
        self._total_bytes = total_bytes
        self._mark = mark
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self.bytes = 0
        self._lock = threading.Lock()
        self._filling: dict[Key, threading.Event] = {}
        self._hosts: dict[str, bool] = {}
        self._codings: dict[str, str] = {}
        self._moment: tuple[Stamp, float, float] | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Hot: what follows runs for every request, and a page found needs nothing but this function.
        get = environ.get
        method = environ["REQUEST_METHOD"]
        cookies = get("HTTP_COOKIE")
        if (
            method not in {"GET", "HEAD"}
            or (cookies is not None and self._has_session(cookies))
            or "HTTP_AUTHORIZATION" in environ
            or "HTTP_HX_REQUEST" in environ
        ):
            return self.app(environ, start_response)
        host = get("HTTP_HOST", "")
        if not (self._hosts.get(host) or self._is_trusted(host)):
            return self.app(environ, start_response)  # which refuses it

        key = (environ["PATH_INFO"], get("QUERY_STRING", ""))
        page = self._pages.get(key)
        if page is None and not _may_be_cached(key):
            return self.app(environ, start_response)
        if "HTTP_RANGE" in environ and (page is None or page.takes_ranges):
            return self.app(environ, start_response)  # which knows how to cut a file
        try:
            stamp = self._stamp()
        except Unreadable:
            return self.app(environ, start_response)
        if page is None or not page.fresh(stamp, time.time()):
            return self._miss(key, stamp, environ, start_response)

        page.used = True
        accepted = get("HTTP_ACCEPT_ENCODING", "")
        coding = self._codings.get(accepted)
        variant = page.variants.get(coding)  # type: ignore[arg-type]  # None is in no page
        if variant is None:
            variant = self._variant(key, page, accepted)
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and _is_current(
            environ, variant.etag, page.last_modified
        ):
            start_response("304 NOT MODIFIED", variant.not_modified[:])
            return []
        # A copy: the server may do with the list what it likes (PEP 3333).
        start_response("200 OK", variant.headers[:])
        return [variant.body] if method == "GET" else []

    def _miss(
        self, key: Key, stamp: Stamp, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Make the page, or wait for whoever is making it."""
        mine = threading.Event()
        with self._lock:
            making = self._filling.setdefault(key, mine)
        try:
            if making is not mine:
                making.wait(FILL_WAIT_S)
            # Also whoever came first looks: it may have been finished between the look-up and the lock.
            page = self._pages.get(key)
            if page is not None and page.fresh(stamp, time.time()):
                return self._send(key, page, environ, start_response, "hit")
            if making is not mine:
                return self.app(environ, start_response)
            return self._fill(key, stamp, environ, start_response)
        finally:
            if making is mine:
                with self._lock:
                    del self._filling[key]
                mine.set()

    def _fill(
        self, key: Key, stamp: Stamp, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Have the app make the page. `stamp` was read before, so a change meanwhile outdates the page at once."""
        now = time.time()
        try:
            expires = self._expiry(stamp, now)
        except SQLAlchemyError:
            return self.app(environ, start_response)
        asked = {name: value for name, value in environ.items() if name not in CONDITIONS}
        asked["REQUEST_METHOD"] = "GET"
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], object]:
            started[:] = status, headers
            return _refuse_write

        chunks = self.app(asked, start)
        status, headers = started[0], Headers(started[1])
        if not _may_be_kept(status, headers):
            return _pass_on(status, headers, chunks, environ, start_response)
        if self._mark:
            headers[MARK] = "hit"
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        page = Page(headers, body, stamp=stamp, kinds=asked.get(generations.SHOWN_KINDS), made=now, expires=expires)
        self._keep(key, page)
        return self._send(key, page, environ, start_response, "miss")

    def _send(
        self, key: Key, page: Page, environ: "WSGIEnvironment", start_response: "StartResponse", found: str
    ) -> Iterable[bytes]:
        variant = self._variant(key, page, environ.get("HTTP_ACCEPT_ENCODING", ""))
        if _is_current(environ, variant.etag, page.last_modified):
            start_response("304 NOT MODIFIED", variant.not_modified[:])
            return []
        start_response("200 OK", [(name, value if name != MARK else found) for name, value in variant.headers])
        return [variant.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _expiry(self, stamp: Stamp, now: float) -> float:
        """The next moment at which time changes a page; asked once for each state of the content."""
        known = self._moment
        if known is not None and known[0] is stamp and known[1] <= now < known[2]:
            return known[2]
        expires = self._valid_until(now)
        self._moment = (stamp, now, expires)
        return expires

    def _keep(self, key: Key, page: Page) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            if before is not None:
                self.bytes -= before.size
            self._pages[key] = page
            self.bytes += page.weigh()
            self._make_room()

    def _make_room(self) -> None:
        """Let go of the oldest pages; one that was asked for since the last round stays another round."""
        while self.bytes > self._total_bytes and self._pages:
            key, page = self._pages.popitem(last=False)
            if page.used and self._pages:
                page.used = False
                self._pages[key] = page
            else:
                self.bytes -= page.size

    def _variant(self, key: Key, page: Page, accepted: str) -> Variant:
        """The page as the asker accepts it, compressed the first time somebody does."""
        coding = self._coding(accepted)
        if coding not in page.variants:
            page.pack(coding)
            with self._lock:
                if self._pages.get(key) is page:
                    self.bytes += page.weigh()
                    self._make_room()
        return page.variants[coding]

    def _coding(self, accepted: str) -> str:
        """The content coding to answer with, remembered for each Accept-Encoding ever seen."""
        known = self._codings.get(accepted)
        if known is None:
            if len(self._codings) >= MEMO_SIZE:
                self._codings.clear()
            known = self._codings[accepted] = _best_coding(accepted)
        return known

    def _is_trusted(self, host: str) -> bool:
        if len(self._hosts) >= MEMO_SIZE:
            self._hosts.clear()
        self._hosts[host] = trusted = host_is_trusted(host, self._trusted_hosts)
        return trusted

    def _has_session(self, cookies: str) -> bool:
        return any(name in cookies for name in self._session_cookies)


def _may_be_cached(key: Key) -> bool:
    path, query = key
    return len(query) <= QUERY_CHARACTERS and not path.startswith(assets.PREFIX)


def _refuse_write(_data: bytes) -> None:
    raise RuntimeError("the write() of WSGI's first days is not supported")


def _may_be_kept(status: str, headers: Headers) -> bool:
    if not status.startswith("200") or "Set-Cookie" in headers or "Content-Encoding" in headers:
        return False
    directives = parse_set_header(headers.get("Cache-Control"))
    if "public" not in directives or "private" in directives or "no-store" in directives:
        return False
    # A page of unknown length is being streamed; it may never end.
    length = headers.get("Content-Length", "")
    return length.isdecimal() and int(length) <= PAGE_BYTES and _vary(headers) <= KNOWN_VARY


def _vary(headers: Headers) -> set[str]:
    return {name.strip().lower() for value in headers.getlist("Vary") for name in value.split(",")}


def _pass_on(
    status: str,
    headers: Headers,
    chunks: Iterable[bytes],
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
) -> Iterable[bytes]:
    """Send an answer that is not kept, heeding the conditions that were hidden from the app."""
    if status.startswith("200") and _is_current(environ, headers.get("ETag", ""), headers.get("Last-Modified", "")):
        status = "304 NOT MODIFIED"
        headers = Headers([pair for pair in headers if pair[0].lower() not in BODY_HEADERS])
    start_response(status, list(headers))
    if environ["REQUEST_METHOD"] == "GET" and not status.startswith("304"):
        return chunks
    if hasattr(chunks, "close"):
        chunks.close()
    return []


def _is_current(environ: "WSGIEnvironment", etag: str, last_modified: str) -> bool:
    """Whether the asker already has this page (RFC 9110, 13.2.2): a date counts only where no tag was sent."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags == etag != "" or parse_etags(tags).contains_weak(unquote_etag(etag)[0] or "")
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not since or not last_modified:
        return False
    if since == last_modified:
        return True
    asked, known = parse_date(since), parse_date(last_modified)
    return asked is not None and known is not None and asked >= known


def _best_coding(accepted: str) -> str:
    """`br`, `gzip` or, for none, the empty string."""
    accept = parse_accept_header(accepted, Accept)
    quality, coding = max((accept.quality("gzip"), "gzip"), (accept.quality("br"), "br"), key=lambda pair: pair[0])
    if accept.quality("br") == quality:
        coding = "br"
    return coding if quality > 0 else ""


def install(app: Flask) -> None:
    """Put the static files and, unless it is switched off, the page cache before the app."""
    in_development = app.config["PORTAL_ENV"] == "development"
    inner: WSGIApplication = assets.StaticFiles(app.wsgi_app, recheck=in_development)
    app.wsgi_app = inner  # type: ignore[assignment, method-assign]
    database = generations.watch_of(app)
    if not app.config["PORTAL_PAGE_CACHE"] or database is None:
        return

    def valid_until(now: float) -> float:
        with app.app_context():
            return generations.valid_until(datetime.fromtimestamp(now, UTC)).timestamp()

    cache = PageCache(
        inner,
        database,
        valid_until,
        session_cookies=(app.config["SESSION_COOKIE_NAME"], app.config.get("REMEMBER_COOKIE_NAME", "remember_token")),
        trusted_hosts=app.config["TRUSTED_HOSTS"],
        mark=in_development,
    )
    app.extensions["page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
