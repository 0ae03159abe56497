"""How Alembic reaches the portal's database: through the application that runs the command."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

from portal.core.db import UTCDateTime, db


def render(kind: str, thing: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


def same_type(_context: Any, _inspected: Any, _metadata: Any, _found: Any, wanted: Any) -> bool | None:
    """A word of one of the domain's lists is text in the database, however the list grows."""
    return False if isinstance(wanted, Enum) else None


def foreign_keys(connection: Connection, state: str) -> None:
    """Switch SQLite's foreign keys on or off; inside a transaction that does nothing, so past SQLAlchemy's.

    On SQLite a table is altered by making a new one and dropping the old one, and dropping a table deletes its rows
    first: with foreign keys on, everything that hangs on them is deleted too.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys = {state}")


# One transaction for all steps: a migration that fails half-way leaves the schema as it was.
with db.engine.connect() as connection:
    foreign_keys(connection, "OFF")
    with connection.begin():
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render,
            compare_type=same_type,
            transactional_ddl=True,
            render_as_batch=connection.dialect.name == "sqlite",
            **{
                name: value
                for name, value in current_app.extensions["migrate"].configure_args.items()
                if name not in ("render_as_batch", "compare_type")
            },
        )
        with context.begin_transaction():
            context.run_migrations()
    foreign_keys(connection, "ON")
