"""Taking in a file: uploaded, its columns named, compared, chosen from, written, and undone as a whole."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from portal.core import audit, intake, progress, slugs
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.core.sheets import Upload
from portal.partners.load import KIND
from portal.partners.models import Partner, PartnerState, PartnerType
from portal.search import outbox
from portal.staff.directory import operations as decisions
from portal.staff.imports import fields, plan, queries
from portal.staff.imports.fields import BY_NAME, Plain
from portal.staff.imports.models import BatchState, Fate, ImportBatch, ImportRow, Origin, Outcome
from portal.staff.imports.plan import Comparison, Directory, Proposal

STEP = 500
WRITABLE = (Outcome.NEW, Outcome.CHANGED)
FORGOTTEN_AFTER = timedelta(days=30)


def upload(read: Upload, name: str, *, actor: Actor, now: datetime) -> ImportBatch:
    """Keep the rows of a file. Columns are guessed by their header, or as they were named for the same one before."""
    require(actor, "import.manage", None)
    digest = hashlib.sha256(json.dumps([cell.casefold() for cell in read.header]).encode()).hexdigest()
    batch = ImportBatch(
        origin=Origin.FILE,
        name=name[:200],
        account_id=actor.account_id,
        actor_name=actor.name,
        created_at=now,
        state=BatchState.COLUMNS,
        header=read.header,
        header_digest=digest,
        columns=queries.columns_before(digest, len(read.header)) or fields.guessed(read.header),
        total=len(read.rows),
    )
    db.session.add(batch)
    db.session.flush()
    rows = [{"batch_id": batch.id, "line": line, "cells": cells} for line, cells in read.rows]
    db.session.execute(insert(ImportRow), rows)
    audit.record(actor, "import.uploaded", "import", batch.id, {"name": ("", batch.name), "total": (0, batch.total)})
    return batch


def name_columns(
    batch: ImportBatch, columns: Sequence[str], new_state: PartnerState, *, actor: Actor, now: datetime
) -> None:
    """Say which column is what; the rows are to be compared with the directory next."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.COLUMNS, BatchState.READY)
    used = [name for name in columns if name]
    if len(used) != len(set(used)) or not set(used) <= BY_NAME.keys() or len(columns) != len(batch.header):
        raise Invalid("columns", "a field can come from one column only")
    if "name" not in used:
        raise Invalid("columns", "no column holds the name")
    batch.columns, batch.new_state = list(columns), new_state
    _to_check(batch)
    audit.record(actor, "import.columns_named", "import", batch.id, {"columns": ("", ", ".join(used))}, now=now)


def check_again(batch: ImportBatch, *, actor: Actor) -> None:
    """Compare once more, for instance because the directory has changed since."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.READY)
    _to_check(batch)


class Checking:
    """Compares the rows of a batch, some at a time, each step in a transaction of its caller's."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch_id = batch.id
        self.comparison = Comparison(batch.columns)
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
            row.name = self._name(row)[:200]
            self.last_line = row.line
        self.done += len(rows)
        batch.done = self.done
        if len(rows) < STEP:
            batch.state = BatchState.READY
        db.session.flush()
        return len(rows) == STEP

    def _name(self, row: ImportRow) -> str:
        position = self.comparison.names.index("name")
        return row.cells[self.comparison.mapped[position]]


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
            comparison = comparison or Comparison(batch.columns)
            _decide(row, decision, comparison)
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
    batch.state, batch.account_id, batch.actor_name = BatchState.WRITING, actor.account_id, actor.name
    batch.was_overtaken = False
    db.session.flush()


