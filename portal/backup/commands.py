"""`flask backup`: keep all that cannot be made anew in one file, look through it, put it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from portal.backup import keeping
from portal.backup.archive import CHUNK, Manifest, Unusable
from portal.core import clock
from portal.core.bars import bars, first_line
from portal.search import indexer

FILE = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def backup() -> None:
    """Database and uploads in one file; the search index is built anew from them."""


@backup.command()
@FILE
@with_appcontext
def create(file: Path) -> None:
    """Write a backup to FILE, while the portal runs."""
    if file.exists():
        raise click.ClickException(f"{file} is there already: name another file.")
    with _trouble(file), bars() as shown:
        manifest = keeping.create(file, shown.begin, now=clock.now())
    click.echo(f"{file}: {_said(manifest)}, {file.stat().st_size / CHUNK:.1f} MB.")
    for digest in manifest.missing:
        click.echo(f"A file that the database names is not in PORTAL_UPLOADS: {digest}", err=True)
    if manifest.missing:
        raise click.exceptions.Exit(1)


@backup.command()
@FILE
@with_appcontext
def verify(file: Path) -> None:
    """Read all of FILE and say whether it is as it was when it was made; exit 1 when it is not."""
    with _trouble(file), bars() as shown:
        manifest = keeping.verify(file, shown.begin)
    click.echo(f"{file} is in order: {_said(manifest)}, made at {manifest.made_at}.")


@backup.command()
@FILE
@click.option(
    "--erased",
    type=click.File("rb"),
    help="The file .erased of the old PORTAL_UPLOADS: who was erased since the backup is erased again.",
)
@with_appcontext
def restore(file: Path, erased: BinaryIO | None) -> None:
    """Fill an empty database and PORTAL_UPLOADS from FILE, migrate, and build the search index.

    Web and worker must not run meanwhile. Everybody has to sign in anew.
    """
    list_of_erased = erased.read() if erased else b""
    with _trouble(file), bars() as shown:
        done = keeping.restore(file, shown.begin, erased=list_of_erased, now=clock.now())
    click.echo(f"Restored from {file}: {_said(done.manifest)}; the search index holds {done.documents} documents.")
    if done.erased:
        click.echo(f"Erased again, as they had been since the backup was made: {done.erased}.")
    if done.has_other_key:
        click.echo(
            "PORTAL_SECRET_KEY is another one than that of the portal that was backed up: with it, second factors "
            "and mailed links do not work. Set the old one.",
            err=True,
        )


def _said(manifest: Manifest) -> str:
    return f"{manifest.rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} files"


@contextmanager
def _trouble(file: Path) -> Iterator[None]:
    try:
        yield
    except Unusable as error:
        raise click.ClickException(f"{file} cannot be used: {error}.") from None
    except indexer.Busy as error:
        raise click.ClickException(f"{error}; when it is done: flask search rebuild") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or file}: {error.strerror or error}") from None
    except DatabaseError as error:
        raise click.ClickException(f"The database says: {first_line(error)}.") from None
