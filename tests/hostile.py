"""Servers on loopback that play a part, and names that lead where a test wants."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from portal.core.outgoing import Limits

Play = Callable[[socket.socket, str], None]

HASTY = Limits(seconds=0.6)
"""Patience for servers of which nothing is hoped."""

LOOPBACK = "127.0.0.2"
CERTIFICATE = Path(__file__).with_name("core") / "loopback.pem"
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: the certificate is as old as this file


class Server:
    """Answers each connection by playing a part; remembers the heads of the requests."""

    def __init__(self, play: Play, tls: ssl.SSLContext | None = None) -> None:
        self.play = play
        self.tls = tls
        self.heads: list[str] = []
        self.names: list[str | None] = []
        self.listener = socket.create_server((LOOPBACK, 0))
        self.port = self.listener.getsockname()[1]
        self.pair = f"{LOOPBACK}:{self.port}"
        self.url = f"http://{self.pair}/feed"
        self.allow = frozenset({self.pair})
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            line.settimeout(10)
            if self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
            with line:
                head = b""
                while head[:1] in b"G" and b"\r\n\r\n" not in head and (piece := line.recv(4096)):
                    head += piece
                text = head.decode("latin-1")
                self.heads.append(text)
                self.play(line, text)

    def close(self) -> None:
        self.listener.close()


@contextmanager
def servers() -> Iterator[Callable[..., Server]]:
    """`start(play)` starts a server; all of them end with the block."""
    running: list[Server] = []

    def start(play: Play, tls: ssl.SSLContext | None = None) -> Server:
        running.append(Server(play, tls))
        return running[-1]

    yield start
    for server in running:
        server.close()


def says(*parts: bytes) -> Play:
    def play(line: socket.socket, _head: str) -> None:
        for part in parts:
            line.sendall(part)

    return play


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    names = {"Content-Length": str(len(body)), "Connection": "close"} | names
    lines = "".join(f"{name}: {value}\r\n" for name, value in names.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return answer(status=status, Location=to)


def path_of(head: str) -> str:
    return head.split(" ")[1]


def by_path(answers: dict[str, bytes]) -> Play:
    nothing = answer(status="404 Not Found")
    return lambda line, head: line.sendall(answers.get(path_of(head), nothing))


def endless(piece: bytes, first: bytes = b"", pause: float = 0.0) -> Play:
    def play(line: socket.socket, _head: str) -> None:
        line.sendall(first)
        while True:
            line.sendall(piece)
            time.sleep(pause)

    return play


def names_lead_to(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[str]:
    """Fake DNS: each look-up of a name takes the next turn, the last one stays. Returns what was looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        with suppress(ValueError):
            ipaddress.ip_address(host)
            return real(host, port, type=socket.SOCK_STREAM)
        asked.append(host)
        addresses = turns[min(len(asked), len(turns)) - 1]
        return [entry for address in addresses for entry in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
