"""How everything is: the parts, what waits, the disk, the settings in force; for the page and for /metrics."""

import logging
import platform
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import current_app
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock, signs
from portal.core.db import db
from portal.core.permissions import Actor
from portal.search import queries as search
from portal.search.engines.base import EngineFault
from portal.staff.system import queries

DISK_WARNING = 0.85
WORKER_PATIENCE = timedelta(minutes=3)
MAIL_PATIENCE = timedelta(minutes=30)
OUTBOX_PATIENCE = timedelta(minutes=5)
FAULTS = (SQLAlchemyError, sqlite3.Error, RedisError, OSError, EngineFault)
PACKAGES = ("Flask", "SQLAlchemy", "Whoosh", "huey", "granian")
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|PRIVATE")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")
MASK = "••••••"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Vital:
    """One part: whether it is well, and the figures that say so."""

    name: str
    is_well: bool
    figures: Mapping[str, Any]


def take(now: datetime) -> list[Vital]:
    """Every part, whatever state the others are in."""
    return [_look(name, look, now) for name, look in PARTS.items()]


def count_ill(_actor: Actor) -> int:
    """How many parts need attention."""
    return sum(not vital.is_well for vital in take(clock.now()))


def _look(name: str, look: Callable[[datetime], Vital], now: datetime) -> Vital:
    try:
        return look(now)
    except FAULTS as error:
        logger.warning("%s is down: %s", name, error)
        db.session.rollback()
        return Vital(name, is_well=False, figures={"fault": type(error).__name__})


def _database(_now: datetime) -> Vital:
    return Vital("database", is_well=True, figures={"version": queries.database_version()})


def _index(now: datetime) -> Vital:
    found, oldest = search.state(), queries.outbox_oldest()
    is_late = oldest is not None and now - oldest > OUTBOX_PATIENCE
    figures = {
        "documents": found.documents,
        "waiting": found.pending,
        "oldest_seconds": _age(oldest, now),
        "generation": found.generation,
        "reason": found.reason,
        "rebuild_ordered": signs.seen(signs.REBUILD),
    }
    return Vital("index", is_well=found.state == "ready" and not is_late, figures=figures)


def _queue(_now: datetime) -> Vital:
    return Vital("queue", is_well=True, figures={"waiting": current_app.extensions["queue"].waiting()})


def _mail(now: datetime) -> Vital:
    found = queries.mail_state()
    is_late = found.oldest is not None and now - found.oldest > MAIL_PATIENCE
    # In development a folder is where mail belongs; on a server it is where it is lost.
    is_lost = not current_app.config["PORTAL_SMTP_URL"] and current_app.config["PORTAL_ENV"] == "production"
    figures = {
        "waiting": found.waiting,
        "oldest_seconds": _age(found.oldest, now),
        "failed": found.failed,
        "has_server": int(bool(current_app.config["PORTAL_SMTP_URL"])),
    }
    return Vital("mail", is_well=not (is_late or found.failed or is_lost), figures=figures)


def _worker(now: datetime) -> Vital:
    seen = signs.seen(signs.WORKER)
    figures = {"seen": seen, "seen_seconds": _age(seen, now)}
    return Vital("worker", is_well=seen is not None and now - seen < WORKER_PATIENCE, figures=figures)


def _disk(_now: datetime) -> Vital:
    usage = shutil.disk_usage(current_app.instance_path)
    # What root keeps for itself is not ours to use: `free` is what counts.
    used = 1 - usage.free / usage.total
    return Vital("disk", is_well=used < DISK_WARNING, figures={"used_ratio": round(used, 4), "free_bytes": usage.free})


PARTS: dict[str, Callable[[datetime], Vital]] = {
    "database": _database,
    "index": _index,
    "queue": _queue,
    "mail": _mail,
    "worker": _worker,
    "disk": _disk,
}


def _age(then: datetime | None, now: datetime) -> int | None:
    return None if then is None else max(0, int((now - then).total_seconds()))


def settings() -> list[tuple[str, str]]:
    """(name, value) of every setting in force; secrets and passwords are masked."""
    ours = sorted(name for name in current_app.config if name.startswith("PORTAL_"))
    return [(name, _told(name, current_app.config[name])) for name in ours]


def _told(name: str, value: Any) -> str:
    if isinstance(value, (frozenset, set, tuple, list)):
        value = ", ".join(sorted(map(str, value)))
    said = "" if value is None else str(value)
    if SECRET.search(name):
        return MASK if said else ""
    return _CREDENTIALS.sub(f"{MASK}@", said)


def versions() -> list[tuple[str, str]]:
    """(name, version) of what the portal runs on."""
    found = [("Python", platform.python_version())]
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
