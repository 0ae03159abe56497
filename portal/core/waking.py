"""Waking the worker once what it is to do is committed. The row is the job; a lost wake-up costs time, nothing else."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from portal.core.db import db

Wake = Callable[[], None]
_wakers: list[Wake] = []
_ASKED = "wake_asked"


def ask() -> None:
    """Wake the worker when the running transaction is committed."""
    db.session.info[_ASKED] = True


def when_committed(wake: Wake) -> None:
    """Call `wake` after each commit that asked for it."""
    if wake not in _wakers:
        _wakers.append(wake)


@event.listens_for(db.session, "after_commit")
def _wake(session: Any) -> None:
    if session.info.pop(_ASKED, False):
        for wake in _wakers:
            wake()


@event.listens_for(db.session, "after_rollback")
def _forget(session: Any) -> None:
    session.info.pop(_ASKED, None)
