"""What every page shares: language in the address, the front door, caching headers."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    current_app,
    g,
    get_flashed_messages,
    has_request_context,
    make_response,
    request,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.http import generate_etag, http_date
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from portal.core import bilingual, clock, exporting, generations
from portal.core.db import LARGEST_ID
from portal.core.errors import NotFound
from portal.core.permissions import VISITOR, Actor, Audience, admits, audience

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE_NAMES: Mapping[str, str] = {"da": "Dansk", "en": "English"}


class LanguageConverter(BaseConverter):
    """`da` or `en`; anything else is no address of ours."""

    regex = "da|en"


class KeyConverter(IntegerConverter):
    """A whole number that can be the key of a row: one that no row of ours can have is no address of ours."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **options})


class Pages(Blueprint):
    """A blueprint whose rules continue its path: `.csv` under `/projects` is `/projects.csv`."""

    def __init__(self, name: str, module: str, path: str) -> None:
        super().__init__(name, module, url_prefix="/<language:language>")
        self.path = path

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        # Flask's own prefix puts a slash before every rule, and lists end in .csv, .xlsx and .atom.
        super().add_url_rule(f"{self.path}{rule}", *args, **options)

    def serve(
        self, rule: str, name: str, who: str, page: Callable[..., ResponseReturnValue], methods: Sequence[str]
    ) -> None:
        """Give an address to what is a page of many things, such as a method, which no decorator can mark."""

        def view(**values: Any) -> ResponseReturnValue:
            return page(**values)

        self.add_url_rule(rule, name, audience(who)(view), methods=methods)


def pages(name: str, module: str, path: str) -> Pages:
    """A blueprint whose pages stand under their language: `/da<path>`, `/en<path>`."""
    return Pages(name, module, path)


class OwnPages(SecureCookieSessionInterface):
    """Sessions that keep every page that read one out of all caches: it is its reader's own."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        # Setting up the check of a signature costs a visitor's page more than anything else that Flask does for it.
        return (
            super().open_session(app, request) if self.get_cookie_name(app) in request.cookies else self.session_class()
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed and not has_session():
            response.headers["Cache-Control"] = "no-store"
            for name in ("ETag", "Last-Modified"):
                response.headers.pop(name, None)
        super().save_session(app, session, response)


ACTOR = "actor"
Loader = Callable[[], Actor]
Doorkeeper = Callable[[Audience], ResponseReturnValue | None]


def actor() -> Actor:
    """Who asks. Without a session cookie a visitor, and no session is read: such a page may be cached for all."""
    known: Actor | None = g.get(ACTOR)
    if known is None:
        load: Loader | None = current_app.extensions.get("load_actor")
        known = load() if load and has_session() else VISITOR
        setattr(g, ACTOR, known)
    return known


def has_session() -> bool:
    """Whether the reader's browser brought a session; asking does not read it."""
    return has_request_context() and current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def forget_actor() -> None:
    """Ask anew who it is: somebody has just signed in or out."""
    g.pop(ACTOR, None)


def take_for(who: Actor) -> None:
    """Let the rest of the request be answered as for this actor, whoever asks."""
    setattr(g, ACTOR, who)


def know_people(app: Flask, load: Loader, at_the_door: Doorkeeper) -> None:
    """Let the app know who asks (`load`), and what to answer somebody who is not let in.

    `at_the_door` is given the page's audience; where it returns nothing the page is not there.
    """
    app.extensions["load_actor"] = load
    app.extensions["at_the_door"] = at_the_door


def absolute(path: str) -> str:
    """The public address of a path on this site."""
    return f"{current_app.config['PORTAL_BASE_URL']}{path}"


def address(endpoint: str, **values: Any) -> str:
    """The full public address of a page, for feeds, calendars and metadata."""
    return absolute(path_for(endpoint, **values))


def came_from() -> str:
    """Where a request comes from, as tries are counted: an address, or the network that one subscriber is given.

    Whoever has an IPv6 address has 2⁶⁴ of them (RFC 6177): counted one by one, no limit would hold.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False))


def host_of(url: str) -> str:
    """The site that a web address leads to, as a reader knows it: `energinet.dk`. Empty for anything else."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


