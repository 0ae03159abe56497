"""The database handle, the model base and the one way to commit."""

import random
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    Result,
    ScalarSelect,
    Select,
    String,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    dialects,
    event,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import DeclarativeBase, registry

AnySelect = Select[*tuple[Any, ...]]
"""A statement whose columns the reader of its rows knows by name."""

AnyResult = Result[*tuple[Any, ...]]
"""The rows of such a statement."""

LARGEST_ID = 2**31 - 1
"""What the key of a row can be at most: PostgreSQL refuses more, and SQLite's driver at twice as many digits."""

BUSY_TIMEOUT_S = 5
BEGIN_ATTEMPTS = 3

# Alembic can only alter or drop a constraint that has a name.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. Naive values are refused, not guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Moment = datetime | BindParameter[datetime]
NOW = bindparam("now", type_=UTCDateTime())
"""The moment a page is made, in statements that are put together once and run often."""

WORDS = Enum(StrEnum, native_enum=False, create_constraint=False, length=30, values_callable=list)
"""A word of one of the domain's lists. Text in the database: a list that grows needs no migration."""


class Model(DeclarativeBase):
    """Base of every table. `str` is unbounded text, `datetime` aware UTC, a `StrEnum` its word."""

    # Spelled out: `type_annotation_map` on a base handed to Flask-SQLAlchemy raises (its #1361).
    metadata = MetaData(naming_convention=NAMING)
    registry = registry(metadata=metadata, type_annotation_map={datetime: UTCDateTime, str: Text, StrEnum: WORDS})


# Objects stay as they were loaded after a commit: a later read of an attribute must not
# start a query, and a redirect needs the slug of what was just saved.
db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def any_of(column: Any, words: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN words`, for a few words that are known when the statement is put together.

    SQLAlchemy writes the list of an `IN` anew each time the statement runs: the most of what a small one costs.
    """
    return or_(*(column == word for word in words))


def joined(words: Any) -> ScalarSelect[Any]:
    """The words of a column in one text with commas between them, in no particular order; `where` says whose."""
    comma: Any = literal_column("','", String)  # one as a value would be written into the statement at each run
    return select(func.aggregate_strings(cast(words, String), comma)).scalar_subquery()


def read(statement: Executable, **values: Any) -> AnyResult:
    """The rows of a statement that selects columns; `values` fill its bound parameters.

    Goes past the unit of work, which costs a third of `session.execute`: for pages, where
    nothing is pending. Rows, not objects, come back.
    """
    return db.session.connection().execute(statement, values)


def insert_of(model: type[Model]) -> Any:
    """An INSERT that can say ON CONFLICT: both databases do, and SQLAlchemy keeps a word for each."""
    return (sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql).insert(model)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block does, or nothing of it. The edge's tool; operations only flush.

    A block inside another joins it. On SQLite the write lock is taken at once
    (`BEGIN IMMEDIATE`): a transaction that reads first and then writes is refused by SQLite
    whenever somebody else has written in between.
    """
    if _writing.get():
        yield
        return
    session = db.session()
    session.commit()  # ends a read that came before; `_refuse_outside` sees to it that nothing is pending
    token = _writing.set(True)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


def is_in_transaction() -> bool:
    """Whether something was read or written since the last commit: from then on SQLite shows one state of things."""
    return db.session.registry.has() and db.session().in_transaction()


def analyze() -> None:
    """Tell SQLite how much its tables hold, after much was written; PostgreSQL keeps count itself.

    Without it SQLite guesses, and the counts behind the filters of ten thousand articles take seven times as long.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        with transaction():
            db.session.execute(text("ANALYZE"))


@event.listens_for(db.session, "before_flush")
def _refuse_outside(*_: object) -> None:
    """Nothing reaches the database but through `transaction()`: not by a query's autoflush, not by a commit."""
    if not _writing.get():
        raise RuntimeError("changes were made outside transaction()")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own, late BEGIN is switched off: `SQLite` below decides which kind it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    cursor.close()


class SQLite(SQLiteDialect_pysqlite):
    """SQLAlchemy's SQLite, but a transaction begins when SQLAlchemy says so, and one that writes has the lock at once.

    Not an event on the engine, as SQLAlchemy's own recipe has it: with one, every statement asks
    four times for listeners it does not have, which was a twelfth of a page.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        if not _writing.get():
            dbapi_connection.execute("BEGIN")
            return
        for attempt in range(BEGIN_ATTEMPTS):
            try:
                dbapi_connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                if attempt + 1 == BEGIN_ATTEMPTS:
                    raise
                time.sleep(random.uniform(0.01, 0.1))  # noqa: S311  jitter, not a secret
            else:
                return


dialects.registry.register("sqlite", __name__, SQLite.__name__)
