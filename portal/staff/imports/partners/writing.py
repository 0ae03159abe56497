"""Writing partners that a file says of, and taking that back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete

from portal.core import audit, intake, progress, slugs
from portal.core.db import db
from portal.core.permissions import Actor
from portal.partners.load import KIND
from portal.partners.models import Partner, PartnerState, PartnerType
from portal.search import outbox
from portal.staff.directory import operations as decisions
from portal.staff.imports.models import Fate, ImportBatch, ImportRow, Origin, Outcome
from portal.staff.imports.partners import fields, plan, ties
from portal.staff.imports.partners.bulk import REASON
from portal.staff.imports.partners.plan import Comparison, Directory
from portal.staff.imports.targets import Field, Plain, Undoing

STEP = 500


class Partners:
    """Partners as imports see them."""

    fields: tuple[Field, ...] = fields.FIELDS
    required = ("name",)

    def compare(self, batch: ImportBatch) -> Comparison:
        return Comparison(batch.columns, batch.same_for_all)

    def write(self, batch: ImportBatch, rows: Sequence[ImportRow], *, actor: Actor, now: datetime) -> int:
        """All or none. A row whose partner was changed since it was shown is left out."""
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
                reason = batch.same_for_all.get(REASON, "")
                _fill(row, partner, directory, is_known=is_known, reason=reason, actor=actor, now=now)
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
        return len(written)

    def undoing(self, rows: Sequence[ImportRow]) -> dict[int, Undoing]:
        directory = Directory()
        ids = [row.partner_id for row in rows if row.partner_id]
        partners, tied = plan.load(ids), ties.tied(ids)
        return {row.id: _undoing(row, partners.get(row.partner_id or 0), directory, tied) for row in rows}

    def undo(self, batch: ImportBatch, rows: Sequence[ImportRow], *, actor: Actor, now: datetime) -> None:
        """Set back every field that nobody has changed since; remove new partners that nothing hangs on.

        What was changed since is left as it is now, and the row says which fields; a new partner that has ties leaves
        the directory instead of disappearing.
        """
        directory = Directory()
        ids = [row.partner_id for row in rows if row.partner_id]
        partners, tied = plan.load(ids, is_locked=True), ties.tied(ids)
        unused: list[Partner] = []
        for number, row in enumerate(rows):
            if number % STEP == 0:
                progress.note(f"import-{batch.id}", number, len(rows))
            partner = partners.get(row.partner_id or 0)
            would = _undoing(row, partner, directory, tied)
            row.fate, row.left = would.fate, list(would.left)
            if partner is None:
                continue
            if row.outcome is not Outcome.NEW:
                _set_back(row, partner, directory, actor=actor, now=now)
            elif would.fate is Fate.WITHDRAWN:
                _take_out(partner, actor=actor, now=now)
            else:
                unused.append(partner)
        db.session.flush()
        _remove(unused, actor=actor, now=now)
        outbox.touch_all(KIND, list(partners))


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


def _undoing(row: ImportRow, partner: Partner | None, directory: Directory, tied: Collection[int]) -> Undoing:
    """What undoing makes of a row: decided here alone, for the page that tells it before and for the deed."""
    if partner is None:
        return Undoing(Fate.REMOVED)
    if row.outcome is Outcome.NEW:
        is_used = partner.id in tied or partner.version != row.written_version
        return Undoing(Fate.WITHDRAWN if is_used else Fate.REMOVED)
    state = fields.state_of(partner, directory.codes)
    left = [name for name, (_before, after) in row.changes.items() if state[name] != after]
    before = str(row.changes.get("cvr", [""])[0])
    if "cvr" not in left and directory.by_cvr.get(before, partner.id) != partner.id:
        left.append("cvr")  # somebody else's by now
    return Undoing(Fate.PARTLY if left else Fate.UNDONE, tuple(left))


def _set_back(row: ImportRow, partner: Partner, directory: Directory, *, actor: Actor, now: datetime) -> None:
    mine = {name: before for name, (before, _after) in row.changes.items() if name not in row.left}
    if "state" in mine:
        _bring_back(partner, PartnerState(str(mine.pop("state"))), actor=actor, now=now)
    if mine:
        fields.assign(partner, mine, directory.place_ids, now)
        intake.flag(partner)
        changes = {name: (row.changes[name][1], before) for name, before in mine.items()}
        audit.record(actor, "partner.import_undone", KIND, partner.id, changes, now=now)


def _fill(
    row: ImportRow, partner: Partner, directory: Directory, *, is_known: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Set what the row changes. A state is a decision of its own, whose people are told."""
    after = {name: value for name, (_, value) in row.changes.items()}
    state = after.pop("state", None)
    fields.assign(partner, after, directory.place_ids, now)
    if is_known and after:
        intake.flag(partner)
    if state:
        decisions.DECISIONS[str(state)](partner, reason, actor=actor, now=now)


def _bring_back(partner: Partner, before: PartnerState, *, actor: Actor, now: datetime) -> None:
    decisions.restore(partner, "", actor=actor, now=now)
    if before is PartnerState.DORMANT:
        decisions.put_to_rest(partner, "", actor=actor, now=now)


def _take_out(partner: Partner, *, actor: Actor, now: datetime) -> None:
    """Let a new partner that has ties, or was edited, leave the directory instead of disappearing."""
    changes = {"state": (partner.state, PartnerState.LEFT)}
    partner.state = PartnerState.LEFT
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
