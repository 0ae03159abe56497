"""How the portal is: every part is told, secrets are not, mail is tried again, measurements go to those who may."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, mail, signs
from portal.core.db import db, transaction
from portal.core.mail import Mail
from portal.core.permissions import Role
from portal.metrics import Tally
from portal.staff.system import vitals
from tests.make import Make
from tests.test_worker import queue as queue  # noqa: PLC0414  the fixture

SYSTEM = "/en/staff/system"


@pytest.fixture
def administrator(client: Any, make: Make) -> None:
    client.sign_in(make.account(roles=[Role.ADMINISTRATOR]))


def failed(app: Flask) -> Mail:
    with app.app_context(), transaction():
        made = mail.post("somebody@example.org", "test", kind="test", language="en")
        made.tries, made.error, made.next_try_at, made.failed_at = 9, "refused", None, clock.now()
    return made


def test_every_part_is_told(client: Any, administrator: None) -> None:
    page = client.page(SYSTEM)
    for part in ("Database", "Search index", "Queue", "Mail", "Worker", "Disk"):
        assert part in page.text
    assert "never seen" in page.text


def test_the_worker_leaves_a_sign_of_life(app: Flask, client: Any, administrator: None, queue: Any) -> None:
    queue.sweep()
    assert "last seen" in client.page(SYSTEM).text
    with app.app_context(), transaction():
        signs.put(signs.WORKER, now=clock.now() - timedelta(minutes=10))
        worker = next(one for one in vitals.take(clock.now()) if one.name == "worker")
        assert not worker.is_well


def test_a_part_that_is_down_does_not_take_the_page_with_it(
    app: Flask, client: Any, administrator: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise OSError("away")

    monkeypatch.setattr(app.extensions["queue"], "waiting", fail)
    assert "Does not answer (OSError)" in client.page(SYSTEM).text


def test_a_full_disk_is_warned_of(client: Any, administrator: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "DISK_WARNING", 0.0)
    assert "Make room before uploads" in client.page(SYSTEM).text


def test_what_is_wrong_is_said_with_what_to_do_and_waits_on_the_desk(
    app: Flask, client: Any, administrator: None, make: Make
) -> None:
    failed(app)
    app.config.update(PORTAL_ENV="production", PORTAL_SMTP_URL="")
    page = client.page(SYSTEM).text
    assert "3 parts need attention" in page
    assert "Start it with flask work." in page
    assert "reaches nobody. Set PORTAL_SMTP_URL." in page
    assert "PORTAL_REDIS_URLnot setWhere background work waits" in page
    make.account("New editor", roles=[Role.EDITOR])
    desk = client.page("/en/staff")
    assert "Parts of the portal that need attention 3" in desk.text
    assert "Mail that does not go out 1" in desk.text
    assert "Staff without a second factor 2" in desk.text
    assert "Directory" in desk.text
    assert "Imports" not in desk.text
    assert "New editor" in client.page("/en/staff/accounts?role=staff&factor=no").text


def test_secrets_are_masked(app: Flask, client: Any, administrator: None) -> None:
    app.config["PORTAL_SMTP_URL"] = "smtp://user:hunter2@mail.example:25"
    app.config["PORTAL_METRICS_TOKEN"] = "a token nobody may read"
    page = client.page(SYSTEM)
    assert "mail.example:25" in page.text
    for secret in ("hunter2", "a token nobody may read", app.config["PORTAL_SECRET_KEY"]):
        assert str(secret) not in page.html


def test_a_mail_that_was_given_up_is_tried_again(app: Flask, client: Any, administrator: None, postbox: Any) -> None:
    lost = failed(app)
    assert "refused" in client.page(SYSTEM).text
    client.submit(SYSTEM, f"{SYSTEM}/mail/{lost.id}/again")
    assert len(postbox.fetch("somebody@example.org")) == 1
    assert "All mail went out" in client.page(SYSTEM).text


def test_the_index_is_built_anew_by_the_worker(app: Flask, client: Any, administrator: None, queue: Any) -> None:
    queue.sync()
    client.submit(SYSTEM, f"{SYSTEM}/search-rebuild")
    assert "to be built anew" in client.page(SYSTEM).text
    with app.app_context():
        before = vitals.search.state().generation
    queue.sync()
    with app.app_context():
        assert vitals.search.state().generation > before
        assert signs.seen(signs.REBUILD) is None


def test_the_system_is_the_administrators_only(app: Flask, make: Make) -> None:
    for roles in ([], [Role.EDITOR], [Role.CURATOR]):
        assert app.test_client().sign_in(make.account(roles=roles)).get(SYSTEM).status_code == 404
    assert app.test_client().get(SYSTEM).status_code == 303


@pytest.mark.sqlite_only
def test_a_mail_that_is_not_there_cannot_be_tried(client: Any, administrator: None) -> None:
    token = next(e.get("value") for e in client.page(SYSTEM).tree.iter() if e.get("name") == "csrf_token")
    assert client.post(f"{SYSTEM}/mail/999/again", data={"csrf_token": token}).status_code == 404


def test_measurements_count_answers_and_what_waits(app: Flask, client: Any, make: Make) -> None:
    failed(app)
    client.get("/en/nothing-here")
    said = client.get("/metrics").get_data(as_text=True)
    assert 'portal_requests_total{status="404"} 1' in said
    assert "portal_mail_failed 1" in said
    assert 'portal_up{part="database"} 1' in said
    assert "portal_index_waiting 0" in said


@pytest.mark.sqlite_only
def test_measurements_are_for_this_machine_or_whoever_has_the_token(app: Flask) -> None:
    def ask(where: str, **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": where}, headers=named)
        return int(answer.status_code)

    assert ask("127.0.0.1") == ask("::1") == 200
    assert ask("192.0.2.1") == 404
    assert ask("127.0.0.1", X_Forwarded_For="192.0.2.1") == 404
    assert ask("192.0.2.1", Authorization="Bearer ") == 404
    app.config["PORTAL_METRICS_TOKEN"] = "right"
    assert ask("192.0.2.1", Authorization="Bearer wrong") == 404
    assert ask("192.0.2.1", Authorization="Bearer right") == 200


@pytest.mark.sqlite_only
def test_what_ended_processes_counted_is_kept(tmp_path: Any) -> None:
    tally = Tally(tmp_path)
    tally.count(200)
    (tmp_path / "4194305.json").write_text('{"200": 4, "404": 1}')  # above the highest process number there is
    assert tally.totals() == {"200": 5, "404": 1}
    tally.count(200)
    assert tally.totals() == {"200": 6, "404": 1}
    assert not (tmp_path / "4194305.json").exists()


def test_a_mail_that_went_out_meanwhile_is_not_sent_twice(app: Flask, client: Any, administrator: None) -> None:
    lost = failed(app)
    token = next(e.get("value") for e in client.page(SYSTEM).tree.iter() if e.get("name") == "csrf_token")
    with app.app_context(), transaction():
        db.session.get_one(Mail, lost.id).sent_at = clock.now()
        db.session.get_one(Mail, lost.id).failed_at = None
        db.session.get_one(Mail, lost.id).error = ""
    assert client.post(f"{SYSTEM}/mail/{lost.id}/again", data={"csrf_token": token}).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(Mail.next_try_at)) is None
