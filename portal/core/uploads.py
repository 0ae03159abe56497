"""Files that people send: the one way in, and the one way out.

In: a form's `UploadField` says what the file is by its content and puts it on the disk; the operation enters it into
the database. A file is known by the digest of its content, so the same one sent twice is kept once. Out: `sent`,
which a page calls after it has asked whether this reader may have the file. Files lie outside everything that is
served by itself, and whatever nothing refers to any more is swept away.
"""

import errno
import fcntl
import hashlib
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Response, current_app, send_file
from flask_wtf.file import FileField
from sqlalchemy import String, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from portal.core import filetypes, web
from portal.core.db import Model, db, insert_of
from portal.core.errors import NotFound
from portal.core.filetypes import DOCUMENTS, LONGEST_NAME_BYTES, PICTURES, Refused
from portal.core.forms import PortalForm
from portal.core.texts import gettext as _

log = logging.getLogger(__name__)

NAME_LENGTH = LONGEST_NAME_BYTES
KIND_LENGTH = 100
DIGEST_LENGTH = 64
KEPT_UNUSED = timedelta(days=1)
SWEPT_EVERY = timedelta(hours=6)
MEGABYTE = 1024 * 1024
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
SIZES = ".sizes"
POLICY = "default-src 'none'; sandbox"

_references: list[InstrumentedAttribute[Any]] = []


class StoredFile(Model):
    """A file's content on the disk. What it is called, whose it is and who may have it say those that refer to it."""

    __tablename__ = "stored_file"

    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(KIND_LENGTH))
    size: Mapped[int]
    entered_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was checked and lies on the disk; `enter` makes it part of the database."""

    digest: str
    media_type: str
    size: int
    name: str


def referred_to_by(column: InstrumentedAttribute[Any]) -> None:
    """Say that a column holds digests of files; a file that no such column holds is swept away."""
    if column not in _references:
        _references.append(column)


def enter(upload: Upload, *, now: datetime) -> None:
    """Make the file known to the running transaction, before a row refers to it."""
    row = {
        "digest": upload.digest,
        "media_type": upload.media_type,
        "size": upload.size,
        "entered_at": now,
    }
    # One statement: two who send the same file at the same moment both find no row.
    statement = insert_of(StoredFile).values(row)
    known = statement.on_conflict_do_update(index_elements=[StoredFile.digest], set_={"entered_at": now})
    db.session.execute(known)


def put(content: bytes, name: str, kinds: frozenset[str] = DOCUMENTS) -> Upload:
    """Check a file and put it on the disk. `Refused` when it is not one of these kinds, OSError without room."""
    found = filetypes.recognise(content, name)
    if found.media_type not in kinds:
        raise Refused(
            _("Only pictures are taken here: PNG, JPEG, WebP or GIF.")
            if kinds == PICTURES
            else _("This kind of file does not belong here.")
        )
    digest = hashlib.sha256(found.content).hexdigest()
    with _locked(fcntl.LOCK_SH):
        _write(path_of(digest), found.content)
    return Upload(digest, found.media_type, len(found.content), found.name)


def take_back(content: bytes) -> None:
    """Put a file on the disk that lay there before, as a backup holds it: it was checked when it came."""
    with _locked(fcntl.LOCK_SH):
        _write(path_of(hashlib.sha256(content).hexdigest()), content)


@contextmanager
def unswept() -> Iterator[None]:
    """Keep every file that is there for the length of a block, although nothing may refer to it any more."""
    with _locked(fcntl.LOCK_SH):
        yield


def path_of(digest: str) -> Path:
    """Where the content lies."""
    return _folder() / digest[:2] / digest


def derived(digest: str, name: str, make: Callable[[Path], bytes]) -> Path:
    """The file of that name made from a stored one, such as a picture's smaller size; made when it is not there yet."""
    whole, path = path_of(digest), _folder() / SIZES / digest[:2] / f"{digest}-{name}"
    if path.is_file():
        return path
    if not whole.is_file():
        log.error("the file %s is missing", digest)
        raise NotFound("file", digest)
    content = make(whole)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return whole  # readers go on seeing it, if larger than it need be, while there is no room
    return path


def most_bytes() -> int:
    """How large a file may be."""
    return int(current_app.config["PORTAL_MAX_UPLOAD_MB"]) * MEGABYTE


def sent(digest: str, name: str, *, is_public: bool, inline: bool = False) -> Response:
    """The file as an answer: to be saved, or, if it is a picture that we drew and `inline`, to be shown.

    Whoever calls this has asked already whether the reader may have it. HEAD, Range and ETag are answered likewise.
    """
    stored = db.session.get(StoredFile, digest)
    path = path_of(digest)
    if stored is None or not path.is_file():
        log.error("the file %s is missing", digest)
        raise NotFound("file", digest)
    return answer(path, stored.media_type, name, digest, is_public=is_public, inline=inline)


def answer(path: Path, media_type: str, name: str, tag: str, *, is_public: bool, inline: bool) -> Response:
    """A file of ours as an answer, with the headers that keep it from acting in a browser."""
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=not (inline and media_type in PICTURES),
        download_name=name,
        etag=tag,
        conditional=True,
    )
    headers = response.headers
    headers["Cache-Control"] = "private, no-store"
    if is_public and not web.has_session():
        headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    headers["Content-Security-Policy"] = POLICY
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    return response


