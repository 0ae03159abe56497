"""Writing figures that a file says, and taking that back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.core import progress
from portal.core.db import db
from portal.core.permissions import Actor
from portal.municipalities import operations
from portal.municipalities.models import Observation
from portal.municipalities.operations import Said
from portal.municipalities.words import LISTS
from portal.progress.operations import apply_rules
from portal.staff.imports.figures import fields, plan
from portal.staff.imports.figures.plan import SAID, Comparison, Figure, Register
from portal.staff.imports.models import Fate, ImportBatch, ImportRow, Outcome
from portal.staff.imports.targets import Field, Plain, Undoing

STEP = 500
Trace = dict[int, dict[str, tuple[Any, Any]]]


class Figures:
    """Figures of the municipalities as imports see them."""

    fields: tuple[Field, ...] = fields.FIELDS
    required = ("municipality", "indicator", "period", "value")

    def compare(self, batch: ImportBatch) -> Comparison:
        return Comparison(batch)

    def write(self, batch: ImportBatch, rows: Sequence[ImportRow], *, actor: Actor, now: datetime) -> int:
        """A figure that says something else than it was shown to say is left out; one that was added meanwhile too."""
        register = Register()
        known = plan.load([row.observation_id for row in rows if row.observation_id], is_locked=True)
        added: list[tuple[ImportRow, Observation]] = []
        trace: Trace = {}
        done = 0
        for number, row in enumerate(rows):
            if number % STEP == 0:
                progress.note(f"import-{batch.id}", number, len(rows))
            observation = known.get(row.observation_id or 0)
            figure = _figure(row, observation, register)
            if figure is None or not _is_as_shown(row, observation, register, figure):
                row.fate = Fate.MEANWHILE
                continue
            if observation is None:
                observation = self._add(figure, row, actor)
                added.append((row, observation))
            else:
                operations.correct(observation, _after(row, observation, figure), actor=actor, now=now)
            row.fate = Fate.WRITTEN
            done += 1
            _tell(trace, figure, *_values(row))
        db.session.flush()
        for row, observation in added:
            row.observation_id = observation.id
        operations.note("municipality.figures_imported", trace, actor=actor, now=now)
        apply_rules(now)
        return done

    def undoing(self, rows: Sequence[ImportRow]) -> dict[int, Undoing]:
        register = Register()
        known = plan.load([row.observation_id for row in rows if row.observation_id])
        return {row.id: _undoing(row, known.get(row.observation_id or 0), register) for row in rows}

    def undo(self, batch: ImportBatch, rows: Sequence[ImportRow], *, actor: Actor, now: datetime) -> None:
        """Set corrected figures back and remove new ones. What was changed since stays, and the row says so."""
        register = Register()
        known = plan.load([row.observation_id for row in rows if row.observation_id], is_locked=True)
        trace: Trace = {}
        unwanted: list[int] = []
        for number, row in enumerate(rows):
            if number % STEP == 0:
                progress.note(f"import-{batch.id}", number, len(rows))
            observation = known.get(row.observation_id or 0)
            figure = _figure(row, observation, register)
            would = _undoing(row, observation, register)
            row.fate, row.left = would.fate, list(would.left)
            if observation is None or figure is None or row.left:
                continue
            if row.outcome is Outcome.NEW:
                unwanted.append(observation.id)
            else:
                operations.take_back(observation, _said(row, observation, figure, 0), actor=actor)
            before, after = _values(row)
            _tell(trace, figure, after, before)
        db.session.flush()
        operations.remove(unwanted, actor=actor)
        operations.note("municipality.figures_import_undone", trace, actor=actor, now=now)
        apply_rules(now)

    def _add(self, figure: Figure, row: ImportRow, actor: Actor) -> Observation:
        values: dict[str, Plain] = {name: row.changes.get(name, ["", ""])[1] for name in SAID}
        said = plan.said_by(values, figure.indicator.is_number)
        where = (figure.municipality.id, figure.indicator.id, figure.period)
        return operations.observe(*where, said, figure.key, actor=actor)


def _figure(row: ImportRow, observation: Observation | None, register: Register) -> Figure | None:
    """The figure that a row is about: that of its observation, or of its key where there is none yet."""
    if observation is not None:
        indicator = register.indicator_by_id[observation.indicator_id]
        listed = observation.word if indicator.slug in LISTS else ""
        return Figure(register.by_id[observation.municipality_id], indicator, observation.period, listed)
    code, slug, rest = row.import_key.split("/", 2)
    place, found = register.places.get(code), register.indicators.get(slug)
    if place is None or found is None:
        return None
    listed = str(row.changes["value"][1]) if slug in LISTS else ""
    return Figure(place, found, rest.removesuffix(f"/{listed}") if listed else rest, listed)


def _undoing(row: ImportRow, observation: Observation | None, register: Register) -> Undoing:
    """What undoing makes of a row: decided here alone, for the page that tells it before and for the deed."""
    if observation is None or _figure(row, observation, register) is None:
        return Undoing(Fate.REMOVED)
    says = plan.plain(Said.by(observation))
    left = tuple(name for name, (_before, after) in row.changes.items() if says[name] != after)
    if left:
        return Undoing(Fate.PARTLY, left)
    return Undoing(Fate.REMOVED if row.outcome is Outcome.NEW else Fate.UNDONE)


def _is_as_shown(row: ImportRow, observation: Observation | None, register: Register, figure: Figure) -> bool:
    if observation is None:
        return row.observation_id is None and figure.key not in register.ids
    says = plan.plain(Said.by(observation))
    row.left = [name for name, (before, _after) in row.changes.items() if says[name] != before]
    return not row.left


def _after(row: ImportRow, observation: Observation, figure: Figure) -> Said:
    return _said(row, observation, figure, 1)


def _said(row: ImportRow, observation: Observation, figure: Figure, side: int) -> Said:
    """What an observation says with the row's changes (1), or without them again (0)."""
    values = plan.plain(Said.by(observation)) | {name: change[side] for name, change in row.changes.items()}
    return plan.said_by(values, figure.indicator.is_number)


def _values(row: ImportRow) -> tuple[Plain, Plain]:
    before, after = row.changes.get("value", ["", ""])
    return before or row.changes.get("missing", ["", ""])[0], after or row.changes.get("missing", ["", ""])[1]


def _tell(trace: Trace, figure: Figure, before: Plain, after: Plain) -> None:
    """What the trace says of a figure; of one whose sources alone changed, that it was touched."""
    trace.setdefault(figure.municipality.id, {})[f"{figure.indicator.slug} {figure.period}"] = (before, after)
