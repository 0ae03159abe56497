"""Making a backup, looking through it and putting it back: what of the portal it holds, and in which order."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import update

from portal.accounts import erasures, personal
from portal.accounts.models import Account, AccountSession
from portal.backup import archive as archives
from portal.backup import stores
from portal.backup.archive import CHUNK, FILES, Begin, Manifest, Reading, Unusable, Writing
from portal.core import audit, uploads
from portal.core.db import db, transaction
from portal.core.intake import Advance
from portal.core.permissions import SYSTEM
from portal.search import indexer

ERASED = "erased"
FILES_DONE = "Files"
INDEX = "Search index"


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    erased: int
    """How many people were taken out again who had been erased since it was made."""

    documents: int
    """How many the new search index holds."""

    has_other_key: bool
    """Whether this portal's secret key is another one than that of the portal that was backed up."""


def create(path: Path, begin: Begin, *, now: datetime) -> Manifest:
    """Write a backup, while the portal runs: the database as it is at one moment, then every file that it names."""
    store = stores.store_of(db.engine)
    revision = stores.revision_of(db.engine)
    with archives.writing(path) as archive, uploads.unswept():
        tables, digests = store.write(archive, begin)
        missing = _put_files(archive, digests, begin)
        archive.put(ERASED, [erasures.written()])
        manifest = Manifest(
            made_at=now.isoformat(),
            database=store.kind,
            revision=revision,
            key=_fingerprint(),
            tables=tables,
            entries=archive.entries,
            missing=missing,
        )
        archive.finish(manifest)
    return manifest


def verify(path: Path, begin: Begin) -> Manifest:
    """Read all of a backup. `Unusable` when anything is not as it was when it was made."""
    with archives.reading(path) as archive:
        archive.check(begin)
        stores.check(archive)
        return archive.manifest


def restore(path: Path, begin: Begin, *, erased: bytes = b"", now: datetime) -> Restored:
    """Fill an empty portal from a backup. `Unusable` when it cannot be used here; the database is then left empty.

    `erased` is the list of who was erased where the backup was made, besides the one that stands here.
    """
    with archives.reading(path) as archive:
        manifest = archive.manifest
        store = stores.store_of(db.engine)
        _expect_place(manifest, store)
        archive.check(begin)
        stores.check(archive)
        _take_files(archive, begin)
        if store.kind == stores.PostgreSQLStore.kind and not stores.revision_of(db.engine):
            upgrade(revision=manifest.revision)
        store.put_back(archive, begin)
        erasures.keep(erasures.read(erased + b"".join(archive.chunks(ERASED))))
    if manifest.revision != _script().get_current_head():
        upgrade()
    _end_sessions(now)
    taken_out = _erase_again(datetime.fromisoformat(manifest.made_at), now)
    return Restored(manifest, taken_out, _rebuild(begin), has_other_key=manifest.key != _fingerprint())


def _put_files(archive: Writing, digests: Sequence[str], begin: Begin) -> Sequence[str]:
    """Add the files; return the digests of those that are not there."""
    advance = begin({FILES_DONE: len(digests)})
    missing = []
    for digest in sorted(digests):
        file = uploads.path_of(digest)
        if file.is_file():
            archive.put(f"{FILES}{digest[:2]}/{digest}", _chunks(file))
        else:
            missing.append(digest)
        advance(FILES_DONE, 1)
    return missing


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _take_files(archive: Reading, begin: Begin) -> None:
    advance = begin({FILES_DONE: len(archive.manifest.files)})
    for name in archive.manifest.files:
        uploads.take_back(b"".join(archive.chunks(name)))
        advance(FILES_DONE, 1)


def _expect_place(manifest: Manifest, store: stores.Store) -> None:
    """Whether the backup can be put back here."""
    if manifest.database != store.kind:
        raise Unusable(f"it is of {NAMES[manifest.database]}, and PORTAL_DATABASE_URL names {NAMES[store.kind]}")
    try:
        known = _script().get_revision(manifest.revision)
    except CommandError:
        known = None
    if known is None:
        raise Unusable(f"a newer release made it (migration {manifest.revision}): install that release first")
    if filled := stores.filled_tables(db.engine):
        raise Unusable(
            f"the database here holds data already (in {', '.join(filled[:3])}, …): "
            "name an empty one by PORTAL_DATABASE_URL, or move this one away"
        )
    there = stores.revision_of(db.engine)
    if store.kind == stores.PostgreSQLStore.kind and there not in ("", manifest.revision):
        raise Unusable(
            f"the tables here are those of another release (migration {there}, the backup's is {manifest.revision}): "
            "begin with a database that has no tables"
        )


NAMES = {stores.SQLiteStore.kind: "SQLite", stores.PostgreSQLStore.kind: "PostgreSQL"}


def _script() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)


def _fingerprint() -> str:
    """Tells keys apart and nothing about them."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hashlib.sha256(b"the key of a backup: " + secret).hexdigest()[:16]


def _end_sessions(now: datetime) -> None:
    """Everybody signs in anew: a session that was ended since the backup was made must not open again."""
    with transaction():
        db.session.execute(update(AccountSession).where(AccountSession.ended_at.is_(None)).values(ended_at=now))


def _erase_again(since: datetime, now: datetime) -> int:
    """Take out who has been erased since then; an account that came later has its number anew."""
    count = 0
    with transaction():
        for account_id, at in erasures.read(erasures.written()):
            account = db.session.get(Account, account_id) if at > since else None
            if account is not None and account.erased_at is None and account.created_at < at:
                audit.record(SYSTEM, "account.erased", "account", account.id, now=now)
                personal.erase(account, now=now)
                count += 1
    return count


def _rebuild(begin: Begin) -> int:
    done = 0
    steps: list[Advance] = []

    def progress(so_far: int, total: int) -> None:
        nonlocal done
        if not steps:
            steps.append(begin({INDEX: total}))
        steps[0](INDEX, so_far - done)
        done = so_far

    return indexer.rebuild(progress)