class UploadField(FileField):
    """A file to be sent. After the form was found right, `upload` is the file on the disk; none if none was chosen."""

    def __init__(self, label: Any = None, *, kinds: frozenset[str] = DOCUMENTS, is_required: bool = True, **more: Any):
        super().__init__(label, **more)
        self.kinds = kinds
        self.is_required = is_required
        self.upload: Upload | None = None
        endings = sorted(ending for kind in kinds for ending in filetypes.ENDINGS[kind])
        self.render_kw: dict[str, str] = {
            "accept": ",".join(f".{ending}" for ending in [*endings, *(["gif"] if kinds >= PICTURES else [])]),
            "data-max-bytes": str(most_bytes()),
            "data-too-large": too_large(),
        }

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.is_required and self._chosen() is None:
            raise StopValidation(_("Choose a file."))

    def put(self) -> None:
        """Check the file that was chosen and put it on the disk. `Refused`, or OSError without room."""
        chosen = self._chosen()
        if chosen is None:
            return
        content = chosen.stream.read(most_bytes() + 1)
        if len(content) > most_bytes():
            raise Refused(too_large())
        self.upload = put(content, chosen.filename or "", self.kinds)

    @property
    def taken(self) -> Upload:
        """The file of a field that requires one, once the form was found right."""
        assert self.upload is not None
        return self.upload

    def _chosen(self) -> FileStorage | None:
        return self.data if isinstance(self.data, FileStorage) and self.data.filename else None


class UploadForm(PortalForm):
    """A form with files. They are put on the disk last, when everything else about the form is right.

    `status` is what to answer a form that was not taken: 422, or 503 where the disk is full.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.lacks_room = False
        super().__init__(*arguments, **options)

    def validate(self, *arguments: Any, **options: Any) -> bool:
        if not super().validate(*arguments, **options):
            self._check_only()
            return False
        put = [self._put(field) for field in self._uploads()]  # each says what is wrong with it
        return all(put)

    @property
    def status(self) -> int:
        if self.lacks_room:
            return 503
        return 422 if self.errors else 200

    def _uploads(self) -> list[UploadField]:
        return [field for field in self if isinstance(field, UploadField)]

    def _check_only(self) -> None:
        """Say at once that a file has to be chosen anew: browsers do not keep the choice over an answer."""
        for field in self._uploads():
            if field.data and not field.errors:
                field.errors = [_("Choose the file again: the form came back because of something else.")]

    def _put(self, field: UploadField) -> bool:
        try:
            field.put()
        except Refused as refusal:
            field.errors = [str(refusal)]
        except OSError as error:
            log.exception("a file could not be kept")
            if error.errno not in NO_ROOM:
                raise
            self.lacks_room = True
            field.errors = [_("There is no room for files on the server just now. Nothing was saved; try again later.")]
        return not field.errors


def too_large() -> str:
    """Said of a file that is larger than we take."""
    return _("The file is too large: at most %(size)s MB.", size=most_bytes() // MEGABYTE)


def sweep(now: datetime) -> None:
    """Forget what nothing refers to: files that have no row, then rows, whose files go the next time.

    In this order, for a transaction that fails brings rows back and no files.
    """
    if _is_due():
        _sweep_files()
    unused = [StoredFile.digest.not_in(select(column).where(column.is_not(None))) for column in _references]
    db.session.execute(delete(StoredFile).where(StoredFile.entered_at < now - KEPT_UNUSED, *unused))


def _is_due() -> bool:
    """Whether it is time to look through the folder; that is not cheap in a large one."""
    mark = _folder() / ".swept"
    if not _folder().is_dir() or (mark.is_file() and time.time() - mark.stat().st_mtime < SWEPT_EVERY.total_seconds()):
        return False
    mark.touch()
    return True


def _sweep_files() -> None:
    with _locked(fcntl.LOCK_EX):
        known = set(db.session.scalars(select(StoredFile.digest)))
        for path in _folder().glob("??/*"):
            if path.name not in known and _is_old(path):
                path.unlink(missing_ok=True)
        for path in _folder().glob(f"{SIZES}/??/*"):
            if path.name[:DIGEST_LENGTH] not in known:
                path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > KEPT_UNUSED.total_seconds()


def _folder() -> Path:
    return Path(current_app.config["PORTAL_UPLOADS"])


@contextmanager
def _locked(how: int) -> Iterator[None]:
    """Keep those who put files and the one who sweeps apart: a file sent again just now must not be swept."""
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / ".lock").open("a") as file:
        fcntl.flock(file, how)
        yield


def _write(path: Path, content: bytes) -> None:
    """The file, whole or not at all, also when the power fails in the middle."""
    if path.is_file() and path.stat().st_size == len(content):
        os.utime(path)
        return
    if not path.parent.is_dir():
        path.parent.mkdir(exist_ok=True)
        _sync(path.parent.parent)
    beside = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
