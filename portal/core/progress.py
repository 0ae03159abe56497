"""How far a long piece of work is, told to other processes while its transaction is still open.

What the work itself writes nobody else sees before its end, so this stands in a file beside the uploads, which all
processes share. It is news, not knowledge: when it is lost nothing is.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from flask import current_app


def note(work: str, done: int, total: int) -> None:
    """Say that so much of it is done."""
    path = _path(work)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(json.dumps([done, total]), encoding="ascii")
    beside.replace(path)


def of(work: str) -> tuple[int, int] | None:
    """(done, total), while it goes on."""
    try:
        done, total = json.loads(_path(work).read_text(encoding="ascii"))
        return int(done), int(total)
    except (OSError, ValueError, TypeError):
        return None


def end(work: str) -> None:
    """It is over, one way or the other."""
    with suppress(OSError):
        _path(work).unlink()


def _path(work: str) -> Path:
    return Path(current_app.config["PORTAL_UPLOADS"]) / f".progress-{work}"
