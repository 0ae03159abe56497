"""The process that reads feeds, apart from everything that is worth anything. Run by `reader.py` as a file.

It holds no settings, no database and no open file but the line to its parent. What a feed does to it, it does to
nothing else: its memory, its time and its files are limited by the kernel, and whoever waits for it stops waiting.
"""

import json
import os
import resource
import socket
import struct
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HEAD = struct.Struct("!II")
"""Before each message: the length of its JSON, and of the bytes behind it."""


def serve(line: socket.socket, memory: int) -> None:
    """Read one body after the other, until the parent is gone."""
    from portal.feeds.reading.reading import answer

    _confine(memory)
    while message := receive(line):
        asked, body = message
        _allow_seconds(asked["cpu_s"])
        send(line, answer(body, asked))


def _confine(memory: int) -> None:
    os.nice(10)  # pages come first
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (most, most))


def _allow_seconds(seconds: int) -> None:
    """So many more seconds of work. The kernel counts from the beginning of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def send(line: socket.socket, message: dict[str, Any], body: bytes = b"") -> None:
    said = json.dumps(message).encode()
    line.sendall(HEAD.pack(len(said), len(body)) + said)
    line.sendall(body)


def receive(line: socket.socket, most: int = 64 * 1024 * 1024) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end of the line."""
    head = _exactly(line, HEAD.size)
    if not head:
        return None
    lengths = HEAD.unpack(head)
    if sum(lengths) > most:
        raise ValueError("the message is too long")
    said, body = (_exactly(line, length) for length in lengths)
    return json.loads(said), body


def _exactly(line: socket.socket, length: int) -> bytes:
    whole = bytearray()
    while len(whole) < length:
        piece = line.recv(min(length - len(whole), 1024 * 1024))
        if not piece:
            if whole:
                raise EOFError("the line broke off")
            return b""
        whole += piece
    return bytes(whole)


def main() -> None:
    # Importing `portal` would put the whole portal together; this process wants a few modules of it.
    root = Path(__file__).resolve().parents[2]
    package = ModuleType("portal")
    package.__path__ = [str(root)]
    sys.modules["portal"] = package
    with socket.socket(fileno=0) as line:
        serve(line, int(sys.argv[1]))


if __name__ == "__main__":
    main()
