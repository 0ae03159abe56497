"""The database's side of a backup: how each kind is written into an archive, checked and put back.

SQLite gives a copy of its file (online backup), PostgreSQL the rows of each table (COPY) as one moment saw them: the
programs of a PostgreSQL server need not be here, and those of another version do not matter.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from psycopg import Connection, IsolationLevel, sql
from sqlalchemy import Engine, inspect, text

from portal.backup.archive import CHUNK, DATABASE, Begin, Reading, Table, Unusable, Writing

VERSIONS = "alembic_version"
PAGES = 1000
SQLITE = f"{DATABASE}portal.sqlite"


class Store(Protocol):
    kind: str

    def write(self, archive: Writing, begin: Begin) -> tuple[Mapping[str, Table], Sequence[str]]:
        """Write one moment of the database; return its tables and the digests of the files that it names."""

    @staticmethod
    def check(archive: Reading) -> None:
        """Look whether what the archive holds is a database in order, with the rows that its manifest counts."""

    def put_back(self, archive: Reading, begin: Begin) -> None:
        """Fill the empty database from an archive, or leave it as it was."""


def store_of(engine: Engine) -> Store:
    return SQLiteStore(engine) if engine.dialect.name == "sqlite" else PostgreSQLStore(engine)


def check(archive: Reading) -> None:
    """Look whether an archive's database is in order, whatever kind this portal's own is."""
    store = STORES.get(archive.manifest.database)
    if store is None:
        raise Unusable(f"it is of a kind of database that is not known here: {archive.manifest.database}")
    store.check(archive)


def revision_of(engine: Engine) -> str:
    """The migration that the database has come to; empty for one that has no tables."""
    if not inspect(engine).has_table(VERSIONS):
        return ""
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def filled_tables(engine: Engine) -> Sequence[str]:
    """The tables that hold any row."""
    names = [name for name in sorted(inspect(engine).get_table_names()) if name != VERSIONS]
    with engine.connect() as connection:
        quoted = engine.dialect.identifier_preparer.quote
        return [name for name in names if connection.scalar(text(f"SELECT 1 FROM {quoted(name)} LIMIT 1"))]  # noqa: S608


class SQLiteStore:
    """The file of the database."""

    kind = "sqlite"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.path = Path(str(engine.url.database))

    def write(self, archive: Writing, begin: Begin) -> tuple[Mapping[str, Table], Sequence[str]]:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=self.path.parent) as folder:
            copy = Path(folder) / self.path.name
            _copy(self.path, copy)
            with _opened(copy) as connection:
                tables = _tables(connection)
                digests = [digest for (digest,) in connection.execute("SELECT digest FROM stored_file")]
                # The copy is as the file was, which is in a mode that keeps two more files beside it.
                connection.execute("PRAGMA journal_mode = DELETE")
            advance = begin({"Database (MB)": -(-copy.stat().st_size // CHUNK)})
            archive.put(SQLITE, _chunks(copy, lambda: advance("Database (MB)", 1)))
        return tables, digests

    @staticmethod
    def check(archive: Reading) -> None:
        with _taken_out(archive, SQLITE) as copy:
            _expect_sound(copy, archive.manifest.tables)

    def put_back(self, archive: Reading, begin: Begin) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.engine.dispose()
        with _taken_out(archive, SQLITE, self.path.parent) as copy:
            advance = begin({"Database": 1})
            _copy(copy, self.path)
            advance("Database", 1)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def _copy(source: Path, target: Path) -> None:
    """Copy a database as it is at this moment, while others read and write it; the target is changed as a whole."""
    with closing(sqlite3.connect(f"file:{quote(str(source))}?mode=rw", uri=True, isolation_level=None)) as there:
        # Within a reading of our own: a change by others would make the copy begin anew, again and again.
        there.execute("BEGIN")
        there.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with _opened(target) as here:
            there.backup(here, pages=PAGES)


def _tables(connection: sqlite3.Connection) -> dict[str, Table]:
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    found = {}
    for (name,) in names.fetchall():
        columns = [column for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))]
        (rows,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608  a name of its own
        found[name] = Table(rows, columns)
    return found


def _expect_sound(path: Path, tables: Mapping[str, Table]) -> None:
    try:
        with _opened(path) as connection:
            (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if state != "ok":
                raise Unusable(f"its database is damaged: {state}")
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise Unusable("rows of its database hang on rows that are not there")
            _expect_rows(tables, {name: table.rows for name, table in _tables(connection).items()})
    except sqlite3.DatabaseError as error:
        raise Unusable(f"its database is damaged: {error}") from error


def _expect_rows(told: Mapping[str, Table], found: Mapping[str, int]) -> None:
    for name in sorted({*told, *found}):
        rows = told[name].rows if name in told else None
        if rows != found.get(name):
            raise Unusable(f"the table {name} has {found.get(name)} rows, its manifest says {rows}")


@contextmanager
def _taken_out(archive: Reading, name: str, folder: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as there:
        path = Path(there) / "portal.sqlite"
        archive.take_out(name, path)
        yield path


def _chunks(path: Path, heard: Callable[[], object]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            heard()


class PostgreSQLStore:
    """The rows of each table, as COPY writes them: one line each."""

    kind = "postgresql"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def write(self, archive: Writing, begin: Begin) -> tuple[Mapping[str, Table], Sequence[str]]:
        names = [name for name in sorted(inspect(self.engine).get_table_names()) if name != VERSIONS]
        tables = {}
        advance = begin({"Database (tables)": len(names)})
        with self._connected() as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            for name in names:
                columns = [row[0] for row in connection.execute(COLUMNS, (name,))]
                archive.put(_entry(name), _copied(connection, name, columns))
                (rows,) = _one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
                tables[name] = Table(rows, columns)
                advance("Database (tables)", 1)
            digests = [row[0] for row in connection.execute("SELECT digest FROM stored_file")]
        return tables, digests

    @staticmethod
    def check(archive: Reading) -> None:
        found = {
            name: sum(chunk.count(b"\n") for chunk in archive.chunks(_entry(name))) for name in archive.manifest.tables
        }
        _expect_rows(archive.manifest.tables, found)

    def put_back(self, archive: Reading, begin: Begin) -> None:
        with self._connected() as connection:
            # Rows come table by table, whatever they hang on: what ties them is taken off and tied anew at the end,
            # which looks at every one of them.
            ties = connection.execute(TIES).fetchall()
            for table, tie, _said in ties:
                connection.execute(_altered(table, "DROP CONSTRAINT {}", tie))
            advance = begin({"Database (tables)": len(archive.manifest.tables)})
            for name, table in archive.manifest.tables.items():
                columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), columns)
                with connection.cursor() as cursor, cursor.copy(into) as copy:
                    for chunk in archive.chunks(_entry(name)):
                        copy.write(chunk)
                advance("Database (tables)", 1)
            for table, tie, said in ties:
                connection.execute(_altered(table, f"ADD CONSTRAINT {{}} {said}", tie))
            for table, column in connection.execute(NUMBERED).fetchall():
                connection.execute(_counted_on(table, column))
            connection.commit()

    @contextmanager
    def _connected(self) -> Iterator[Connection[Any]]:
        """A connection of psycopg's own, which may take as long as it needs; what is not committed is undone."""
        pooled = self.engine.raw_connection()
        connection: Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        try:
            connection.rollback()
            connection.execute("SET statement_timeout = 0")
            connection.commit()
            yield connection
        finally:
            connection.rollback()
            pooled.invalidate()  # its settings are for nobody else
            pooled.close()


COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = quote_ident(%s)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum
"""
TIES = """
    SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND pg_class.relnamespace = current_schema()::regnamespace
"""
NUMBERED = """
    SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped
        AND pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL
"""


def _entry(table: str) -> str:
    return f"{DATABASE}{table}.copy"


def _one(connection: Connection[Any], statement: sql.Composed) -> Any:
    return connection.execute(statement).fetchone()


def _copied(connection: Connection[Any], table: str, columns: Sequence[str]) -> Iterator[bytes]:
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    out = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(named, sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(out) as copy:
        waiting = bytearray()
        for row in copy:
            waiting += row
            if len(waiting) >= CHUNK:
                yield bytes(waiting)
                waiting.clear()
        yield bytes(waiting)


def _altered(table: str, what: Any, tie: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + sql.SQL(what).format(sql.Identifier(tie))


def _counted_on(table: str, column: str) -> sql.Composed:
    """Let the numbers of a column go on behind the highest that is used."""
    return sql.SQL(
        "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 1), max({}) IS NOT NULL) FROM {}"
    ).format(
        sql.Literal(f'"{table}"'), sql.Literal(column), sql.Identifier(column), sql.Identifier(column),
        sql.Identifier(table),
    )  # fmt: skip


STORES: Mapping[str, type[Store]] = {store.kind: store for store in (SQLiteStore, PostgreSQLStore)}
