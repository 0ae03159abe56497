"""The change log between the database and the index, written in the same transaction as the change."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, event, func, insert, select

from portal.core import clock, generations
from portal.core.db import db, read
from portal.search.models import OutboxRow

Wake = Callable[[], None]
_wakers: list[Wake] = []
_TOUCHED = "search_touched"
_WAITING = select(OutboxRow.seq, OutboxRow.kind, OutboxRow.subject_id).order_by(OutboxRow.seq).limit(bindparam("limit"))


def touch(kind: str, subject_id: int) -> None:
    """Note in the running transaction that a thing's text or visibility changed."""
    db.session.add(OutboxRow(kind=kind, subject_id=subject_id, created_at=clock.now()))
    db.session.flush()
    generations.bump(kind)
    db.session.info[_TOUCHED] = True


def touch_all(kind: str, subject_ids: Iterable[int]) -> None:
    """`touch` for many things of one kind, in one statement."""
    now = clock.now()
    rows = [{"kind": kind, "subject_id": subject_id, "created_at": now} for subject_id in subject_ids]
    if not rows:
        return
    db.session.execute(insert(OutboxRow), rows)
    generations.bump(kind)
    db.session.info[_TOUCHED] = True


def when_committed(wake: Wake) -> None:
    """Call `wake` after each commit that touched something, so that a worker need not poll.

    The row is the job: a wake-up that gets lost costs time, nothing else.
    """
    if wake not in _wakers:
        _wakers.append(wake)


def waiting(limit: int) -> Sequence[Any]:
    """The oldest changes that the index has not seen: seq, kind, subject_id."""
    return read(_WAITING, limit=limit).all()


def all_waiting() -> Sequence[int]:
    """The numbers of all changes that the index has not seen."""
    return db.session.scalars(select(OutboxRow.seq)).all()


def done(seqs: Sequence[int]) -> None:
    """Forget changes that the index has committed."""
    db.session.execute(delete(OutboxRow).where(OutboxRow.seq.in_(seqs)))


def pending_count() -> int:
    """How many changes wait."""
    return db.session.scalar(select(func.count()).select_from(OutboxRow)) or 0


@event.listens_for(db.session, "after_commit")
def _wake(session: Any) -> None:
    if session.info.pop(_TOUCHED, False):
        for wake in _wakers:
            wake()


@event.listens_for(db.session, "after_rollback")
def _forget(session: Any) -> None:
    session.info.pop(_TOUCHED, None)
