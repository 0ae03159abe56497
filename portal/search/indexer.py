"""The one writer of the index: drains the outbox, rebuilds beside the live index, compares with the database.

The order that loses nothing: mark the manifest `writing`, commit the index, then delete the
outbox rows and describe the index in one transaction. Killed anywhere between, the next run
does the same work again, and a document put twice is still one document.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core import clock
from portal.core.db import db, transaction
from portal.search import fallback, outbox, shelf, sources
from portal.search.documents import Document, key_of, split_key
from portal.search.engines.base import EngineFault
from portal.search.models import IndexManifest, IndexState, OutboxRow, SearchText
from portal.search.shelf import Shelf

BATCH = 500
CHUNK = 200
REBUILD_SHARE = 0.3
WAIT = 10.0

Progress = Callable[[int, int], None]
Subject = tuple[str, int]
logger = logging.getLogger(__name__)


class Busy(Exception):
    """Another process is writing the index."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How index and database differ: keys that one of them lacks or has in another version."""

    problem: str | None
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    pending: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.missing, *self.surplus, *self.outdated)

    def __bool__(self) -> bool:
        return self.problem is not None or bool(self.keys)


def sync(*, wait: float = 0.0) -> int:
    """Bring the index up to date; returns how many changes it took in.

    An index that is missing, damaged or of another version is rebuilt. Safe to call at any
    time: while another process writes, this one leaves and returns 0.
    """
    place = shelf.current()
    with place.lock(wait) as held:
        if not held:
            return 0
        _look_afresh()
        if problem := _fault(place):
            logger.warning("rebuilding the search index: %s", problem)
            return _rebuild(place, None)
        if _is_much(place, outbox.pending_count()):
            return _rebuild(place, None)
        return _drain(place)


def rebuild(progress: Progress | None = None) -> int:
    """Build the index anew beside the live one and swap; returns how many documents it holds.

    `progress` is told how many of how many documents are in. `Busy` when another process writes.
    """
    place = shelf.current()
    with place.lock(WAIT) as held:
        if not held:
            raise Busy("another process is writing the search index")
        _look_afresh()
        return _rebuild(place, progress)


def check() -> Differences:
    """Compare every document's version in the index with the database's. Changes nothing."""
    pending = outbox.pending_count()
    try:
        indexed = dict(shelf.current().reader().inventory())
    except EngineFault as fault:
        return Differences(str(fault), pending=pending)
    kept = {key_of(*subject): version for subject, version in fallback.inventory().items()}
    wanted = {
        key_of(source.kind, subject_id): version
        for source in sources.all_sources()
        for subject_id, version in source.versions().items()
    }
    return Differences(
        None,
        missing=tuple(sorted(key for key in wanted if key not in indexed or key not in kept)),
        surplus=tuple(sorted((indexed.keys() | kept.keys()) - wanted.keys())),
        outdated=tuple(
            sorted(
                key
                for key, version in wanted.items()
                if key in indexed and key in kept and (indexed[key] != version or kept[key] != version)
            )
        ),
        pending=pending,
    )


def repair() -> int:
    """Take in whatever `check` finds different, e.g. what time alone published; returns how much that was."""
    found = check()
    with transaction():
        for key in found.keys:
            kind, subject_id = split_key(key)
            db.session.add(OutboxRow(kind=kind, subject_id=subject_id, created_at=clock.now()))
    sync(wait=WAIT)
    return len(found.keys)


def _is_much(place: Shelf, changes: int) -> bool:
    """Whether so much changed, as after an import, that a rebuild is less work than replacing one by one."""
    return changes > BATCH and changes > REBUILD_SHARE * _manifest(place).documents


def _look_afresh() -> None:
    """End a read that began before we held the lock: it shows the index as another writer found it."""
    with transaction():
        pass


def _fault(place: Shelf) -> str | None:
    """Why the index has to be rebuilt, None when it need not."""
    problem = place.problem()
    if problem is None and (place.is_suspect or _was_interrupted(place)):
        try:
            # Not the reader in use: what it holds in memory says nothing about the files.
            place.engine.open(place.folder(_manifest(place).generation)).verify()
            place.clear()
        except EngineFault as fault:
            problem = str(fault)
    return problem


def _was_interrupted(place: Shelf) -> bool:
    """Whether the last writer died: we hold the lock, so nobody can be writing now."""
    manifest = place.manifest()
    return manifest is not None and manifest.state == IndexState.WRITING


def _manifest(place: Shelf) -> IndexManifest:
    return db.session.get_one(IndexManifest, place.engine.name, populate_existing=True)


def _drain(place: Shelf) -> int:
    """Take in everything that waits, in commits of at most BATCH changes."""
    taken = 0
    while rows := outbox.waiting(BATCH):
        _take_in(place, rows)
        taken += len(rows)
    if _was_interrupted(place):
        _describe(place, [])
    return taken


