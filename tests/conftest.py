"""What every test stands on: the real application, on a fresh database of either kind."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis  # noqa: F401  here, or its plugin does so at the very end, where Python 3.11 may fail (see `running`)
import pytest
from argon2 import PasswordHasher
from babel.support import Translations
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from portal import create_app
from tests.databases import KINDS, Databases
from tests.make import Make
from tests.page import LintingClient
from tests.postbox import Postbox, mail_server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgresql", help="which databases the tests run on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs the application on each database, but what is marked as one's own."""
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases").split(",")
        if metafunc.definition.get_closest_marker("sqlite_only"):
            kinds = ["sqlite"]
        elif metafunc.definition.get_closest_marker("postgresql_only"):
            kinds = [kind for kind in kinds if kind == "postgresql"]
        metafunc.parametrize("database_kind", kinds, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers first: their stories are the longest, and one process that takes them all starts one portal for them."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_collection_finish() -> None:
    """Let the collector pass over what was imported and collected, which stays to the end: a fifth of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


SHARED_MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
FOLDER = "PORTAL_TESTS_FOLDER"


def memory_with_room() -> Path | None:
    """Where files are kept in memory, so that no test waits for a disk to say that it has written; or nowhere."""
    usable = os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free > ROOM
    return SHARED_MEMORY if usable else None


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of this run, which its processes are told of."""
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="portal-tests-", dir=memory_with_room())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def every_kind() -> Iterator[Callable[[str], Databases]]:
    """Databases of a kind, set up when first asked for and kept to the end: tests of both kinds come mixed."""
    folder = Path(os.environ[FOLDER])
    made: dict[str, Databases] = {}

    def of_kind(kind: str) -> Databases:
        if kind not in made:
            made[kind] = KINDS[kind](folder / kind, folder / f"{kind}-{os.getpid()}")
        return made[kind]

    yield of_kind
    for databases in made.values():
        databases.close()


@pytest.fixture(scope="session")
def databases(database_kind: str, every_kind: Callable[[str], Databases]) -> Databases:
    return every_kind(database_kind)


@pytest.fixture
def settings(databases: Databases) -> Iterator[dict[str, object]]:
    """The settings of a portal of this test's own, with an empty, migrated database."""
    made = databases.new("empty")
    yield made
    databases.drop(made)


@pytest.fixture
def app(settings: dict[str, object]) -> Iterator[Flask]:
    """The portal with an empty database. No context is held open: pages make their own."""
    yield from running(settings)


@pytest.fixture
def reference(databases: Databases) -> Iterator[Flask]:
    """The portal with the reference data and its search index."""
    made = databases.new("reference")
    yield from running(made)
    databases.drop(made)


class CompiledTemplates(BytecodeCache):
    """Templates compiled by one test's portal, for the portals of the others: half of a test's time."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = CompiledTemplates()


def compile_rules_once() -> None:
    """Let Werkzeug take each rule of an address apart, and write the functions that build it, once a process.

    For each of the hundreds of rules of each test's portal it would do so anew: a third of what the suite costs.
    """
    compiled: dict[Any, Rule] = {}
    compile_rule = Rule.compile

    def compile_or_remember(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.strict_slashes, repr(rule.defaults))
        if (known := compiled.get(key)) is None:
            compile_rule(rule)
            compiled[key] = rule
            return
        rule._trace, rule._parts, rule._converters = known._trace, known._parts, known._converters
        rule.arguments |= known.arguments
        rule._build = known._build.__func__.__get__(rule)  # type: ignore[attr-defined]
        rule._build_unknown = known._build_unknown.__func__.__get__(rule)  # type: ignore[attr-defined]

    Rule.compile = compile_or_remember  # type: ignore[method-assign]


compile_rules_once()


def hash_cheaply() -> None:
    """Let argon2 take a millisecond instead of a tenth of a second: tests' passwords protect nobody."""
    from portal.accounts import passwords

    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._NOBODY = passwords.hashed("nobody has this password")


hash_cheaply()


def read_catalogues_once() -> None:
    """Let the portals of a process share the texts of the interface that were read."""
    read: dict[str, Any] = {}
    load = Translations.load

    def load_or_remember(*where: Any, **named: Any) -> Any:
        key = str((where, named))
        if key not in read:
            read[key] = load(*where, **named)
        return read[key]

    Translations.load = load_or_remember  # type: ignore[method-assign, assignment]


read_catalogues_once()


def put_statements_together_once() -> LRUCache[Any, Any]:
    """Let all engines of a process that speak alike share the SQL that SQLAlchemy has written: a fifth of the suite."""
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    return LRUCache(5000)


STATEMENTS = put_statements_together_once()


def running(settings: dict[str, object]) -> Iterator[Flask]:
    """A portal with these settings, whose client proves its pages; disconnected at the end."""
    from portal.core.db import db

    # A collection may end in a finalizer's traceback, whose syntax tree Python 3.11 mixes up with those
    # that the routes are just being compiled from.
    gc.disable()
    try:
        app = create_app(settings)
    finally:
        gc.enable()
    app.testing = True
    app.jinja_env.bytecode_cache = COMPILED
    app.test_client_class = LintingClient
    with app.app_context():
        db.engine._compiled_cache = STATEMENTS
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
def postbox(app: Flask) -> Iterator[Postbox]:
    """A mail server on loopback that the portal sends through: `postbox.fetch(address)`, `postbox.link(address)`."""
    with mail_server(app) as box:
        yield box


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
