"""`flask municipalities`: what the register does not come with."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DatabaseError

from portal.core import clock
from portal.core.bars import bars, first_line
from portal.core.db import transaction
from portal.municipalities.boundaries.load import STEPS, Origin
from portal.municipalities.boundaries.load import load as load_boundaries

municipalities = AppGroup("municipalities", help="The register of municipalities.")

LARGEST = 100 * 1024**2


@municipalities.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--attribution", default="", help="The text to show under the map.")
@click.option("--source", default="", metavar="URL", help="Where the file is from.")
@click.option("--date", "dated", type=click.DateTime(["%Y-%m-%d"]), help="The day the boundaries stand for.")
def boundaries(file: Path, attribution: str, source: str, dated: datetime | None) -> None:
    """Load the boundaries of all municipalities from FILE: GeoJSON in WGS84, joined on `kommunekode`.

    They are checked, simplified and kept as paths for the map. Attribution, source and date that are not given are
    read from the file's own members of those names, or from NAME.LICENSE.md beside it. When anything is wrong it is
    named, and the boundaries stay as they were.
    """
    if file.stat().st_size > LARGEST:
        raise click.ClickException(f"{file} is larger than {LARGEST // 1024**2} MB.")
    note = file.with_name(f"{file.stem}.LICENSE.md")
    origin = Origin(attribution.strip(), source.strip(), dated.date() if dated else None)
    try:
        content = file.read_bytes()
        said = note.read_text("utf-8", errors="replace") if note.is_file() else ""
        with bars() as shown, transaction():
            advance = shown.begin(dict.fromkeys(STEPS, 1))
            report = load_boundaries(content, origin, said, clock.now(), lambda step: advance(step, 1))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from None
    except DatabaseError as error:
        raise click.ClickException(f"Nothing was changed: {first_line(error)}. Is `flask db upgrade` done?") from None
    if report.problems:
        raise click.ClickException("\n".join([f"Nothing was loaded from {file}:", *report.problems]))
    if report.is_unchanged:
        click.echo("These boundaries are loaded already.")
    else:
        click.echo(
            f"Loaded the boundaries of {report.municipalities} municipalities, drawn with {report.points} points."
        )
