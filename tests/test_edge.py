"""The page cache at the edge: fast for visitors, and right at the moment of a change."""

import gzip
import io
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial, update_wrapper
from typing import Any

import brotli
import pytest
import time_machine
from flask import Flask, Response, g, request, send_file
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import Engine

from portal import create_app
from portal.core import generations, web
from portal.core.db import db
from portal.core.generations import Generation
from portal.core.permissions import audience
from portal.core.watch import watch
from portal.edge import PageCache

# What HTTP asks for has nothing to do with the kind of database; what follows a change has.
ANY_DATABASE = pytest.mark.sqlite_only
PAGE = "/en/probe"
FILLING = "Nothing of note is said here. " * 100


class Probe:
    """A page that says which generation of the projects it saw, and how often it was made."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.made = 0
        self.meanwhile: Callable[[], None] = lambda: None
        view = update_wrapper(partial(Probe.page, self), Probe.page)  # a bound method cannot carry its audience
        app.add_url_rule(PAGE, "probe", audience("everyone")(view))

    def page(self) -> Response:
        self.made += 1
        seen = db.session.scalar(select(Generation.number).where(Generation.kind == "project")) or 0
        self.meanwhile()
        if kinds := request.args.get("kinds"):
            g.kinds = tuple(kinds.split(","))
        return Response(f"<p>projects {seen}</p>{FILLING}", mimetype="text/html")


@pytest.fixture
def probe(app: Flask) -> Probe:
    return Probe(app)


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Engine]:
    """The database as another process reaches it."""
    with app.app_context():
        url = db.engine.url
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def change(elsewhere: Engine) -> Callable[..., None]:
    """Count a change of a kind from another process, as `generations.bump` would."""

    def count(kind: str = "project") -> None:
        now = datetime.now(UTC)
        with elsewhere.begin() as connection:
            known = connection.execute(
                text("SELECT number FROM generation WHERE kind = :kind"), {"kind": kind}
            ).scalar()
            statement = (
                "INSERT INTO generation (kind, number, changed_at) VALUES (:kind, :number, :now)"
                if known is None
                else "UPDATE generation SET number = :number, changed_at = :now WHERE kind = :kind"
            )
            stored = now if elsewhere.dialect.name == "postgresql" else now.strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute(text(statement), {"kind": kind, "number": (known or 0) + 1, "now": stored})

    return count


def found(response: Any) -> str | None:
    header: str | None = response.headers.get("X-Page-Cache")
    return header


def test_a_page_is_made_once_and_then_found(probe: Probe, client: FlaskClient) -> None:
    first, second = client.get(PAGE), client.get(PAGE)
    assert (found(first), found(second), probe.made) == ("miss", "hit", 1)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_another_processs_change_is_seen_by_the_next_request(
    probe: Probe, client: FlaskClient, change: Callable[..., None]
) -> None:
    for expected in range(3):
        assert f"projects {expected}" in client.get(PAGE).text
        assert f"projects {expected}" in client.get(PAGE).text
        change()
    assert probe.made == 3


def test_a_change_of_this_process_is_seen_by_the_next_request(app: Flask, probe: Probe, client: FlaskClient) -> None:
    client.get(PAGE)
    with app.app_context(), db.session.begin():
        generations.bump("project")
    assert "projects 1" in client.get(PAGE).text
    assert probe.made == 2


def test_a_change_while_the_page_is_made_is_not_lost(
    probe: Probe, client: FlaskClient, change: Callable[..., None]
) -> None:
    probe.meanwhile = change
    assert "projects 0" in client.get(PAGE).text
    probe.meanwhile = lambda: None
    assert "projects 1" in client.get(PAGE).text


def test_a_page_is_outdated_only_by_the_kinds_it_shows(
    probe: Probe, client: FlaskClient, change: Callable[..., None]
) -> None:
    address = f"{PAGE}?kinds=project,partner"
    client.get(address)
    change("article")
    assert found(client.get(address)) == "hit"
    change("partner")
    assert found(client.get(address)) == "miss"
    assert "X-Portal-Kinds" not in client.get(address).headers
    assert probe.made == 2


def test_time_alone_outdates_a_page(probe: Probe, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    embargo = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    monkeypatch.setattr(generations, "_moments", [lambda now: (None, embargo if now < embargo else None)])
    with time_machine.travel(embargo - timedelta(seconds=2), tick=False) as clock:
        assert [found(client.get(PAGE)), found(client.get(PAGE))] == ["miss", "hit"]
        clock.move_to(embargo)
        assert [found(client.get(PAGE)), found(client.get(PAGE))] == ["miss", "hit"]
        clock.move_to(datetime(2026, 5, 4, 21, 59, 59, tzinfo=UTC))
        assert found(client.get(PAGE)) == "hit"
        clock.move_to(datetime(2026, 5, 4, 22, 0, tzinfo=UTC))  # midnight in Denmark
        assert found(client.get(PAGE)) == "miss"
        clock.move_to(embargo - timedelta(days=30))  # a clock set back proves nothing
        assert found(client.get(PAGE)) == "miss"
    assert probe.made == 4


@ANY_DATABASE
@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=abc"},
        {"Cookie": "theme=dark; session=abc"},
        {"Cookie": "remember_token=1|abc"},
        {"Authorization": "Bearer abc"},
        {"HX-Request": "true"},
    ],
    ids=lambda headers: "-".join([*headers, *headers.values()])[:30],
)
def test_whoever_is_known_gets_the_app(app: Flask, probe: Probe, headers: dict[str, str]) -> None:
    client = app.test_client(use_cookies=False)  # which would send its own cookies instead
    client.get(PAGE)
    assert found(client.get(PAGE, headers=headers)) is None
    assert probe.made == 2


@ANY_DATABASE
def test_a_cookie_that_is_no_session_does_not_matter(app: Flask, probe: Probe) -> None:
    client = app.test_client(use_cookies=False)
    client.get(PAGE)
    assert found(client.get(PAGE, headers={"Cookie": "theme=dark"})) == "hit"


@ANY_DATABASE
def test_a_post_is_never_answered_from_the_cache(probe: Probe, client: FlaskClient) -> None:
    client.get(PAGE)
    assert client.post(PAGE).status_code == 405


def test_head_says_what_get_says_without_the_body(probe: Probe, client: FlaskClient) -> None:
    made = client.head(PAGE)
    got, asked = client.get(PAGE), client.head(PAGE)
    assert made.data == asked.data == b""
    assert asked.headers["Content-Length"] == str(len(got.data))
    assert made.headers["ETag"] == got.headers["ETag"] == asked.headers["ETag"]
    assert (found(made), found(got), found(asked), probe.made) == ("miss", "hit", "hit", 1)


@ANY_DATABASE
def test_the_path_is_not_taken_for_the_query(probe: Probe, client: FlaskClient) -> None:
    assert client.get(f"{PAGE}?a=1").status_code == 200
    assert client.get(f"{PAGE}%3Fa=1").status_code == 404


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": "W/{etag}"}, 304),
        ({"If-None-Match": '"other", W/{etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-Modified-Since": "{modified}"}, 304),
        ({"If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "some day"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": "{modified}"}, 200),
        ({"If-None-Match": "{etag}", "If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}, 304),
    ],
)
def test_who_has_the_page_is_told_so(
    app: Flask, probe: Probe, client: FlaskClient, asked: dict[str, str], status: int, warm: bool
) -> None:
    page = client.get(PAGE)
    names = {"etag": page.headers["ETag"], "modified": page.headers["Last-Modified"]}
    if not warm:
        with app.app_context(), db.session.begin():
            generations.bump("article")
        names["modified"] = "Thu, 01 Jan 2099 00:00:00 GMT"
    answer = client.get(PAGE, headers={name: value.format(**names) for name, value in asked.items()})
    assert answer.status_code == status
    assert probe.made == (1 if warm else 2)
    if status == 304:
        assert answer.data == b""
        assert "Content-Length" not in answer.headers
        assert "Content-Type" not in answer.headers
        for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            assert answer.headers[name] == page.headers[name]


@ANY_DATABASE
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("br;q=0", None),
        ("zstd", None),
        (";;;,q=", None),
    ],
)
def test_the_body_comes_in_a_coding_that_was_asked_for(
    probe: Probe, client: FlaskClient, accepted: str, coding: str | None
) -> None:
    plain = client.get(PAGE)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    for _ in range(2):
        answer = client.get(PAGE, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == coding
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert unpack(answer.data) == plain.data
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["ETag"].removeprefix("W/") == plain.headers["ETag"]
        assert answer.headers["ETag"].startswith("W/") == (coding is not None)
        again = client.get(PAGE, headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert probe.made == 1


@ANY_DATABASE
@ANY_DATABASE
@pytest.mark.parametrize("warm", [False, True])
def test_a_foreign_host_is_refused(probe: Probe, client: FlaskClient, warm: bool) -> None:
    if warm:
        client.get(PAGE)
    for host in ("evil.example", "localhost.evil.example", "local host", "localhost@evil.example"):
        assert client.get(PAGE, headers={"Host": host}).status_code == 400
    assert client.get(PAGE, headers={"Host": "localhost:8000"}).status_code == 200


def test_a_database_that_cannot_be_read_leaves_the_answer_to_the_app(
    app: Flask, probe: Probe, client: FlaskClient, elsewhere: Engine
) -> None:
    app.testing = False  # the app cannot read them either, and says so with an error page
    client.get(PAGE)
    with elsewhere.begin() as connection:
        connection.execute(text("ALTER TABLE generation RENAME TO generation_away"))
    assert found(client.get(PAGE)) is None
    with elsewhere.begin() as connection:
        connection.execute(text("ALTER TABLE generation_away RENAME TO generation"))
    assert client.get(PAGE).status_code == 200
    assert found(client.get(PAGE)) == "hit"


def test_a_lost_connection_is_made_anew(
    probe: Probe, client: FlaskClient, elsewhere: Engine, change: Callable[..., None]
) -> None:
    if elsewhere.dialect.name == "sqlite":
        return  # a file has no connection to lose
    client.get(PAGE)
    with elsewhere.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )
        )
    change()
    assert "projects 1" in client.get(PAGE).text
    client.get(PAGE)
    assert found(client.get(PAGE)) == "hit"


def _private() -> Response:
    return Response("mine", headers={"Cache-Control": "private"})


def _no_store() -> str:
    web.uncached()
    return "secret"


def _with_cookie() -> Response:
    response = Response("hello")
    response.set_cookie("greeting", "hello")
    return response


def _by_cookie() -> Response:
    return Response("hello", headers={"Vary": "Cookie"})


def _missing() -> tuple[Response, int]:
    return Response("nothing", headers={"Cache-Control": "public"}), 404


@ANY_DATABASE
@pytest.mark.parametrize("view", [_private, _no_store, _with_cookie, _by_cookie, _missing])
def test_what_is_not_for_everybody_is_not_kept(app: Flask, client: FlaskClient, view: Callable[[], Any]) -> None:
    app.add_url_rule("/en/other", "other", audience("everyone")(view))
    answers = [client.get("/en/other") for _ in range(2)]
    assert [found(answer) for answer in answers] == [None, None]
    assert answers[0].data == answers[1].data != b""


@ANY_DATABASE
def test_an_answer_that_is_not_kept_still_heeds_conditions(app: Flask, client: FlaskClient) -> None:
    def view() -> Response:
        return Response("mine", headers={"Cache-Control": "private", "ETag": '"one"'})

    app.add_url_rule("/en/other", "other", audience("everyone")(view))
    assert client.get("/en/other", headers={"If-None-Match": '"one"'}).status_code == 304
    assert client.get("/en/other", headers={"If-None-Match": '"two"'}).data == b"mine"
    assert client.head("/en/other").data == b""


@ANY_DATABASE
def test_a_part_of_a_public_file_is_given_cold_and_warm(app: Flask, probe: Probe, client: FlaskClient) -> None:
    def view() -> Response:
        response = send_file(io.BytesIO(b"0123456789"), "text/plain", etag="one", conditional=True)
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        return response

    app.add_url_rule("/en/file", "file", audience("everyone")(view))
    part = {"Range": "bytes=2-4"}
    for _ in ("cold", "warm"):
        answer = client.get("/en/file", headers=part)
        assert (answer.status_code, answer.data, answer.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
        assert client.get("/en/file").data == b"0123456789"
    assert found(client.get("/en/file")) == "hit"
    assert client.get("/en/file", headers={**part, "If-Range": '"two"'}).data == b"0123456789"
    assert client.get("/en/file", headers={"Range": "bytes=99-"}).status_code == 416
    client.get(PAGE)
    assert found(client.get(PAGE, headers=part)) == "hit"  # a page is whole


def test_a_herd_makes_the_page_once(app: Flask, probe: Probe) -> None:
    probe.meanwhile = lambda: time.sleep(0.3)
    ready = threading.Barrier(8)
    answers: list[str] = []

    def visit() -> None:
        ready.wait()
        answers.append(app.test_client().get(PAGE).text)

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert probe.made == 1


@ANY_DATABASE
def test_a_failing_page_frees_those_who_wait(app: Flask, client: FlaskClient) -> None:
    def view() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/en/other", "other", audience("everyone")(view))
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    started = time.monotonic()
    assert [client.get("/en/other").status_code for _ in range(3)] == [500] * 3
    assert time.monotonic() - started < 3


@ANY_DATABASE
def test_the_oldest_pages_make_room(app: Flask, probe: Probe) -> None:
    with app.app_context():
        database = watch(db.engine.url)
    assert database is not None
    cache = PageCache(app.extensions["page_cache"].app, database, lambda now: now + 60, total_bytes=50_000, mark=True)
    app.wsgi_app = cache  # type: ignore[method-assign]
    client = app.test_client()
    for number in range(30):
        client.get(f"{PAGE}?n={number}")
        client.get(f"{PAGE}?n=0")
    assert 0 < cache.bytes <= 50_000
    assert found(client.get(f"{PAGE}?n=0")) == "hit"  # asked for all the time
    assert found(client.get(f"{PAGE}?n=1")) == "miss"


@ANY_DATABASE
def test_endless_queries_are_not_kept(probe: Probe, client: FlaskClient) -> None:
    for _ in range(2):
        assert found(client.get(f"{PAGE}?q={'x' * 2000}")) is None
    assert probe.made == 2


@ANY_DATABASE
def test_the_cache_can_be_switched_off(settings: dict[str, object]) -> None:
    app = create_app({**settings, "PORTAL_PAGE_CACHE": "off"})
    probe = Probe(app)
    client = app.test_client()
    assert [found(client.get(PAGE)) for _ in range(2)] == [None, None]
    assert probe.made == 2
    with app.app_context():
        db.engine.dispose()


@ANY_DATABASE
def test_production_does_not_tell_what_was_cached(settings: dict[str, object]) -> None:
    app = create_app({**settings, "PORTAL_ENV": "production"})
    probe = Probe(app)
    client = app.test_client()
    assert [found(client.get(PAGE)) for _ in range(2)] == [None, None]
    assert probe.made == 1
    with app.app_context():
        db.engine.dispose()
