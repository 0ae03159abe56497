"""What people do with a project's documents."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from portal.core import audit, uploads
from portal.core.bilingual import chosen
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor, require
from portal.core.uploads import Upload
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.documents.permissions import is_private_reading
from portal.projects.documents.queries import RESTORABLE
from portal.projects.models import Project, Visibility
from portal.search.outbox import touch

WIDTH = (Visibility.MEMBERS, Visibility.PARTNERS, Visibility.PUBLIC)


@dataclass(frozen=True, slots=True)
class DocumentDetails:
    title_da: str
    title_en: str
    description_da: str
    description_en: str
    visibility: Visibility

    @property
    def texts(self) -> dict[str, str]:
        return {
            "title_da": self.title_da,
            "title_en": self.title_en,
            "description_da": self.description_da,
            "description_en": self.description_en,
        }


def add(
    project: Project, details: DocumentDetails, upload: Upload, note: str, *, actor: Actor, now: datetime
) -> Document:
    """Give the project a document with its first version. Without a title it is called what its file is called."""
    require(actor, "documents.keep", project)
    texts = details.texts
    if not (details.title_da or details.title_en):
        texts[f"title_{chosen()}"] = PurePosixPath(upload.name).stem[:200]
    document = Document(project_id=project.id, visibility=details.visibility, created_at=now).write(now, **texts)
    db.session.add(document)
    db.session.flush()
    _enter(document, upload, note, number=1, actor=actor, now=now)
    _trace(document, "document.added", actor, now, name=("", upload.name))
    touch("project", project.id)
    return document


def revise(document: Document, details: DocumentDetails, *, actor: Actor, now: datetime) -> None:
    """Say anew what the document is and who may see it."""
    require(actor, "documents.keep", document.project)
    changes = {
        name: (getattr(document, name), value)
        for name, value in {**details.texts, "visibility": details.visibility}.items()
        if getattr(document, name) != value
    }
    if not changes:
        return
    document.write(now, **details.texts)
    document.visibility = details.visibility
    _trace(document, "document.revised", actor, now, **changes)
    touch("project", document.project_id)


def send_version(document: Document, upload: Upload, note: str, *, actor: Actor, now: datetime) -> None:
    """Put a new file in front of the ones before, which stay."""
    require(actor, "documents.keep", document.project)
    number = document.current.number + 1
    _enter(document, upload, note, number=number, actor=actor, now=now)
    _trace(document, "document.version_sent", actor, now, version=(number - 1, number), name=("", upload.name))
    touch("project", document.project_id)


def go_back_to(document: Document, version: DocumentVersion, *, actor: Actor, now: datetime) -> None:
    """Make an old version the newest one: a new version of the same file."""
    require(actor, "documents.keep", document.project)
    if version.number == document.current.number:
        return
    number = document.current.number + 1
    again = Upload(version.digest, version.file.media_type, version.file.size, version.name)
    _enter(document, again, version.note, number=number, actor=actor, now=now)
    _trace(document, "document.version_restored", actor, now, version=(version.number, number))
    touch("project", document.project_id)


def delete(document: Document, *, actor: Actor, now: datetime) -> None:
    """Take the document away from everybody; it can be brought back for 30 days."""
    require(actor, "document.delete", document)
    if document.deleted_at is not None:
        return
    document.deleted_at = now
    _trace(document, "document.deleted", actor, now)
    touch("project", document.project_id)


def restore(document: Document, *, actor: Actor, now: datetime) -> None:
    """Bring a deleted document back. `NotFound` when it is too late."""
    require(actor, "documents.restore", document.project)
    if document.deleted_at is None:
        return
    if document.deleted_at <= now - RESTORABLE:
        raise NotFound("document", document.id)
    document.deleted_at = None
    _trace(document, "document.restored", actor, now)
    touch("project", document.project_id)


def note_reading(documents: list[Document], *, actor: Actor, now: datetime) -> None:
    """Leave a trace where staff read what is not public."""
    read = [one for one in documents if is_private_reading(actor, one)]
    if read:
        titles = "; ".join(_title(one) for one in read)
        audit.record(actor, "document.read", "project", read[0].project_id, {"document": ("", titles)}, now=now)


def _enter(document: Document, upload: Upload, note: str, *, number: int, actor: Actor, now: datetime) -> None:
    uploads.enter(upload, now=now)
    db.session.add(
        DocumentVersion(
            document_id=document.id,
            number=number,
            digest=upload.digest,
            name=upload.name,
            note=note,
            uploaded_by_id=actor.account_id,
            uploaded_at=now,
        )
    )
    db.session.flush()


def _trace(document: Document, action: str, actor: Actor, now: datetime, **changes: tuple[object, object]) -> None:
    called = _title(document)
    here = {"document": (called, called), audit.PART: (document.id, document.id)}
    audit.record(actor, action, "project", document.project_id, {**here, **changes}, now=now)


def _title(document: Document) -> str:
    return document.title_da or document.title_en
