"""A mail server on loopback, and what it has accepted."""

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from portal.core import mail

logging.getLogger("mail.log").setLevel(logging.WARNING)  # tells every command of every talk otherwise


class Postbox:
    """What came in, in order. `fetch` sends what waits first, as the worker would."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.received: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the server's word
        if self.refuses:
            return "451 try again later"
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def fetch(self, address: str = "") -> list[EmailMessage]:
        """Every mail so far, or those to one address."""
        with self.app.app_context():
            mail.deliver()
        return [one for one in self.received if address in ("", one["To"])]

    def link(self, address: str) -> str:
        """The path of the last link in the last mail to an address."""
        text = self.fetch(address)[-1].get_content()
        return re.findall(r"https?://[^/\s]+(/\S*)", text)[-1]


@contextmanager
def mail_server(app: Flask) -> Iterator[Postbox]:
    """A server that the portal sends its mail through while the block lasts."""
    box = Postbox(app)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    app.config["PORTAL_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        yield box
    finally:
        controller.stop()
