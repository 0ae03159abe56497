"""`flask data`: loading and exporting the reference data."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.core.bars import bars, first_line
from portal.core.db import db
from portal.municipalities.models import Municipality
from portal.reference import export as exporting
from portal.reference import load as loading
from portal.reference.load import CORE, OWN_DATA, TABLES, Report


@click.group()
def data() -> None:
    """Load or export municipalities, partners, projects, news and webinars."""


@data.command()
@click.argument(
    "folder", metavar="[DIR]", default=OWN_DATA, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--strict", is_flag=True, help="Load nothing at all when any row is bad.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is data already.")
@with_appcontext
def load(folder: Path, dry_run: bool, strict: bool, if_empty: bool) -> None:
    """Load or update the CSV files of DIR (default: the project's data/), as data/README.md describes them.

    Rows that have not changed since they were last loaded are left alone, with what was edited here.
    Bad rows are named as file:line: column: reason, the others load; the command then ends with 1.
    """
    with _database_trouble():
        if if_empty and db.session.scalar(select(Municipality.id).limit(1)) is not None:
            return
        if not any((folder / table.file).exists() for table in TABLES):
            raise click.ClickException(f"{folder} holds none of {', '.join(table.file for table in CORE)}.")
        with bars() as shown:
            report = loading.load(folder, shown.begin, dry_run=dry_run, strict=strict)
    _tell(report, dry_run=dry_run)
    if report.problems:
        sys.exit(1)


@data.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export(folder: Path) -> None:
    """Write what is public into DIR, as the files that `flask data load` reads."""
    with _database_trouble():
        try:
            counts = exporting.export(folder)
        except OSError as error:
            raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
    for file, rows in counts.items():
        click.echo(f"{file}: {rows}")


def _tell(report: Report, *, dry_run: bool) -> None:
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.missing:
        click.echo(f"Not there, so left as they are: {', '.join(report.missing)}", err=True)
    click.echo(f"{'':28}{'added':>9}{'changed':>9}{'unchanged':>11}{'bad':>6}")
    for table in TABLES:
        if tally := report.tallies.get(table.file):
            click.echo(f"{table.file:28}{tally.added:9}{tally.changed:9}{tally.unchanged:11}{tally.bad:6}")
    if report.is_written:
        return
    if dry_run:
        click.echo("A dry run: nothing was written.")
    else:
        click.echo("Nothing was loaded, because of the bad rows (--strict).")


@contextmanager
def _database_trouble() -> Iterator[None]:
    """Tell trouble with the database in one line. The transaction has been undone by then."""
    try:
        yield
    except DatabaseError as error:
        raise click.ClickException(f"Nothing was changed: {first_line(error)}. Is `flask db upgrade` done?") from None