def write(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Write the chosen rows, all or none. A row whose partner was changed since it was shown is left out."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.WRITING)
    rows = queries.rows_to_write(batch.id)
    directory = Directory()
    partners = plan.load([row.partner_id for row in rows if row.partner_id], is_locked=True)
    taken = slugs.in_use(KIND, Partner.slug)
    written: list[tuple[ImportRow, Partner]] = []
    with db.session.no_autoflush:
        for number, row in enumerate(rows):
            if number % STEP == 0:
                db.session.flush()
                progress.note(f"import-{batch.id}", number, len(rows))
            is_known = row.partner_id is not None
            partner = _existing(row, partners, directory) if is_known else _made(row, batch, directory, taken, now)
            if partner is None:
                row.fate = Fate.MEANWHILE
                continue
            _fill(row, partner, directory, is_known=is_known, actor=actor, now=now)
            written.append((row, partner))
            if not is_known:
                db.session.add(partner)
    db.session.flush()
    new = {partner.id: _changes(row) for row, partner in written if row.partner_id is None}
    known = {
        partner.id: changes for row, partner in written if row.partner_id is not None and (changes := _changes(row))
    }
    audit.record_all(actor, "partner.imported", KIND, new, now=now)
    again = "partner.imported_again" if batch.origin is Origin.FILE else "partner.changed_with_others"
    audit.record_all(actor, again, KIND, known, now=now)
    for row, partner in written:
        row.partner_id, row.fate, row.written_version = partner.id, Fate.WRITTEN, partner.version
    outbox.touch_all(KIND, [partner.id for _row, partner in written])
    batch.state, batch.written_at, batch.done = BatchState.WRITTEN, now, len(written)
    batch.was_overtaken = len(written) < len(rows)
    audit.record(actor, "import.written", "import", batch.id, {"done": (0, len(written))}, now=now)
    db.session.flush()


def order_undo(batch: ImportBatch, *, actor: Actor) -> None:
    """Let a whole import be undone."""
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.WRITTEN)
    batch.state, batch.account_id, batch.actor_name = BatchState.UNDOING, actor.account_id, actor.name
    db.session.flush()


