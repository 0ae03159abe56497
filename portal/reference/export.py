"""Writing what is public into the files that `flask data load` reads."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from portal.core import tables
from portal.core.tables import Table
from portal.municipalities import export as municipalities
from portal.municipalities.load import MUNICIPALITIES
from portal.news import export as news
from portal.news.load import NEWS
from portal.partners import export as partners
from portal.partners.load import PARTNERS
from portal.projects import export as projects
from portal.projects.load import PARTICIPANTS, PROJECTS
from portal.webinars import export as webinars


def export(folder: Path) -> dict[str, int]:
    """Write the five files; file → number of its rows. Each file is there whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        table.file: _write(folder, table, rows)
        for table, rows in (
            (MUNICIPALITIES, list(municipalities.rows())),
            (PARTNERS, list(partners.rows())),
            (PROJECTS, list(projects.rows())),
            (PARTICIPANTS, list(projects.participants())),
            (NEWS, [*news.rows(), *webinars.rows()]),
        )
    }


def _write(folder: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    partly = folder / f".{table.file}.partly"
    tables.write(partly, _columns(table, rows), rows)
    partly.replace(folder / table.file)
    return len(rows)


def _columns(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The table's columns, and behind them whatever else a row has."""
    return list(dict.fromkeys([column.name for column in table.columns] + [name for row in rows for name in row]))
