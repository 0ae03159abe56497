"""A mail server on loopback, and what it has accepted."""

import logging
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from portal.core import mail

logging.getLogger("mail.log").setLevel(logging.WARNING)  # tells every command of every talk otherwise


PATIENCE_S = 20


class Letters:
    """What came in, in order."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the server's word
        if self.refuses:
            return "451 try again later"
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str = "", *, about: str = "", count: int = 1) -> list[EmailMessage]:
        """Every mail so far, or those to one address or with some words in the subject; waits for `count` of them."""
        until = time.monotonic() + PATIENCE_S
        while True:
            found = [one for one in self.received if address in ("", one["To"]) and about in one["Subject"]]
            if len(found) >= count or time.monotonic() > until:
                return found
            time.sleep(0.05)

    def link(self, address: str, *, about: str = "") -> str:
        """The path of the last link in the last mail to an address."""
        return link_in(self.to(address, about=about)[-1])


class Postbox(Letters):
    """The same of an application in this process. `fetch` sends what waits first, as the worker would."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app

    def fetch(self, address: str = "") -> list[EmailMessage]:
        """Every mail so far, or those to one address."""
        with self.app.app_context():
            mail.deliver()
        return [one for one in self.received if address in ("", one["To"])]

    def link(self, address: str, *, about: str = "") -> str:
        """The path of the last link in the last mail to an address."""
        return link_in([one for one in self.fetch(address) if about in one["Subject"]][-1])


def text_of(letter: EmailMessage) -> str:
    """What a mail says in words, whatever comes with it."""
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def link_in(letter: EmailMessage) -> str:
    """The path of the last link in a mail."""
    return re.findall(r"https?://[^/\s]+(/\S*)", text_of(letter))[-1]


@contextmanager
def mail_server(app: Flask) -> Iterator[Postbox]:
    """A server that the portal sends its mail through while the block lasts."""
    box = Postbox(app)
    with _listening(box) as port:
        app.config["PORTAL_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        yield box


@contextmanager
def mail_port() -> Iterator[tuple[Letters, int]]:
    """A server for a portal that runs in other processes: what it accepts, and its port."""
    box = Letters()
    with _listening(box) as port:
        yield box, port


@contextmanager
def _listening(box: Letters) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
