"""CSV files for tests of the import: a small sound folder, of which a test changes what it is about."""

import csv
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from flask import Flask

from portal.reference import load as loading
from portal.reference.load import Report

SOURCE = "https://source.example.org/page"

SOUND: Mapping[str, Mapping[str, str]] = {
    "municipalities.csv": {
        "kommunekode": "0101",
        "name_da": "København",
        "name_en": "Copenhagen",
        "region_code": "1084",
        "landsdel_da": "Byen København",
        "nuts3": "DK011",
        "population": "671714",
        "population_date": "2026-01-01",
        "population_2020": "632340",
        "area_km2": "90.9",
        "lat": "55.67531",
        "lon": "12.5523",
        "website": "https://www.kk.dk",
        "tile_col": "18",
        "tile_row": "6",
        "source_url": SOURCE,
        "source_note": "",
        "retrieved": "2026",
    },
    "partners.csv": {
        "partner_id": "kk",
        "name": "Københavns Kommune",
        "name_en": "City of Copenhagen",
        "type": "municipality",
        "country": "DK",
        "municipality_code": "0101",
        "website": "",
        "feed_url": "",
        "feed_note": "",
        "networks": "Gate 21; DK2020",
        "source_url": SOURCE,
        "note": "",
        "retrieved": "2026",
    },
    "projects.csv": {
        "project_id": "nord",
        "name": "NORD - heat from the harbour",
        "acronym": "NORD",
        "start_year": "2019",
        "end_year": "2022",
        "status": "completed",
        "funder": "European Union",
        "programme": "Horizon 2020 (grant 732240)",
        "grant_amount": "3400000",
        "grant_currency": "EUR",
        "budget_amount": "",
        "budget_currency": "",
        "lead_partner_id": "kk",
        "themes": "energy; data",
        "barriers": "data access",
        "summary_en": "Heat from sea water.",
        "summary_da": "Varme fra havvand.",
        "website": "",
        "source_url": SOURCE,
        "note": "",
        "retrieved": "2026",
    },
    "project_participants.csv": {
        "project_id": "nord",
        "partner_id": "kk",
        "role": "lead",
        "source_url": SOURCE,
    },
    "news.csv": {
        "news_id": "n1",
        "kind": "article",
        "date": "2020-03-01",
        "date_precision": "day",
        "language": "da",
        "title": "Varmen er kommet",
        "summary": "Havnen får varme fra havvand.",
        "partner_ids": "kk",
        "project_ids": "nord",
        "url": SOURCE,
        "webinar_start": "",
        "timezone": "",
        "host": "",
        "speaker_organisations": "",
        "note": "",
        "source_url": SOURCE,
        "retrieved": "2026",
    },
}

WEBINAR = {
    "news_id": "w1",
    "kind": "webinar",
    "date": "2020-09-30",
    "title": "Light for cities",
    "language": "en",
    "webinar_start": "2020-09-30T09:30",
    "timezone": "Europe/Berlin",
}


class Files:
    """A folder to load from. Every row begins as the sound one of its file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.rows: dict[str, list[dict[str, str]]] = {file: [dict(row)] for file, row in SOUND.items()}
        self.write()

    def set(self, file: str, **cells: str) -> "Files":
        """Change the first row of a file."""
        self.rows[file][0].update(cells)
        return self.write()

    def add(self, file: str, **cells: str) -> "Files":
        """Add a row that differs from the sound one in these cells."""
        self.rows[file].append({**SOUND[file], **cells})
        return self.write()

    def without_column(self, file: str, column: str) -> "Files":
        for row in self.rows[file]:
            del row[column]
        return self.write()

    def without(self, *files: str) -> "Files":
        for file in files:
            del self.rows[file]
            (self.folder / file).unlink()
        return self

    def write(self) -> "Files":
        for file, rows in self.rows.items():
            with (self.folder / file).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)), restval="")
                writer.writeheader()
                writer.writerows(rows)
        return self

    def text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    def put(self, file: str, content: bytes | str) -> "Files":
        """Give a file this very content, until the next `write`."""
        raw = content.encode() if isinstance(content, str) else content
        (self.folder / file).write_bytes(raw)
        return self


def load(app: Flask, files: "Files | Path", **options: bool) -> Report:
    """Load a folder into the application's database."""
    folder = files.folder if isinstance(files, Files) else files
    with app.app_context():
        return loading.load(folder, lambda _totals: lambda _file, _rows: None, **options)


def outcome(report: Report) -> dict[str, int]:
    """How many rows were added, changed, unchanged and bad, over all files."""
    tallies = [asdict(tally) for tally in report.tallies.values()]
    return {what: sum(tally[what] for tally in tallies) for what in ("added", "changed", "unchanged", "bad")}