@lru_cache(maxsize=16_384)
def _path(_language: bilingual.Language, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def path_for(endpoint: str, **values: Any) -> str:
    """`url_for`, remembered: a page has a hundred links, and an address never changes."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    return _path(bilingual.chosen(), endpoint, tuple(values.items()))


def alternates() -> list[tuple[str, str, str]]:
    """(language, its name, this page's address in it) for each language. Empty off the pages."""
    if request.endpoint is None or "language" not in (request.url_rule.arguments if request.url_rule else ()):
        return []
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    values = request.view_args or {}
    return [
        (language, LANGUAGE_NAMES[language], path_for(request.endpoint, **{**values, "language": language}) + query)
        for language in bilingual.LANGUAGES
    ]


def page_number() -> int:
    """The page of a list that the address asks for. `NotFound` for what cannot be one."""
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 0 < int(given[:9]) <= 1_000_000):
        raise NotFound("page", given)
    return int(given[:9])


def safe_next(target: str | None, default: str) -> str:
    """An address of this site to go on to; anything that a browser would read as another site's becomes the default."""
    if not target or not target.startswith("/") or len(target) > 2000:
        return default
    if target.startswith(("//", "/\\")) or any(ord(character) < 33 or character == "\\" for character in target):
        return default
    return target


def asked_onward() -> str:
    """Where the address of this page says to go on to; empty where it says nothing, or another site's."""
    return safe_next(request.args.get("next"), "")


def messages() -> Sequence[tuple[str, str]]:
    """(kind, text) of what the last page had to say to this one; without a session there is none to ask."""
    if not has_session():
        return ()
    said: list[Any] = get_flashed_messages(with_categories=True)
    return [(kind, text) for kind, text in said]


def uncached() -> None:
    """Keep the page being made out of every cache."""
    g.uncached = True


def hidden(page: str, status: int = 200) -> Response:
    """A page by a secret link: no cache keeps it, no search engine takes it, no other site learns its address."""
    uncached()
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def revalidated(body: str | Response, same: str = "") -> Response:
    """An answer that no cache may give unasked, as that of the index, which follows the content a moment later.

    `same` is what tells it from others, where something in it always differs, such as how long it took.
    """
    response = make_response(body)
    response.headers["Cache-Control"] = "no-cache"
    if same:
        response.set_etag(generate_etag(same.encode()), weak=True)
    else:
        response.add_etag()
    response.make_conditional(request.environ)
    return response


def shows(*kinds: str) -> None:
    """Say that the page depends on these content kinds only; without it, on all."""
    request.environ[generations.SHOWN_KINDS] = kinds


def install(app: Flask) -> None:
    """Put the language, the front door and the headers in place."""
    app.url_map.converters.update(language=LanguageConverter, int=KeyConverter)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.session_interface = OwnPages()
    app.before_request(_front_door)
    app.after_request(_headers)


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    bilingual.choose((values or {}).pop("language", None) or _language_of_path())


def _language_of_path() -> str:
    """The language of an address that matched no page, so that even a 404 speaks it."""
    first = request.path[1:3]
    return first if first in bilingual.LANGUAGES and request.path[3:4] in ("", "/") else bilingual.DEFAULT


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = bilingual.chosen()


def _front_door() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    if "\x00" in request.path:
        raise NoSuchPage  # no address of ours holds one, and PostgreSQL cannot even be asked for it
    view = current_app.view_functions[request.endpoint]
    who: Audience | None = getattr(view, "audience", None)
    if who is None:
        raise NoSuchPage
    if admits(who, actor()):
        return None
    turn_away: Doorkeeper | None = current_app.extensions.get("at_the_door")
    answer = turn_away(who) if turn_away else None
    if answer is None:
        # A page that is not for you is not there: the answer must not tell which pages exist.
        raise NoSuchPage
    return answer


POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)


SAFE = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
SAFE_ON_HTTPS = (*SAFE, ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


def _headers(response: Response) -> Response:
    headers = response.headers
    given = {name.lower() for name, _value in headers}
    is_https = current_app.config["PORTAL_BASE_URL"].startswith("https://")
    for name, value in SAFE_ON_HTTPS if is_https else SAFE:
        if name.lower() not in given:
            headers.add(name, value)
    if "cache-control" not in given:
        _cache_headers(response)
    return response


def _cache_headers(response: Response) -> None:
    if has_session():
        uncached()
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or g.get("uncached"):
        response.headers["Cache-Control"] = "no-store" if g.get("uncached") else "no-cache"
        return
    # Browsers keep the page but ask each time: the answer is a 304 until something changes.
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    if kinds := g.get("kinds"):
        request.environ[generations.SHOWN_KINDS] = kinds
    response.headers["Last-Modified"] = generations.remembered("last modified", _last_modified)
    response.add_etag()
    if any(condition in request.environ for condition in CONDITIONS):
        response.make_conditional(request.environ)


def _last_modified() -> str:
    return http_date(generations.last_modified(clock.now()))


def table_download(name: str, ending: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A list as a file to keep: `csv` (UTF-8 with BOM) or `xlsx`."""
    if ending == "csv":
        body, kind = exporting.csv_bytes(columns, rows), "text/csv; charset=utf-8"
    else:
        body, kind = exporting.xlsx_bytes(name, columns, rows), XLSX
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
