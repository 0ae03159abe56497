"""Who was erased and when, by number alone: what a backup that is put back must forget again.

The list stands beside the uploads and not in the database, which is what may have to be put back.
"""

import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import event

from portal.core.db import db

log = logging.getLogger(__name__)

NAME = ".erased"
_WAITING = "erased"


def note(account_id: int, now: datetime) -> None:
    """Write the account down when the running transaction is committed."""
    db.session.info.setdefault(_WAITING, []).append((account_id, now))


def written() -> bytes:
    """The list as it stands."""
    path = _path()
    return path.read_bytes() if path.is_file() else b""


def read(content: bytes) -> list[tuple[int, datetime]]:
    """(account, when it was erased) of a list; a line that was cut off by a crash says nothing."""
    found = []
    for line in content.decode("ascii", "replace").splitlines():
        number, _space, at = line.partition(" ")
        try:
            found.append((int(number), datetime.fromisoformat(at)))
        except ValueError:
            continue
    return found


def keep(erased: Iterable[tuple[int, datetime]]) -> None:
    """Add what the list does not hold yet."""
    known = set(read(written()))
    _append([one for one in erased if one not in known])


@event.listens_for(db.session, "after_commit")
def _write(session: Any) -> None:
    if erased := session.info.pop(_WAITING, None):
        try:
            _append(erased)
        except OSError:
            log.exception("accounts that were erased could not be written down: %s", [one for one, _at in erased])


@event.listens_for(db.session, "after_rollback")
def _forget(session: Any) -> None:
    session.info.pop(_WAITING, None)


def _append(erased: Iterable[tuple[int, datetime]]) -> None:
    lines = "".join(f"{account_id} {at.isoformat()}\n" for account_id, at in erased)
    if not lines:
        return
    _path().parent.mkdir(parents=True, exist_ok=True)
    with _path().open("a", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def _path() -> Path:
    return Path(current_app.config["PORTAL_UPLOADS"]) / NAME
