from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError, StatementError

from portal.core import db as database
from portal.core.audit import AuditEntry
from portal.core.db import UTCDateTime, db, transaction
from portal.core.generations import Generation

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)


def entry(action: str = "thing.made", at: datetime = NOW) -> AuditEntry:
    return AuditEntry(at=at, action=action, subject_kind="thing", subject_id="1")


def actions(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# Moments


def test_a_moment_comes_back_aware_and_in_utc(app):
    with app.app_context(), transaction():
        db.session.add(entry(at=datetime(2026, 11, 5, 10, 30, tzinfo=timezone(timedelta(hours=1)))))
    with app.app_context():
        at = db.session.scalar(select(AuditEntry.at))
    assert at == datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
    assert at.utcoffset() == timedelta(0)


def test_a_moment_is_compared_as_a_moment(app):
    with app.app_context(), transaction():
        db.session.add(entry())
    wanted = NOW.astimezone(timezone(timedelta(hours=-5)))
    with app.app_context():
        assert db.session.scalar(select(AuditEntry.action).where(AuditEntry.at == wanted)) == "thing.made"


def test_a_naive_moment_is_refused(app):
    with app.app_context(), pytest.raises(StatementError, match="naive"), transaction():
        db.session.add(entry(at=datetime(2026, 11, 5)))  # noqa: DTZ001
    assert actions(app) == []


def test_no_moment_is_none():
    kind = UTCDateTime()
    assert kind.process_bind_param(None, sqlite.dialect()) is None
    assert kind.process_result_value(None, sqlite.dialect()) is None


# Transactions


def fail() -> None:
    """A transaction that has flushed before it fails."""
    with transaction():
        db.session.add(entry("failed"))
        db.session.flush()
        raise KeyError


def test_a_transaction_commits_all_of_its_block(app):
    with app.app_context(), transaction():
        db.session.add(entry("one"))
        db.session.flush()
        db.session.add(entry("two"))
    assert actions(app) == ["one", "two"]


def test_a_transaction_that_fails_keeps_nothing(app):
    with app.app_context(), pytest.raises(KeyError):
        fail()
    assert actions(app) == []


def test_a_transaction_is_usable_after_one_that_failed(app):
    with app.app_context():
        with pytest.raises(KeyError):
            fail()
        with transaction():
            db.session.add(entry("after"))
    assert actions(app) == ["after"]


def test_an_inner_block_joins_the_outer_one(app):
    def fail_after(inner: str) -> None:
        with transaction():
            with transaction():
                db.session.add(entry(inner))
            raise KeyError

    with app.app_context():
        with pytest.raises(KeyError):
            fail_after("lost")
        with transaction():
            with transaction():
                db.session.add(entry("inner"))
            db.session.add(entry("outer"))
    assert actions(app) == ["inner", "outer"]


def test_changes_made_outside_are_refused(app):
    with app.app_context():
        db.session.add(entry())
        with pytest.raises(RuntimeError, match="outside"), transaction():
            pass
    assert actions(app) == []


def test_changes_made_outside_cannot_be_flushed(app):
    with app.app_context():
        db.session.add(entry())
        with pytest.raises(RuntimeError, match="outside"):
            db.session.flush()


def test_changes_made_outside_cannot_be_committed(app):
    with app.app_context():
        db.session.add(entry())
        with pytest.raises(RuntimeError, match="outside"):
            db.session.commit()
    assert actions(app) == []


def test_what_was_saved_can_be_read_without_asking_again(app, count_queries):
    with app.app_context():
        with transaction():
            made = entry()
            db.session.add(made)
        with count_queries() as seen:
            assert made.action == "thing.made"
    assert seen == []


def test_a_read_before_does_not_make_the_transaction_see_the_past(app):
    def elsewhere() -> None:
        with app.app_context(), transaction():
            db.session.add(entry("elsewhere"))

    with ThreadPoolExecutor(1) as another, app.app_context():
        db.session.scalars(select(AuditEntry.action)).all()
        another.submit(elsewhere).result()
        with transaction():
            assert db.session.scalars(select(AuditEntry.action)).all() == ["elsewhere"]


# SQLite with many writers


@pytest.mark.sqlite_only
def test_many_that_read_and_then_write_lose_nothing(app):
    writers, times = 6, 15
    with app.app_context(), transaction():
        db.session.add(Generation(kind="counter", number=0, changed_at=NOW))
    start = Barrier(writers)

    def count(_writer: int) -> None:
        start.wait()
        for _ in range(times):
            with app.app_context(), transaction():
                row = db.session.scalars(select(Generation)).one()
                row.number += 1

    with ThreadPoolExecutor(writers) as crowd:
        list(crowd.map(count, range(writers)))
    with app.app_context():
        assert db.session.scalar(select(Generation.number)) == writers * times


@pytest.mark.sqlite_only
def test_readers_are_not_kept_waiting_by_a_writer(app):
    def read() -> list[str]:
        return actions(app)

    with ThreadPoolExecutor(1) as another, app.app_context(), transaction():
        db.session.add(entry())
        db.session.flush()
        assert another.submit(read).result(timeout=2) == []


@pytest.fixture
def impatient(app, monkeypatch):
    """The portal with connections that do not wait for a lock, and a stranger that can take it."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)
    with app.app_context():
        db.engine.dispose()
        stranger = create_engine(db.engine.url)
    with stranger.connect() as connection:
        yield connection
    stranger.dispose()


@pytest.mark.sqlite_only
def test_a_writer_tries_again_when_the_lock_is_taken(app, impatient, monkeypatch):
    impatient.rollback()
    raw = impatient.connection.driver_connection
    raw.execute("BEGIN IMMEDIATE")
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        raw.execute("ROLLBACK")

    monkeypatch.setattr(database.time, "sleep", wait)
    with app.app_context(), transaction():
        db.session.add(entry())
    assert len(waits) == 1
    assert actions(app) == ["thing.made"]


@pytest.mark.sqlite_only
def test_a_writer_gives_up_when_the_lock_stays_taken_and_can_write_later(app, impatient, monkeypatch):
    impatient.rollback()
    raw = impatient.connection.driver_connection
    raw.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(database.time, "sleep", lambda _seconds: None)
    with app.app_context():
        with pytest.raises(OperationalError, match="locked"), transaction():
            db.session.add(entry())
        raw.execute("ROLLBACK")
        with transaction():
            db.session.add(entry("later"))
    assert actions(app) == ["later"]


@pytest.mark.sqlite_only
def test_sqlite_is_set_to_keep_what_it_has_acknowledged(app):
    with app.app_context(), db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        }
    assert pragmas == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000}
