"""A backup as one file: a ZIP archive of the database and what people sent, with a manifest of their hashes."""

import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from portal.core.intake import Advance

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "uploads/"
DATABASE = "database/"
CHUNK = 1024 * 1024
CHECKED = "Checked (MB)"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, OSError)

Begin = Callable[[Mapping[str, int]], Advance]
"""Is told how much there is to do of what, and gives what to call as it is done."""


class Unusable(Exception):
    """The file is no backup that can be used, or not here; its text says why."""


@dataclass(frozen=True)
class Entry:
    size: int
    sha256: str

    @property
    def steps(self) -> int:
        """In how many chunks it is read."""
        return -(-self.size // CHUNK)


@dataclass(frozen=True)
class Table:
    rows: int
    columns: Sequence[str]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds and what it was made of. `key` tells whether the secret key is the same, and no more."""

    made_at: str
    database: str
    revision: str
    key: str
    tables: Mapping[str, Table]
    entries: Mapping[str, Entry] = field(default_factory=dict)
    missing: Sequence[str] = ()
    """Digests of files that rows name and that were not on the disk."""

    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def files(self) -> Sequence[str]:
        """The names of the entries that people's files are."""
        return [name for name in self.entries if name.startswith(FILES)]

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.entries.values())

    @property
    def steps(self) -> int:
        return sum(entry.steps for entry in self.entries.values())


class Writing:
    """An archive that is being written."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.entries: dict[str, Entry] = {}

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add an entry. What people sent is mostly packed already; the database is worth packing."""
        made = zipfile.ZipInfo(name)
        made.compress_type = zipfile.ZIP_STORED if name.startswith(FILES) else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self.packed.open(made, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries[name] = Entry(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        self.packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """Write an archive, which appears under its name when it is whole; for its owner's eyes alone."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(beside, "xb", opener=_private) as file:
            with zipfile.ZipFile(file, "w") as packed:
                yield Writing(packed)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


class Reading:
    """An archive that is read; whatever is wrong with it is `Unusable`."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self.packed = packed
        self.manifest = manifest

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of an entry."""
        try:
            with self.packed.open(name) as source:
                while chunk := source.read(CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise Unusable(f"{name} cannot be read: {error}") from error

    def check(self, begin: Begin) -> None:
        """Read everything and compare it with the manifest."""
        advance = begin({CHECKED: self.manifest.steps})
        there = {one.filename for one in self.packed.infolist()} - {MANIFEST}
        if lost := sorted(set(self.manifest.entries) - there):
            raise Unusable(f"{lost[0]} is not in it")
        if strange := sorted(there - set(self.manifest.entries)):
            raise Unusable(f"{strange[0]} is not in its manifest")
        for name, entry in self.manifest.entries.items():
            digest, size = hashlib.sha256(), 0
            for chunk in self.chunks(name):
                digest.update(chunk)
                size += len(chunk)
                advance(CHECKED, 1)
            if (size, digest.hexdigest()) != (entry.size, entry.sha256):
                raise Unusable(f"{name} is not what it was when the backup was made")
            if name.startswith(FILES) and not name.endswith(f"/{entry.sha256}"):
                raise Unusable(f"{name} is not called by the hash of its content")

    def take_out(self, name: str, target: Path) -> None:
        """Write an entry to a file."""
        with open(target, "wb", opener=_private) as file:
            file.writelines(self.chunks(name))
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def reading(path: Path) -> Iterator[Reading]:
    """Read an archive whose manifest can be understood."""
    try:
        packed = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise Unusable(f"it cannot be read: {error}") from error
    with packed:
        yield Reading(packed, _manifest(packed))


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        told = json.loads(packed.read(MANIFEST))
    except (*_BROKEN, ValueError) as error:
        raise Unusable("it has no manifest that can be read") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Unusable("another release made it, whose format is not known here")
    try:
        tables = {name: Table(**table) for name, table in told.pop("tables").items()}
        entries = {name: Entry(**entry) for name, entry in told.pop("entries").items()}
        return Manifest(tables=tables, entries=entries, **told)
    except (TypeError, AttributeError, KeyError) as error:
        raise Unusable("its manifest lacks something") from error
