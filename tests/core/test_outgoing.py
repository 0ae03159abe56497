"""A hostile server on loopback, and what the fetcher makes of it."""

import gzip
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from portal.core.outgoing import (
    BadAnswer,
    BadEncoding,
    BadRedirect,
    Blocked,
    Limits,
    OutgoingError,
    TimedOut,
    TooLarge,
    Unreachable,
    fetch,
)
from tests.hostile import (
    CERTIFICATE,
    HASTY,
    LOOPBACK,
    NO_CHECK_TIME,
    Server,
    answer,
    by_path,
    endless,
    names_lead_to,
    redirect,
    says,
)

SMALL = Limits(seconds=10, raw=1_000, unpacked=2_000, head=1_000)


# What works


def test_an_answer_comes_whole(serve):
    server = serve(says(answer(b"<rss/>", ETag='"1"', Last_Modified="yesterday", Content_Type="text/xml")))
    got = fetch(server.url, allow=server.allow)
    assert (got.status, got.url, got.body, got.permanent_url) == (200, server.url, b"<rss/>", None)
    assert (got.etag, got.last_modified) == ('"1"', "yesterday")
    assert got.headers["content-type"] == "text/xml"


def test_the_request_names_the_host_and_no_secret(serve):
    server = serve(says(answer()))
    fetch(f"http://{server.pair}/a b/æ?q=ø".replace(" ", "%20"), allow=server.allow)
    head = server.heads[0].lower()
    assert head.startswith("get /a%20b/%c3%a6?q=%c3%b8 http/1.1\r\n")
    assert f"host: {server.pair}\r\n" in head
    assert "accept-encoding: gzip\r\n" in head
    assert "cookie" not in head
    assert "authorization" not in head


def test_an_unchanged_feed_is_a_304(serve):
    server = serve(says(answer(status="304 Not Modified")))
    assert fetch(server.url, etag='W/"1"', last_modified="yesterday", allow=server.allow).status == 304
    assert 'If-None-Match: W/"1"\r\nIf-Modified-Since: yesterday\r\n' in server.heads[0]


def test_a_validator_with_a_line_break_is_not_sent(serve):
    server = serve(says(answer()))
    fetch(server.url, etag='"1"\r\nX-Smuggled: yes', allow=server.allow)
    assert "Smuggled" not in server.heads[0]


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_a_packed_body_is_unpacked_once(serve, coding):
    server = serve(says(answer(gzip.compress(b"<rss/>"), Content_Encoding=coding)))
    assert fetch(server.url, allow=server.allow).body == b"<rss/>"


def test_chunks_are_put_together(serve):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server = serve(says(head, b"3\r\n<rs\r\n", b"3;x=y\r\ns/>\r\n", b"0\r\n\r\n"))
    assert fetch(server.url, allow=server.allow).body == b"<rss/>"


def test_a_body_without_a_length_ends_with_the_line(serve):
    server = serve(says(b"HTTP/1.0 200 OK\r\n\r\n<rss/>"))
    assert fetch(server.url, allow=server.allow).body == b"<rss/>"


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "503 Busy"])
def test_a_refusal_is_an_answer_whose_body_is_not_read(serve, status):
    server = serve(endless(b"x" * 1000, answer(b"", status, Content_Length="999999999", Retry_After="60")))
    got = fetch(server.url, allow=server.allow)
    assert (got.status, got.body, got.headers["retry-after"]) == (int(status[:3]), b"", "60")


# Redirects


def test_redirects_are_followed_and_permanent_ones_reported(serve):
    server = serve(
        by_path(
            {
                "/feed": redirect("/moved", "301 Moved"),
                "/moved": redirect("there?x=1#part", "308 Moved"),
                "/there?x=1": redirect("/today", "302 Found"),
                "/today": redirect("/now", "301 Moved"),
                "/now": answer(b"ok"),
            }
        )
    )
    got = fetch(server.url, allow=server.allow)
    assert (got.body, got.url) == (b"ok", f"http://{server.pair}/now")
    assert got.permanent_url == f"http://{server.pair}/there?x=1"


def test_a_passing_redirect_is_not_permanent(serve):
    server = serve(by_path({"/feed": redirect("/now", "307 Now"), "/now": answer(b"ok")}))
    assert fetch(server.url, allow=server.allow).permanent_url is None


def test_a_redirect_in_other_letters_is_understood(serve):
    server = serve(by_path({"/feed": redirect("/æ"), "/%C3%A6": answer(b"ok")}))
    assert fetch(server.url, allow=server.allow).body == b"ok"