def undo(batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    """Set back every field that nobody has changed since; remove new partners that nothing hangs on.

    What was changed since is left as it is now, and the row says which fields; a new partner that has ties leaves
    the directory instead of disappearing.
    """
    require(actor, "import.manage", batch)
    _expect(batch, BatchState.UNDOING)
    rows = queries.rows_written(batch.id)
    directory = Directory()
    ids = [row.partner_id for row in rows if row.partner_id]
    partners, tied = plan.load(ids, is_locked=True), queries.tied(ids)
    unused: list[Partner] = []
    for number, row in enumerate(rows):
        if number % STEP == 0:
            progress.note(f"import-{batch.id}", number, len(rows))
        partner = partners.get(row.partner_id or 0)
        if partner is None:
            row.fate = Fate.REMOVED
        elif row.outcome is not Outcome.NEW:
            _set_back(row, partner, directory, actor=actor, now=now)
        elif partner.id in tied or partner.version != row.written_version:
            _take_out(row, partner, actor=actor, now=now)
        else:
            row.fate = Fate.REMOVED
            unused.append(partner)
    db.session.flush()
    _remove(unused, actor=actor, now=now)
    outbox.touch_all(KIND, list(partners))
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
    row.changes, row.problems, row.import_key = proposal.changes, proposal.problems, proposal.key
    row.is_chosen = proposal.outcome in WRITABLE
    row.fate = None


def _decide(row: ImportRow, decision: str, comparison: Comparison) -> None:
    """A possible duplicate is a partner of its own after all, or the one that it looks like."""
    if decision == "new":
        row.outcome, row.is_chosen = Outcome.NEW, True
        return
    values = comparison.values_of(row.line, row.cells)
    twin = plan.load([row.twin_id or 0]).get(row.twin_id or 0)
    if values is not None and twin is not None:
        _propose(row, comparison.compared(values.values, twin))


def _existing(row: ImportRow, partners: Mapping[int, Partner], directory: Directory) -> Partner | None:
    """The partner that a row changes, if it still is as it was shown."""
    partner = partners.get(row.partner_id or 0)
    if partner is None:
        return None
    now = fields.state_of(partner, directory.codes)
    row.left = [name for name, (before, _) in row.changes.items() if now[name] != before]
    cvr = str(row.changes.get("cvr", ["", ""])[1])
    if directory.by_cvr.get(cvr, partner.id) != partner.id:
        row.left = [*row.left, "cvr"]
    return None if row.left else partner


def _made(row: ImportRow, batch: ImportBatch, directory: Directory, taken: set[str], now: datetime) -> Partner | None:
    """A new partner, unless somebody has made it meanwhile."""
    after: dict[str, Plain] = {name: values[1] for name, values in row.changes.items()}
    cvr, name = str(after.get("cvr", "")), str(after["name"])
    if cvr in directory.by_cvr or row.import_key in directory.by_key:
        return None
    if row.twin_id is None and name.casefold() in directory.by_name:
        return None
    return Partner(
        slug=slugs.free(name, row.import_key or f"{batch.id}-{row.line}", taken),
        import_key=row.import_key or None,
        name=name,
        sort_key="",
        type=PartnerType(str(after["type"])),
        state=batch.new_state,
        created_at=now,
        themes=[],
        networks=[],
    )


def _set_back(row: ImportRow, partner: Partner, directory: Directory, *, actor: Actor, now: datetime) -> None:
    state = fields.state_of(partner, directory.codes)
    mine = {name: before for name, (before, after) in row.changes.items() if state[name] == after}
    if "cvr" in mine and directory.by_cvr.get(str(mine["cvr"]), partner.id) != partner.id:
        del mine["cvr"]  # somebody else's by now
    row.left = [name for name in row.changes if name not in mine]
    row.fate = Fate.PARTLY if row.left else Fate.UNDONE
    if "state" in mine:
        _bring_back(partner, PartnerState(str(mine.pop("state"))), actor=actor, now=now)
    if mine:
        fields.assign(partner, mine, directory.place_ids, now)
        intake.flag(partner)
        changes = {name: (row.changes[name][1], before) for name, before in mine.items()}
        audit.record(actor, "partner.import_undone", KIND, partner.id, changes, now=now)


def _fill(
    row: ImportRow, partner: Partner, directory: Directory, *, is_known: bool, actor: Actor, now: datetime
) -> None:
    """Set what the row changes. A state is a decision of its own, whose people are told."""
    after = {name: value for name, (_, value) in row.changes.items()}
    state = after.pop("state", None)
    fields.assign(partner, after, directory.place_ids, now)
    if is_known and after:
        intake.flag(partner)
    if state:
        decisions.DECISIONS[str(state)](partner, "", actor=actor, now=now)


def _bring_back(partner: Partner, before: PartnerState, *, actor: Actor, now: datetime) -> None:
    decisions.restore(partner, "", actor=actor, now=now)
    if before is PartnerState.DORMANT:
        decisions.put_to_rest(partner, "", actor=actor, now=now)


def _take_out(row: ImportRow, partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Let a new partner that has ties, or was edited, leave the directory instead of disappearing."""
    changes = {"state": (partner.state, PartnerState.LEFT)}
    partner.state, row.fate = PartnerState.LEFT, Fate.WITHDRAWN
    audit.record(actor, "partner.import_undone", KIND, partner.id, changes, now=now)


def _remove(partners: Sequence[Partner], *, actor: Actor, now: datetime) -> None:
    """Remove partners that nothing hangs on; their addresses say that they are gone."""
    audit.record_all(actor, "partner.removed", KIND, {one.id: {"name": (one.name, "")} for one in partners}, now=now)
    slugs.withdrawn_all(KIND, [one.slug for one in partners], now=now)
    for some in intake.chunks([one.id for one in partners]):
        # What hangs on them is their own, and goes with them in the database.
        db.session.execute(
            delete(Partner).where(Partner.id.in_(some)), execution_options={"synchronize_session": False}
        )
    for one in partners:
        db.session.expunge(one)


def _changes(row: ImportRow) -> dict[str, tuple[Plain, Plain]]:
    """What the trace says of a row; a decision about the state leaves its own entry."""
    return {name: (before, after) for name, (before, after) in row.changes.items() if name != "state"}
