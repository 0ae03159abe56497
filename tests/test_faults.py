"""A full disk, a lock that stays, a database that goes away: what is read goes on, what was written is not lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, select, text, update
from sqlalchemy.engine import Engine

from portal import create_app
from portal.accounts.models import AccountSession
from portal.core import clock
from portal.core import db as database
from portal.core.db import db
from portal.core.permissions import Role
from portal.projects.models import Project
from portal.projects.models import Role as Part
from tests.accounts.factors import code_of, with_app
from tests.databases import DISCONNECT_OTHERS
from tests.make import Make
from tests.page import Page, filled_in

OURS = "/en/projects/ours"
LONG = "What we learned. " * 1000
TEXTS = {"title_en": "Ours", "challenge_da": LONG, "challenge_en": LONG}


@pytest.fixture
def admin(app: Flask, make: Make) -> Any:
    """The browser of somebody who edits a project, whose use of it has not been noted for an hour."""
    partner = make.partner("Our partner")
    make.project("Ours", partners=[(partner, Part.COORDINATOR)])
    client = app.test_client().sign_in(make.account("Admin", admin_of=[partner]))
    with make.writing():
        db.session.execute(update(AccountSession).values(last_seen_at=clock.now() - timedelta(hours=1)))
    app.testing = False
    return client


def _saved(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Project.challenge_en)).one()


def _survived(app: Flask, admin: Any, fault: Callable[[], Any]) -> None:
    """While the fault lasts pages are read and what is sent comes back; after it, the page sends it again."""
    sent = {**filled_in(admin.page(f"{OURS}/edit").all("form")[-1]), **TEXTS}
    with fault():
        for address in (OURS, "/en/my", f"{OURS}/edit"):
            admin.page(address)
        answer = admin.post(f"{OURS}/edit", data=sent)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        page = Page(answer)
        assert "What we learned." in page.text
        assert _saved(app) == ""
        # A form of another site is shown to nobody.
        stranger = app.test_client().post(f"{OURS}/correct", data={"text": "Written elsewhere."})
        assert stranger.status_code in (303, 503)  # a little may still fit on a full disk
        assert "Written elsewhere." not in stranger.text
    (form,) = (form for form in page.all("form") if form.get("method") == "post" and "edit" in form.get("action", ""))
    for _ in range(2):
        assert admin.post(form.get("action"), data=filled_in(form)).status_code == 303
    assert _saved(app) == LONG.strip()


@pytest.mark.sqlite_only
def test_a_full_disk(app: Flask, admin: Any) -> None:
    @contextmanager
    def full() -> Iterator[None]:
        def no_more_pages(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # SQLite takes it as: not one more than there are

        event.listen(Engine, "connect", no_more_pages)
        with app.app_context():
            db.engine.dispose()
        try:
            yield
        finally:
            event.remove(Engine, "connect", no_more_pages)
            with app.app_context():
                db.engine.dispose()

    _survived(app, admin, full)


@pytest.mark.sqlite_only
def test_a_lock_that_stays(app: Flask, admin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def locked() -> Iterator[None]:
        monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)
        with app.app_context():
            db.engine.dispose()
            other = create_engine(db.engine.url)
        with other.connect() as connection:
            raw = connection.connection.driver_connection
            connection.rollback()
            raw.execute("BEGIN IMMEDIATE")
            yield
            raw.execute("ROLLBACK")
        other.dispose()

    _survived(app, admin, locked)


@pytest.mark.postgresql_only
def test_a_server_that_only_reads_or_was_started_again(app: Flask, admin: Any) -> None:
    with app.app_context():
        administrator = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")

    def started_again(setting: str) -> None:
        with administrator.connect() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text(f'ALTER DATABASE "{name}" {setting}'))
            connection.execute(text(DISCONNECT_OTHERS))

    @contextmanager
    def only_reads() -> Iterator[None]:
        started_again("SET default_transaction_read_only = on")
        try:
            yield
        finally:
            started_again("RESET default_transaction_read_only")

    _survived(app, admin, only_reads)
    administrator.dispose()


@pytest.mark.sqlite_only
def test_a_database_that_is_away_gives_back_what_was_written(app: Flask, admin: Any) -> None:
    sent = {**filled_in(admin.page(f"{OURS}/edit").all("form")[-1]), **TEXTS}

    def away(*_: object) -> None:
        raise database.sqlite3.OperationalError("unable to open database file")

    with app.app_context():
        db.engine.dispose()
    event.listen(Engine, "do_connect", away)
    try:
        answer = admin.post(f"{OURS}/edit", data=sent)
    finally:
        event.remove(Engine, "do_connect", away)
    assert answer.status_code == 503
    assert "What we learned." in Page(answer).text


@pytest.mark.sqlite_only
def test_a_new_secret_ends_nothing_while_the_former_one_is_known(settings: dict[str, object], app: Flask) -> None:
    app.config["SECRET_KEY"] = former = "f" * 40
    make = Make(app)
    editor = make.account("Editor", roles=[Role.EDITOR], password="a long enough password for a test")
    secret = with_app(make, editor, last_step=0)
    cookie = app.test_client().sign_in(editor)._cookies
    later = {**settings, "PORTAL_SECRET_KEY": "n" * 40}
    between = {**later, "PORTAL_SECRET_KEY_FALLBACKS": f"{'u' * 40}, {former}"}

    def portal(of: dict[str, object]) -> Flask:
        made = create_app(of)
        made.test_client_class = app.test_client_class
        return made

    def gives_a_code(of: Flask, steps: int) -> int:
        client = of.test_client().sign_in(editor, with_second_factor=False)
        client.submit("/en/account/second-factor", code=code_of(secret, steps=steps))
        return client.get("/en/staff").status_code

    rotated = portal(between)
    client = rotated.test_client()
    client._cookies = cookie
    client.page("/en/staff")
    assert gives_a_code(rotated, 0) == 200
    # What was used meanwhile needs the former one no more.
    final = portal(later)
    assert gives_a_code(final, 1) == 200
    with pytest.raises(SystemExit, match="FALLBACKS"):
        create_app({**later, "PORTAL_SECRET_KEY_FALLBACKS": "short"})
    for one in (rotated, final):
        with one.app_context():
            db.engine.dispose()
