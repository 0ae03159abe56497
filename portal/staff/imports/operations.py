"""Taking in a file: uploaded, its columns named, compared, chosen from, written, and undone as a whole."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.core.sheets import Upload
from portal.partners.models import PartnerState
from portal.staff.imports import queries
from portal.staff.imports.models import BatchState, DecimalSign, ImportBatch, ImportRow, Origin, Outcome, Subject
from portal.staff.imports.subjects import target_of
from portal.staff.imports.targets import Comparison, Proposal, guessed

STEP = 500
WRITABLE = (Outcome.NEW, Outcome.CHANGED)
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: which field each column is, and what becomes of its rows."""

    columns: Sequence[str]
    new_state: PartnerState = PartnerState.PUBLISHED
    same_for_all: Mapping[str, str] = field(default_factory=dict)
    is_all_or_nothing: bool = False
    decimal_sign: DecimalSign = DecimalSign.AS_FOUND


def upload(read: Upload, name: str, subject: Subject, *, actor: Actor, now: datetime) -> ImportBatch:
    """Keep the rows of a file. Columns are guessed by their header, or as they were named for the same one before."""
    require(actor, "import.manage", None)
    before = queries.columns_before(subject, digest := _digest(read.header), len(read.header))
    batch = ImportBatch(
        subject=subject,
        origin=Origin.FILE,
        name=name[:200],
        account_id=actor.account_id,
        actor_name=actor.name,
        created_at=now,
        state=BatchState.COLUMNS,
        header=read.header,
        header_digest=digest,
        columns=before or guessed(read.header, target_of(subject).fields),
        total=len(read.rows),
    )
    db.session.add(batch)
    db.session.flush()
    rows = [{"batch_id": batch.id, "line": line, "cells": cells} for line, cells in read.rows]
    db.session.execute(insert(ImportRow), rows)
    audit.record(actor, "import.uploaded", "import", batch.id, {"name": ("", batch.name), "total": (0, batch.total)})
    return batch


def name_columns(batch: ImportBatch, reading: Reading, *, actor: Actor, now: datetime) -> None:
    """Say which column is what; the rows are to be compared with what there is next."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.COLUMNS, BatchState.READY)
    target = target_of(batch.subject)
    used = [*filter(None, reading.columns), *reading.same_for_all]
    is_known = set(used) <= {one.name for one in target.fields}
    if len(used) != len(set(used)) or not is_known or len(reading.columns) != len(batch.header):
        raise Invalid("columns", "a field can come from one column only")
    if missing := [name for name in target.required if name not in used]:
        raise Invalid("columns", f"no column holds the {missing[0]}")
    batch.columns, batch.new_state = list(reading.columns), reading.new_state
    batch.same_for_all = dict(reading.same_for_all)
    batch.is_all_or_nothing, batch.decimal_sign = reading.is_all_or_nothing, reading.decimal_sign
    _to_check(batch)
    audit.record(actor, "import.columns_named", "import", batch.id, {"columns": ("", ", ".join(used))}, now=now)


def check_again(batch: ImportBatch, *, actor: Actor) -> None:
    """Compare once more, for instance because what there is has changed since."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.READY)
    _to_check(batch)


class Checking:
    """Compares the rows of a batch, some at a time, each step in a transaction of its caller's."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch_id = batch.id
        self.comparison = target_of(batch.subject).compare(batch)
        self.last_line = 0
        self.done = 0

    def step(self) -> bool:
        """Compare the next rows; False when that were all."""
        batch = db.session.get_one(ImportBatch, self.batch_id, populate_existing=True)
        if batch.state is not BatchState.CHECKING:
            return False
        some = (ImportRow.batch_id == self.batch_id, ImportRow.line > self.last_line)
        rows = db.session.scalars(select(ImportRow).where(*some).order_by(ImportRow.line).limit(STEP)).all()
        proposals = self.comparison.of((row.line, row.cells) for row in rows)
        for row in rows:
            _propose(row, proposals[row.line])
            row.name = self.comparison.name_of(row.cells)[:200]
            self.last_line = row.line
        self.done += len(rows)
        batch.done = self.done
        if len(rows) < STEP:
            batch.state = BatchState.READY
        db.session.flush()
        return len(rows) == STEP


def choose(
    batch: ImportBatch, shown: Collection[int], chosen: Collection[int], decisions: Mapping[int, str], *, actor: Actor
) -> None:
    """Of the rows that were shown, take those chosen. `decisions`: row → what a possible duplicate is: new or known."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.READY)
    comparison: Comparison | None = None
    rows = db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.id.in_(shown)))
    for row in rows.all():
        if row.outcome is Outcome.DUPLICATE and (decision := decisions.get(row.id)) in ("new", "known"):
            comparison = comparison or target_of(batch.subject).compare(batch)
            if proposal := comparison.decided(row, decision):
                _propose(row, proposal)
        elif row.outcome in WRITABLE:
            row.is_chosen = row.id in chosen
    db.session.flush()


