"""Where the index stands and whether it may be used: folder, lock, manifest, opened reader.

The database says what the index must look like (`IndexManifest`). It is compared before every
use, so a missing, foreign or half-copied folder is noticed by the first request that meets it.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine as Database
from sqlalchemy import Row, bindparam, select

from portal.core.db import db, read
from portal.search.engines.base import Engine, EngineFault, Reader
from portal.search.engines.factory import engine_at
from portal.search.models import IndexManifest, IndexState

COMPARISONS = 3
FORGET_FAULT_S = 10.0
logger = logging.getLogger(__name__)
_MANIFEST = select(*IndexManifest.__table__.columns).where(IndexManifest.engine == bindparam("engine"))

# One shelf for each database, found without asking the web framework which app is running.
_shelves: WeakKeyDictionary[Database, "Shelf"] = WeakKeyDictionary()


def init_app(app: Any) -> None:
    """Set up search for an application. ValueError when PORTAL_SEARCH_URL cannot be understood."""
    url = app.config.get("PORTAL_SEARCH_URL") or f"whoosh://{Path(app.config['PORTAL_INSTANCE']).resolve() / 'search'}"
    engine, root = engine_at(url)
    with app.app_context():
        _shelves[db.engine] = Shelf(engine, root)


def current() -> "Shelf":
    """The running application's shelf."""
    return _shelves[db.engine]


@dataclass(frozen=True, slots=True)
class _Opened:
    generation: int
    commits: int
    reader: Reader


@dataclass(frozen=True, slots=True)
class _Failed:
    generation: int
    commits: int
    reason: str
    until: float


class Shelf:
    """The one place that opens the index."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self.engine = engine
        self.root = root
        self._opened: _Opened | None = None
        self._failed: _Failed | None = None
        self._opening = threading.Lock()

    def folder(self, generation: int) -> Path:
        return self.root / f"generation-{generation:06d}"

    @property
    def _suspicion(self) -> Path:
        return self.root / "suspect"

    @contextmanager
    def lock(self, wait: float) -> Iterator[bool]:
        """Be the one writer: yields whether it worked. The kernel frees the lock of a killed process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "writer.lock").open("a") as file:
            held = _try_lock(file.fileno(), wait)
            try:
                yield held
            finally:
                if held:
                    fcntl.flock(file.fileno(), fcntl.LOCK_UN)

    def manifest(self, *, fresh: bool = False) -> Row[Any] | None:
        """What the index must look like. `fresh` looks past the snapshot of the running transaction."""
        if not fresh:
            return read(_MANIFEST, engine=self.engine.name).one_or_none()
        with db.engine.connect() as connection:
            return connection.execute(_MANIFEST, {"engine": self.engine.name}).one_or_none()

    def reader(self) -> Reader:
        """The index as the manifest describes it. `EngineFault` says why it cannot be used."""
        for attempt in range(COMPARISONS):
            if (opened := self._usable(self.manifest(fresh=attempt > 0))) is not None:
                return opened
        raise EngineFault("the index folder does not hold what the database says it must")

    @property
    def latest(self) -> Reader | None:
        """The reader opened last, however old: what it knows of unchanged parts of the index stays true."""
        return self._opened.reader if self._opened else None

    def _usable(self, manifest: Row[Any] | None) -> Reader | None:
        """A reader for the manifest, or None when files and manifest differ, perhaps only for a moment."""
        if manifest is None:
            raise EngineFault("there is no index yet")
        if manifest.schema != self.engine.schema:
            raise EngineFault("the index was made by another version")
        at, opened = (manifest.generation, manifest.commits), self._opened
        if opened and at < (opened.generation, opened.commits):
            return opened.reader  # this transaction began before the index moved on
        files = self.engine.files(self.folder(manifest.generation))
        if not files:
            raise EngineFault("the index folder is missing")
        writing = manifest.state == IndexState.WRITING
        if not writing and dict(files) != manifest.files:
            return None
        if opened and (at == (opened.generation, opened.commits) or (writing and at[0] == opened.generation)):
            return opened.reader
        return self._open(manifest)

    def _open(self, manifest: Row[Any]) -> Reader:
        with self._opening:
            opened = self._opened
            if opened and (opened.generation, opened.commits) == (manifest.generation, manifest.commits):
                return opened.reader
            self._refuse_known_fault(manifest)
            same = opened is not None and opened.generation == manifest.generation
            folder = self.folder(manifest.generation)
            try:
                reader = self.engine.open(folder, opened.reader if opened and same else None)
            except EngineFault as fault:
                until = time.monotonic() + FORGET_FAULT_S
                self._failed = _Failed(manifest.generation, manifest.commits, str(fault), until)
                raise
            self._opened = _Opened(manifest.generation, manifest.commits, reader)
            return reader

    def _refuse_known_fault(self, manifest: Row[Any]) -> None:
        """Opening a damaged index takes a second or two: visitors must not wait for it each time."""
        failed = self._failed
        at = (manifest.generation, manifest.commits)
        if failed and (failed.generation, failed.commits) == at and time.monotonic() < failed.until:
            raise EngineFault(failed.reason)

    def problem(self) -> str | None:
        """Why the index cannot be used, None when it can."""
        try:
            self.reader()
        except EngineFault as fault:
            return str(fault)
        return None

    def suspect(self) -> None:
        """Ask the writer to look through the whole index: a search in it failed."""
        try:
            self._suspicion.touch()
        except OSError:
            logger.exception("cannot note that the search index is suspect")

    @property
    def is_suspect(self) -> bool:
        return self._suspicion.exists()

    def clear(self) -> None:
        """The index has been looked through or replaced."""
        self._suspicion.unlink(missing_ok=True)


def _try_lock(descriptor: int, wait: float) -> bool:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        else:
            return True