def _take_in(place: Shelf, rows: Sequence[Any]) -> None:
    seqs = [row.seq for row in rows]
    subjects = list(dict.fromkeys((row.kind, row.subject_id) for row in rows))
    documents = list(_documents(subjects))
    with transaction():
        db.session.execute(
            update(IndexManifest)
            .where(IndexManifest.engine == place.engine.name)
            .values(state=IndexState.WRITING.value)
        )
    keys = [key_of(*subject) for subject in subjects]
    writer = place.engine.change(place.folder(_manifest(place).generation), keys, place.latest)
    try:
        for document in documents:
            writer.put(document)
        writer.commit()
    except BaseException:
        place.suspect()
        writer.cancel()
        raise
    _describe(place, seqs, subjects, documents)


def _documents(subjects: Iterable[Subject]) -> Iterable[Document]:
    """The present documents of subjects; those that are not public any more are left out."""
    by_kind: dict[str, list[int]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, []).append(subject_id)
    for kind, ids in by_kind.items():
        if source := sources.get(kind):
            yield from source.documents(ids)


def _describe(
    place: Shelf,
    seqs: Sequence[int],
    subjects: Sequence[Subject] = (),
    documents: Sequence[Document] = (),
) -> None:
    """Record in one transaction what the index has committed, and that these changes are done."""
    generation = _manifest(place).generation
    files = dict(place.engine.files(place.folder(generation)))
    with transaction():
        fallback.remove(subjects)
        fallback.store(documents)
        outbox.done(seqs)
        db.session.flush()
        manifest = _manifest(place)
        manifest.commits += 1
        manifest.files = files
        manifest.documents = _kept()
        manifest.last_seq = max([manifest.last_seq, *seqs])
        manifest.state = IndexState.READY


def _kept() -> int:
    return db.session.scalar(select(func.count()).select_from(SearchText)) or 0


def _rebuild(place: Shelf, progress: Progress | None) -> int:
    before = place.manifest(fresh=True)
    generation = 1 + max([before.generation if before else 0, *_generations(place)])
    building = place.root / "building"
    shutil.rmtree(building, ignore_errors=True)
    # Told apart one by one: a number below the highest may belong to a change that commits later.
    taken_in = outbox.all_waiting()
    writer = place.engine.create(building)
    try:
        written = _write_all(writer.put, progress)
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
    building.rename(place.folder(generation))
    _swap(place, generation, written, taken_in)
    _drain(place)
    return written


def _write_all(put: Callable[[Document], None], progress: Progress | None) -> int:
    """Put every source's documents, a chunk at a time so that no transaction is long."""
    subjects = {source.kind: sorted(source.versions()) for source in sources.all_sources()}
    total = sum(len(ids) for ids in subjects.values())
    _forget_all_but(subjects)
    written = looked_at = 0
    for kind, ids in subjects.items():
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            documents = list(_documents((kind, subject_id) for subject_id in chunk))
            for document in documents:
                put(document)
            with transaction():
                fallback.remove((kind, subject_id) for subject_id in chunk)
                fallback.store(documents)
            written += len(documents)
            looked_at += len(chunk)
            if progress:
                progress(looked_at, total)
    return written


def _forget_all_but(subjects: dict[str, list[int]]) -> None:
    with transaction():
        db.session.execute(delete(SearchText).where(SearchText.kind.not_in(subjects)))
        for kind, ids in subjects.items():
            gone = {subject_id for of_kind, subject_id in fallback.inventory() if of_kind == kind} - set(ids)
            for start in range(0, len(gone), CHUNK):
                fallback.remove((kind, subject_id) for subject_id in sorted(gone)[start : start + CHUNK])


def _swap(place: Shelf, generation: int, documents: int, taken_in: Sequence[int]) -> None:
    """Make the new generation the live one; the old folder goes, readers keep what they have open."""
    files = dict(place.engine.files(place.folder(generation)))
    with transaction():
        manifest = db.session.get(IndexManifest, place.engine.name, populate_existing=True)
        if manifest is None:
            manifest = IndexManifest(engine=place.engine.name, last_seq=0)
            db.session.add(manifest)
        manifest.generation = generation
        manifest.commits = 0
        manifest.schema = place.engine.schema
        manifest.files = files
        manifest.documents = documents
        manifest.built_at = clock.now()
        manifest.last_seq = max([manifest.last_seq, *taken_in])
        manifest.state = IndexState.READY
        for start in range(0, len(taken_in), BATCH):
            outbox.done(taken_in[start : start + BATCH])
    place.clear()
    for old in _generations(place):
        if old != generation:
            shutil.rmtree(place.folder(old), ignore_errors=True)


def _generations(place: Shelf) -> list[int]:
    """The generations that have a folder."""
    return [
        int(path.name.removeprefix("generation-"))
        for path in place.root.glob("generation-*")
        if path.name.removeprefix("generation-").isdecimal()
    ]
