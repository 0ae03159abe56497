"""What pages and operations ask about imports."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Account, AccountRole
from portal.core import paging
from portal.core.bilingual import text_of
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality, Observation
from portal.partners.models import Partner
from portal.staff.imports.models import BatchState, Fate, ImportBatch, ImportRow, Outcome, Subject
from portal.staff.imports.permissions import managed_by

BEHIND = (BatchState.CHECKING, BatchState.WRITING, BatchState.UNDOING)


def batches(subject: Subject, actor: Actor, limit: int) -> Sequence[ImportBatch]:
    """The imports so far, the newest first."""
    mine = (
        select(ImportBatch)
        .where(ImportBatch.subject == subject, managed_by(actor))
        .order_by(ImportBatch.id.desc())
        .limit(limit)
    )
    return db.session.scalars(mine).all()


def batch(batch_id: int, actor: Actor) -> ImportBatch:
    found = db.session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id, managed_by(actor)))
    if found is None:
        raise NotFound("import", batch_id)
    return found


def columns_before(subject: Subject, digest: str, width: int) -> list[str] | None:
    """How the columns under this header were named the last time."""
    named = select(ImportBatch.columns).where(
        ImportBatch.subject == subject, ImportBatch.header_digest == digest, ImportBatch.state != BatchState.COLUMNS
    )
    found = db.session.scalar(named.order_by(ImportBatch.id.desc()).limit(1))
    return list(found) if found and len(found) == width else None


def samples(batch_id: int, count: int) -> list[list[str]]:
    """For each column some of the values in its first rows."""
    some = select(ImportRow.cells).where(ImportRow.batch_id == batch_id).order_by(ImportRow.line).limit(count * 5)
    rows = db.session.scalars(some).all()
    return [list(dict.fromkeys(filter(None, column)))[:count] for column in zip(*rows, strict=False)]


def counts(batch_id: int) -> dict[Outcome, int]:
    """Outcome → rows."""
    stmt = select(ImportRow.outcome, func.count()).where(ImportRow.batch_id == batch_id).group_by(ImportRow.outcome)
    found = {outcome: count for outcome, count in db.session.execute(stmt) if outcome}
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


def fates(batch_id: int) -> dict[Fate, int]:
    """What became of the rows → how many."""
    stmt = select(ImportRow.fate, func.count()).where(ImportRow.batch_id == batch_id).group_by(ImportRow.fate)
    found = {fate: count for fate, count in db.session.execute(stmt) if fate}
    return {fate: found[fate] for fate in Fate if fate in found}


def chosen_count(batch_id: int) -> int:
    stmt = select(func.count()).where(ImportRow.batch_id == batch_id, ImportRow.is_chosen)
    return db.session.scalar(stmt) or 0


def page(batch_id: int, outcome: Outcome, number: int) -> Part:
    """One page of the rows of an outcome."""
    theirs = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.outcome == outcome)
    return paging.read(theirs.order_by(ImportRow.line), number)


def unfinished(batch_id: int, limit: int) -> Sequence[ImportRow]:
    """Rows that were not written, or not wholly undone, and why."""
    odd = (Fate.MEANWHILE, Fate.PARTLY, Fate.WITHDRAWN)
    stmt = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.fate.in_(odd))
    return db.session.scalars(stmt.order_by(ImportRow.line).limit(limit)).all()


def partners_of(rows: Collection[ImportRow]) -> dict[int, Any]:
    """Partner id → (slug, name) of those that rows are about, or may be."""
    ids = {id for row in rows for id in (row.partner_id, row.twin_id) if id}
    columns = select(Partner.id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
    return {one.id: one for one in db.session.execute(columns.where(Partner.id.in_(ids)))}


def municipalities_of(rows: Collection[ImportRow]) -> dict[int, str]:
    """Observation → the slug of the municipality whose figure it is."""
    columns = select(Observation.id, Municipality.slug).join(Municipality)
    ids = {row.observation_id for row in rows if row.observation_id}
    return dict(db.session.execute(columns.where(Observation.id.in_(ids))).all())


def rows_to_write(batch_id: int) -> Sequence[ImportRow]:
    stmt = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.is_chosen, ImportRow.fate.is_(None))
    return db.session.scalars(stmt.order_by(ImportRow.line)).all()


def rows_written(batch_id: int) -> Sequence[ImportRow]:
    stmt = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.fate == Fate.WRITTEN)
    return db.session.scalars(stmt.order_by(ImportRow.line)).all()


def waiting() -> list[int]:
    """Imports whose next step is the worker's."""
    stmt = select(ImportBatch.id).where(ImportBatch.state.in_(BEHIND)).order_by(ImportBatch.id)
    return list(db.session.scalars(stmt))


def acting(batch: ImportBatch) -> Actor:
    """Who ordered the next step, with the roles they have now."""
    roles = db.session.scalars(
        select(AccountRole.role)
        .join(Account, Account.id == AccountRole.account_id)
        .where(Account.id == batch.account_id, Account.suspended_at.is_(None), Account.erased_at.is_(None))
    )
    return Actor(account_id=batch.account_id, name=batch.actor_name, roles=frozenset(roles))


def places() -> dict[str, str]:
    """Municipality code → name in the page's language."""
    rows = db.session.execute(select(Municipality.code, Municipality.name_da, Municipality.name_en))
    return {row.code: str(text_of(row, "name")) for row in rows}
