"""A real browser on the real portal: served by Granian, with its worker, a mail server and the reference data.

All on loopback. `people("partner@example.org", partner="dtu")` makes an account, `sign_in(address)` opens a browser
in which that person has signed in, `inside` is the same portal for what is done without a browser, and
`letters.link(address)` is the last link that was mailed to somebody.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from portal import create_app
from portal.accounts.models import Account
from portal.core.db import db
from tests.databases import ROOT, Databases
from tests.page import LintingClient
from tests.postbox import Letters, mail_port

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 90
PASSWORD = "seven green tiles by the fjord"


@dataclass(frozen=True)
class Running:
    """A portal that answers: its address, its settings, and the mail that it sent."""

    address: str
    settings: dict[str, object]
    letters: Letters


@pytest.fixture(scope="session")
def newsstand() -> Iterator[HTTPServer]:
    """A web server of somebody else's on loopback, which this portal may fetch feeds from."""
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@pytest.fixture(scope="session")
def running_site(databases: Databases, newsstand: HTTPServer) -> Iterator[Running]:
    """A portal with the reference data: web, worker, and a mail server that takes what it sends."""
    settings = databases.new("reference")
    port = _free_port()
    address = f"http://localhost:{port}"  # browsers make passkeys for names, not for IP addresses
    with mail_port() as (letters, smtp):
        chosen = {
            **settings,
            "PORTAL_BASE_URL": address,
            "PORTAL_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "PORTAL_OUTGOING_ALLOW": f"127.0.0.1:{newsstand.port}",
        }
        environment = {**os.environ, **{name: str(value) for name, value in chosen.items()}, "FLASK_APP": "wsgi.py"}
        web = ("granian", "--interface", "wsgi", "--port", str(port), "--no-ws", "wsgi:app")
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for command in (web, ("flask", "work"))
        ]
        try:
            _wait_for(f"{address}/healthz", processes[0])
            yield Running(address, chosen, letters)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=60)
            databases.drop(settings)


@pytest.fixture(scope="session")
def site(running_site: Running) -> str:
    """The address of the running portal."""
    return running_site.address


@pytest.fixture(scope="session")
def letters(running_site: Running) -> Letters:
    """The mail that the running portal's worker has sent: `letters.to(address)`, `letters.link(address)`."""
    return running_site.letters


@pytest.fixture(scope="session")
def inside(running_site: Running) -> Flask:
    """The running portal's application in the process of the tests, for what an operator does beside it."""
    app = create_app(running_site.settings)
    app.test_client_class = LintingClient
    return app


@pytest.fixture(scope="session")
def people(inside: Flask) -> Callable[..., str]:
    """Make an account as an operator does: `people("a@example.org", partner="dtu", admin=True, roles=["editor"])`."""

    def create(
        email: str, name: str = "", *, partner: str = "", admin: bool = False, roles: tuple[str, ...] = ()
    ) -> str:
        options = [f"--role={role}" for role in roles]
        if partner:
            options += [f"--partner={partner}", f"--partner-role={'admin' if admin else 'editor'}"]
        command = ["users", "create", email, "--name", name or email.partition("@")[0], "--language", "en", *options]
        done = inside.test_cli_runner().invoke(args=[*command, "--password-stdin"], input=PASSWORD)
        assert done.exit_code == 0, done.output
        return email

    return create


@pytest.fixture
def sign_in(visit: Callable[..., Page], inside: Flask, site: str) -> Callable[..., Page]:
    """A browser in which somebody has signed in, at `path`; a new one for each call.

    The second factor is given where one is asked for. How a person does all that has journeys of its own.
    """

    def enter(email: str, path: str = "/en/my", **look: Any) -> Page:
        client: Any = inside.test_client()
        with inside.app_context():
            account = db.session.scalars(select(Account).where(Account.email == email)).one()
        client.sign_in(account)
        page = visit("/healthz", **look)
        cookie = {"name": "session", "value": client.get_cookie("session").value, "url": site}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{site}{path}")
        return page

    return enter


def give_password(page: Page, email: str) -> None:
    """Fill in the page for signing in, and send it."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one that CHROMIUM names, or the machine's own."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: install the package chromium, or name one by CHROMIUM=/path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open an address of the portal: `visit("/da/projects", width=390, dark=True)`."""
    contexts: list[Any] = []

    def open_page(path: str, width: int = 1440, *, dark: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the portal did not answer at {url} within {PATIENCE_S} s")
