"""Which addresses are asked at all: none inside, however they are written, named or led to."""

import socket

import pytest

from portal.core.outgoing import Blocked, Unreachable, fetch, is_public
from tests.hostile import HASTY, LOOPBACK, answer, names_lead_to, redirect, says


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_is_known_as_such(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:400f::200e"])
def test_a_public_address_is_known_as_such(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://①②⑦.⓪.⓪.①/",
        "http://134744072/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1%25lo]/",
        "http://[::1/",
        "http://8.8.8.8:25/",
        "http://8.8.8.8:99999/",
        "http://user@8.8.8.8/",
        "http://user:secret@8.8.8.8/",
        "http://@8.8.8.8/",
        "http://8.8.8.8\\@127.0.0.1/",
        "http://127.0.0.1\t/",
        "http://a b.example/",
        "http://a_.-/",
        "http://a..example/",
        "http://%31%32%37.0.0.1/",
        "http:///path",
        "https:a.example",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
        "feed",
        "",
        "http://a.example/" + "x" * 2_000,
    ],
)
def test_an_address_that_must_not_be_asked_is_blocked(url):
    with pytest.raises(Blocked):
        fetch(url)


def test_one_private_address_among_public_ones_blocks_a_name(monkeypatch):
    names_lead_to(monkeypatch, ["8.8.8.8", "2606:4700::1111", "10.0.0.1"])
    with pytest.raises(Blocked, match=r"10\.0\.0\.1"):
        fetch("http://feeds.example/", limits=HASTY)


def test_a_name_is_looked_up_once_and_what_was_checked_is_asked(serve, monkeypatch):
    server = serve(says(answer(b"ok")))
    asked = names_lead_to(monkeypatch, [LOOPBACK], ["127.0.0.1"])
    assert fetch(f"http://feeds.example:{server.port}/", allow=server.allow).body == b"ok"
    assert asked == ["feeds.example"]
    assert f"Host: feeds.example:{server.port}\r\n" in server.heads[0]


def test_a_name_that_turns_private_is_blocked_at_the_redirect(serve, monkeypatch):
    server = serve(says(redirect("/again")))
    asked = names_lead_to(monkeypatch, [LOOPBACK], ["127.0.0.1"])
    with pytest.raises(Blocked, match=r"127\.0\.0\.1"):
        fetch(f"http://feeds.example:{server.port}/", allow=server.allow)
    assert asked == ["feeds.example"] * 2
    assert len(server.heads) == 1


def test_danish_names_are_asked_in_the_letters_of_dns(serve, monkeypatch):
    server = serve(says(answer(b"ok")))
    asked = names_lead_to(monkeypatch, [LOOPBACK])
    fetch(f"http://Ærø.example:{server.port}/", allow=server.allow)
    assert asked == ["Ærø.example".encode("idna").decode("ascii")]


def test_the_next_address_is_tried_when_the_first_is_silent(serve, monkeypatch):
    server = serve(says(answer(b"ok")))
    names_lead_to(monkeypatch, ["127.0.0.3", LOOPBACK])
    allow = server.allow | {f"127.0.0.3:{server.port}"}
    assert fetch(f"http://feeds.example:{server.port}/", allow=allow).body == b"ok"


def test_an_allowed_pair_opens_no_other_port(serve):
    server = serve(says(answer(b"ok")))
    with pytest.raises(Blocked):
        fetch(server.url, allow=frozenset({f"{LOOPBACK}:{server.port + 1}", f"127.0.0.1:{server.port}"}))


def test_a_name_without_address_and_a_closed_port_are_unreachable(monkeypatch):
    with socket.create_server((LOOPBACK, 0)) as probe:
        pair = f"{LOOPBACK}:{probe.getsockname()[1]}"
    with pytest.raises(Unreachable, match="nobody"):
        fetch(f"http://{pair}/", allow=frozenset({pair}))

    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    with pytest.raises(Unreachable, match="no address"):
        fetch("http://feeds.example/")