def choose_all(batch: ImportBatch, outcome: Outcome, is_chosen: bool, *, actor: Actor) -> None:
    """Take, or leave, every row of an outcome."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.READY)
    if outcome in WRITABLE:
        theirs = (ImportRow.batch_id == batch.id, ImportRow.outcome == outcome)
        db.session.execute(update(ImportRow).where(*theirs).values(is_chosen=is_chosen))


def order_write(batch: ImportBatch, *, actor: Actor) -> None:
    """Let the chosen rows be written, by whoever gets to it first: this request or the worker."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.READY)
    if not queries.chosen_count(batch.id):
        raise Invalid("rows", "no row is chosen")
    if is_held_back(batch):
        raise Invalid("rows", "some cannot be taken, and all were to be or none")
    batch.state, batch.account_id, batch.actor_name = BatchState.WRITING, actor.account_id, actor.name
    batch.was_overtaken = False
    db.session.flush()


def write(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Write the chosen rows, all or none. A row whose thing was changed since it was shown is left out."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.WRITING)
    rows = queries.rows_to_write(batch.id)
    done = target_of(batch.subject).write(batch, rows, actor=actor, now=now)
    batch.state, batch.written_at, batch.done = BatchState.WRITTEN, now, done
    batch.was_overtaken = done < len(rows)
    audit.record(actor, "import.written", "import", batch.id, {"done": (0, done)}, now=now)
    db.session.flush()


def order_undo(batch: ImportBatch, *, actor: Actor) -> None:
    """Let a whole import be undone."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.WRITTEN)
    batch.state, batch.account_id, batch.actor_name = BatchState.UNDOING, actor.account_id, actor.name
    db.session.flush()


def undo(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Take back a whole import: what nobody has changed since."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.UNDOING)
    rows = queries.rows_written(batch.id)
    target_of(batch.subject).undo(batch, rows, actor=actor, now=now)
    batch.state, batch.undone_at = BatchState.UNDONE, now
    audit.record(actor, "import.undone", "import", batch.id, {"done": (len(rows), 0)}, now=now)
    db.session.flush()


def discard(batch: ImportBatch, *, actor: Actor) -> None:
    """Forget an import that was not written."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.COLUMNS, BatchState.CHECKING, BatchState.READY)
    audit.record(actor, "import.discarded", "import", batch.id, {"name": (batch.name, "")})
    _forget(batch.id)


def give_up(batch: ImportBatch) -> None:
    """Come back from a step that could not be done: nothing was written, and the rows are compared anew."""
    batch.was_overtaken = True
    if batch.state is BatchState.UNDOING:
        batch.state = BatchState.WRITTEN
    elif batch.origin is Origin.FILE:
        _to_check(batch)
    else:
        batch.state = BatchState.READY


def sweep(now: datetime) -> None:
    """Forget what was uploaded and never written."""
    waiting = (BatchState.COLUMNS, BatchState.READY)
    old = select(ImportBatch.id).where(ImportBatch.state.in_(waiting), ImportBatch.created_at < now - FORGOTTEN_AFTER)
    for batch_id in db.session.scalars(old).all():
        _forget(batch_id)


def is_held_back(batch: ImportBatch) -> bool:
    """Whether nothing may be written because some row cannot be taken."""
    return batch.is_all_or_nothing and queries.counts(batch.id)[Outcome.BAD] > 0


def _digest(header: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([cell.casefold() for cell in header]).encode()).hexdigest()


def _forget(batch_id: int) -> None:
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
    db.session.execute(delete(ImportBatch).where(ImportBatch.id == batch_id))


def _expect(batch: ImportBatch, *states: BatchState) -> None:
    if batch.state not in states:
        raise Conflict(f"the import is {batch.state}")


def _to_check(batch: ImportBatch) -> None:
    batch.state, batch.done = BatchState.CHECKING, 0
    batch.total = db.session.scalar(select(func.count()).where(ImportRow.batch_id == batch.id)) or 0
    db.session.flush()


def _propose(row: ImportRow, proposal: Proposal) -> None:
    row.outcome, row.partner_id, row.twin_id = proposal.outcome, proposal.partner_id, proposal.twin_id
    row.observation_id = proposal.observation_id
    row.changes, row.problems, row.import_key = proposal.changes, proposal.problems, proposal.key
    row.is_chosen = proposal.outcome in WRITABLE
    row.fate = None