def test_a_redirect_loop_ends_after_four(serve):
    server = serve(says(redirect("/feed")))
    with pytest.raises(BadRedirect, match="more than 4"):
        fetch(server.url, allow=server.allow)
    assert len(server.heads) == 5


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "//localhost/",
        "http://127.0.0.2:1/",
    ],
)
def test_a_redirect_to_the_inside_is_refused(serve, inside):
    server = serve(says(redirect(inside)))
    with pytest.raises(Blocked):
        fetch(server.url, allow=server.allow)


@pytest.mark.parametrize(
    "astray",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "javascript:1",
        "http://user:secret@a.example/",
        "http://2130706433/",
        "",
    ],
)
def test_a_redirect_astray_is_refused(serve, astray):
    server = serve(says(redirect(astray)))
    with pytest.raises(BadRedirect):
        fetch(server.url, allow=server.allow)


# Time


def is_prompt(begun: float) -> bool:
    return time.monotonic() - begun < HASTY.seconds + 1.5


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(lambda *_: time.sleep(5), id="silent"),
        pytest.param(endless(b"x", answer(b"", Content_Length="1000"), pause=0.1), id="slow body"),
        pytest.param(endless(b"x", b"HTTP/1.1 200 OK\r\nX-Slow: ", pause=0.1), id="slow header"),
        pytest.param(endless(b"H", pause=0.1), id="slow status"),
        pytest.param(
            endless(b"1\r\nx\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0.1), id="slow chunks"
        ),
        pytest.param(endless(b"x", b"HTTP/1.0 200 OK\r\n\r\n", pause=0.1), id="slow body without a length"),
        pytest.param(endless(b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.1), id="always about to begin"),
    ],
)
def test_a_slow_server_is_left_at_the_deadline(serve, play):
    server = serve(play)
    begun = time.monotonic()
    with pytest.raises(TimedOut):
        fetch(server.url, allow=server.allow, limits=HASTY)
    assert is_prompt(begun)


def test_redirects_share_one_deadline(serve):
    def play(line: socket.socket, _head: str) -> None:
        time.sleep(0.25)
        line.sendall(redirect("/feed"))

    server = serve(play)
    begun = time.monotonic()
    with pytest.raises(TimedOut):
        fetch(server.url, allow=server.allow, limits=HASTY)
    assert is_prompt(begun)


def test_a_slow_name_server_counts(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    begun = time.monotonic()
    with pytest.raises(TimedOut):
        fetch("http://feeds.example/", limits=HASTY)
    assert is_prompt(begun)


def test_a_server_that_never_shakes_hands_counts():
    with socket.create_server((LOOPBACK, 0)) as silent:
        pair = f"{LOOPBACK}:{silent.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(TimedOut):
            fetch(f"https://{pair}/", allow=frozenset({pair}), limits=HASTY)
        assert is_prompt(begun)


def test_no_watchdog_is_left_behind(serve):
    server = serve(says(answer(b"ok")))
    fetch(server.url, allow=server.allow, limits=replace(HASTY, seconds=60))
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


# Size


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(says(answer(b"x" * 1001)), id="announced"),
        pytest.param(endless(b"x" * 500, b"HTTP/1.0 200 OK\r\n\r\n"), id="endless"),
        pytest.param(
            endless(b"100\r\n" + b"x" * 256 + b"\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            id="endless chunks",
        ),
        pytest.param(
            endless(b"x" * 500, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"),
            id="a chunk of -1 bytes",
        ),
        pytest.param(
            endless(b"X-Trailer: x\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
            id="endless trailers",
        ),
        pytest.param(endless(b"HTTP/1.1 100 Continue\r\n\r\n"), id="endless beginnings"),
        pytest.param(says(answer(gzip.compress(b"\0" * 2001), Content_Encoding="gzip")), id="unpacked"),
    ],
)
def test_an_answer_too_large_is_left(serve, play):
    server = serve(play)
    with pytest.raises(TooLarge):
        fetch(server.url, allow=server.allow, limits=SMALL)


def test_endless_headers_are_left(serve):
    server = serve(endless(b"X-More: and more\r\n", b"HTTP/1.1 200 OK\r\n"))
    with pytest.raises(BadAnswer):
        fetch(server.url, allow=server.allow)
    server = serve(endless(b"x" * 1000, b"HTTP/1.1 200 OK\r\nX-Long: "))
    with pytest.raises(BadAnswer):
        fetch(server.url, allow=server.allow)


def test_a_gzip_bomb_is_not_unpacked(serve):
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=1)
    server = serve(says(answer(bomb, Content_Encoding="gzip")))
    begun = time.process_time()
    with pytest.raises(TooLarge, match="unpacked"):
        fetch(server.url, allow=server.allow)
    assert time.process_time() - begun < 0.5


def test_what_fits_exactly_is_taken(serve):
    server = serve(says(answer(b"x" * 1000)))
    assert len(fetch(server.url, allow=server.allow, limits=SMALL).body) == 1000
    server = serve(says(answer(gzip.compress(b"x" * 2000), Content_Encoding="gzip")))
    assert len(fetch(server.url, allow=server.allow, limits=SMALL).body) == 2000


# Codings and broken answers


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Encoding": "gzip, gzip"},
        {"Content_Encoding": "br"},
        {"Content_Encoding": "deflate"},
        {"Content_Encoding": "gzip\r\nContent-Encoding: gzip"},
        {"Transfer_Encoding": "gzip, chunked"},
        {"Transfer_Encoding": "chunked\r\nTransfer-Encoding: chunked"},
        {"Transfer_Encoding": "gzip"},
    ],
)
def test_nested_and_other_codings_are_refused(serve, headers):
    server = serve(says(answer(gzip.compress(gzip.compress(b"x")), **headers)))
    with pytest.raises(BadEncoding):
        fetch(server.url, allow=server.allow)


