"""Taking a file of boundaries into the database: all of it, or nothing."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from portal.core import audit, generations
from portal.core.db import db
from portal.core.permissions import SYSTEM
from portal.municipalities.boundaries import drawing, geojson
from portal.municipalities.models import Boundary, BoundarySource, Municipality

KIND = "municipality"
DRAWN_AS = "1"
"""Changes when the same file would be drawn differently."""

Stages = Callable[[str], None]
"""Told the name of each step that is done."""

STEPS = ("read", "checked", "drawn", "stored")


@dataclass(frozen=True)
class Origin:
    """Whom the boundaries are owed to, where they are from and how old they are."""

    attribution: str = ""
    source_url: str = ""
    dated: date | None = None

    def or_else(self, other: "Origin") -> "Origin":
        return Origin(
            self.attribution or other.attribution, self.source_url or other.source_url, self.dated or other.dated
        )


@dataclass
class Report:
    """What became of a file: problems, or how many municipalities and points were drawn."""

    problems: list[str] = field(default_factory=list)
    municipalities: int = 0
    points: int = 0
    is_unchanged: bool = False


def load(content: bytes, origin: Origin, note: str, now: datetime, done: Stages) -> Report:
    """Replace the boundaries by those of a GeoJSON file.

    What `origin` leaves open is taken from the file's own members (`attribution`, `source`, `date`)
    or from the licence note that lies beside it.
    """
    municipalities = db.session.execute(select(Municipality.code, Municipality.id, Municipality.name_da)).all()
    if not municipalities:
        return Report(["There are no municipalities yet: run `flask data load` first."])
    reading = geojson.read(content, {row.code: row.name_da for row in municipalities})
    done(STEPS[0])
    origin = origin.or_else(_told(reading.about)).or_else(_noted(note))
    problems = reading.problems + _owed(origin)
    done(STEPS[1])
    if problems:
        return Report(problems)
    there = db.session.scalars(select(BoundarySource)).one_or_none()
    digest = _digest(content, origin, [row.code for row in municipalities])
    if there and there.digest == digest:
        return Report(municipalities=len(municipalities), is_unchanged=True)
    picture = drawing.draw(reading.rings)
    done(STEPS[2])
    _store(picture, origin, digest, {row.code: row.id for row in municipalities}, now)
    done(STEPS[3])
    return Report(municipalities=len(picture.paths), points=picture.points)


def _store(picture: drawing.Picture, origin: Origin, digest: str, ids: Mapping[str, int], now: datetime) -> None:
    before = db.session.scalars(select(BoundarySource)).one_or_none()
    told = (before.attribution, before.dated.isoformat() if before.dated else None) if before else ("", None)
    db.session.execute(delete(Boundary))
    db.session.execute(delete(BoundarySource))
    source = BoundarySource(
        attribution=origin.attribution,
        source_url=origin.source_url,
        dated=origin.dated,
        digest=digest,
        loaded_at=now,
        width=picture.width,
        height=picture.height,
        frame=picture.frame,
    )
    db.session.add(source)
    db.session.flush()
    rows = [
        {"municipality_id": ids[code], "source_id": source.id, "path": path} for code, path in picture.paths.items()
    ]
    db.session.execute(insert(Boundary), rows)
    dated = origin.dated.isoformat() if origin.dated else None
    changes = {"attribution": (told[0], origin.attribution), "dated": (told[1], dated)}
    audit.record(SYSTEM, "boundaries.loaded", "boundaries", source.id, changes, now=now)
    generations.bump(KIND)


def _owed(origin: Origin) -> list[str]:
    if not origin.attribution:
        return ["Nothing says whom the boundaries are owed to: give --attribution with the text to show under the map."]
    if len(origin.attribution) > 500:
        return ["The attribution is longer than 500 characters."]
    if origin.source_url and not origin.source_url.startswith(("https://", "http://")):
        return [f"The source is no address: {origin.source_url}."]
    return []


def _told(about: Mapping[str, Any]) -> Origin:
    """What a file says of itself."""
    said = {name: value for name, value in about.items() if isinstance(value, str)}
    return Origin(said.get("attribution", "").strip(), said.get("source", "").strip(), _day(said.get("date", "")))


def _noted(note: str) -> Origin:
    """What a licence note says: the line of the attribution to show, and the data date."""
    owed = re.search(r"^\W*Attribution to show:\s*[\"“]?(.+?)[\"”]?\.?\s*$", note, re.MULTILINE)
    dated = re.search(r"data date (\d{4}-\d\d-\d\d)", note)
    return Origin(owed[1] if owed else "", "", _day(dated[1]) if dated else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _digest(content: bytes, origin: Origin, codes: list[str]) -> str:
    about = repr((DRAWN_AS, origin, sorted(codes)))
    return hashlib.sha256(content + about.encode()).hexdigest()