@pytest.mark.parametrize(
    "body",
    [b"<rss/>", gzip.compress(b"<rss/>" * 100)[:-9], gzip.compress(b"<rss>") + gzip.compress(b"</rss>")],
    ids=["not packed", "broken off", "two members"],
)
def test_a_body_that_is_not_what_it_says_is_refused(serve, body):
    server = serve(says(answer(body, Content_Encoding="gzip")))
    with pytest.raises(BadEncoding):
        fetch(server.url, allow=server.allow)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsh",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a number\r\n",
    ],
)
def test_what_is_not_http_or_breaks_off_is_a_bad_answer(serve, said):
    server = serve(says(said))
    with pytest.raises(BadAnswer):
        fetch(server.url, allow=server.allow)


def test_noise_never_raises_anything_else(serve):
    noise = [
        b"HTTP/1.1 200 \xff\xfe\r\n",
        b"\0" * 50,
        b"Content-Length: -5\r\n",
        b": \r\n",
        b" folded\r\n",
        b"\r\n",
        b"ffffffffff\r\n",
    ]
    begins = [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    for begin in begins:
        for first in noise:
            for second in noise:
                server = serve(says(begin, first, second))
                with suppress(OutgoingError):
                    fetch(server.url, allow=server.allow, limits=SMALL)


# TLS


@pytest.fixture
def tls_server(serve) -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    names: list[str | None] = []
    context.sni_callback = lambda _line, name, _context: names.append(name)
    server: Server = serve(by_path({"/feed": answer(b"ok"), "/down": redirect("http://feeds.example/feed")}), context)
    server.names = names
    return server


@pytest.fixture
def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    context.verify_flags |= NO_CHECK_TIME
    return context


def test_tls_is_spoken_with_the_name_at_the_checked_address(tls_server, trusting, monkeypatch):
    names_lead_to(monkeypatch, [LOOPBACK], ["127.0.0.1"])
    url = f"https://feeds.example:{tls_server.port}/feed"
    assert fetch(url, allow=tls_server.allow, tls=trusting).body == b"ok"
    assert tls_server.names == ["feeds.example"]


def test_a_certificate_nobody_vouches_for_is_refused(tls_server, monkeypatch):
    names_lead_to(monkeypatch, [LOOPBACK])
    with pytest.raises(Unreachable, match="TLS"):
        fetch(f"https://feeds.example:{tls_server.port}/feed", allow=tls_server.allow)
    assert tls_server.heads == []


def test_a_certificate_of_another_name_is_refused(tls_server, trusting, monkeypatch):
    names_lead_to(monkeypatch, [LOOPBACK])
    with pytest.raises(Unreachable, match="TLS"):
        fetch(f"https://other.example:{tls_server.port}/feed", allow=tls_server.allow, tls=trusting)


def test_a_server_without_tls_is_unreachable_by_https(serve):
    server = serve(says(b"HTTP/1.1 400 Plain\r\n\r\n"))
    with pytest.raises(Unreachable, match="TLS"):
        fetch(f"https://{server.pair}/", allow=server.allow)


def test_a_redirect_from_https_to_http_is_refused(tls_server, trusting, monkeypatch):
    asked = names_lead_to(monkeypatch, [LOOPBACK])
    with pytest.raises(BadRedirect, match="https to http"):
        fetch(f"https://feeds.example:{tls_server.port}/down", allow=tls_server.allow, tls=trusting)
    assert asked == ["feeds.example"]
