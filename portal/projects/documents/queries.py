"""What pages ask about documents; every answer starts from what the actor may see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.core.db import AnySelect, db, read
from portal.core.errors import NotFound
from portal.core.permissions import VISITOR, Actor
from portal.core.uploads import StoredFile
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.documents.permissions import documents_seen_by
from portal.projects.models import Project

RESTORABLE = timedelta(days=30)
_PEOPLE = (selectinload(Project.participations), selectinload(Project.team))
_VERSIONS = selectinload(Document.versions).options(
    joinedload(DocumentVersion.file), joinedload(DocumentVersion.uploaded_by)
)


def of_project(project_id: int, actor: Actor) -> Sequence[Document]:
    """The project's documents that the actor may see, each with its versions; those changed last first."""
    statement = (
        select(Document)
        .join(Document.project)
        .where(Document.project_id == project_id, documents_seen_by(actor))
        .options(contains_eager(Document.project).options(*_PEOPLE), _VERSIONS)
    )
    found = db.session.scalars(statement).unique().all()
    return sorted(found, key=lambda one: one.current.uploaded_at, reverse=True)


def titles_of(project_id: int, actor: Actor) -> Sequence[Any]:
    """The titles of the project's documents that the actor may see, by their id: to choose one from."""
    titles = select(Document.id, Document.title_da, Document.title_en).join(Document.project)
    mine = titles.where(Document.project_id == project_id, documents_seen_by(actor))
    return read(mine.order_by(Document.created_at, Document.id)).all()


def shown_of(project_id: int, actor: Actor) -> Sequence[Any]:
    """For the project's public page: the documents with their newest version, as rows of columns."""
    mine = Document.project_id == bindparam("project_id")
    return read(_shown(actor).where(mine), project_id=project_id).all()


def shown_in(project_ids: Collection[int], actor: Actor) -> dict[int, list[Any]]:
    """Project → its documents as `shown_of` gives them, of several at once."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in read(_shown(actor).where(Document.project_id.in_(project_ids))):
        found[row.project_id].append(row)
    return found


@lru_cache(maxsize=128)
def _shown(actor: Actor) -> AnySelect:
    """Documents with their newest version that the actor may see on the pages of their projects."""
    newest = (
        select(DocumentVersion.document_id, func.max(DocumentVersion.number).label("number"))
        .group_by(DocumentVersion.document_id)
        .subquery()
    )
    return (
        select(
            Document.id,
            Document.project_id,
            Document.title_da,
            Document.title_en,
            Document.description_da,
            Document.description_en,
            Document.visibility,
            DocumentVersion.number,
            DocumentVersion.name,
            DocumentVersion.uploaded_at,
            StoredFile.media_type,
            StoredFile.size,
        )
        .join(Document.project)
        .join(newest, newest.c.document_id == Document.id)
        .join(
            DocumentVersion,
            (DocumentVersion.document_id == Document.id) & (DocumentVersion.number == newest.c.number),
        )
        .join(DocumentVersion.file)
        .where(documents_seen_by(actor))
        .order_by(DocumentVersion.uploaded_at.desc())
    )


def one(slug: str, document_id: int, actor: Actor) -> Document:
    """A document with its versions and its project. `NotFound` when it may not be seen."""
    statement = (
        select(Document)
        .join(Document.project)
        .where(Document.id == document_id, Project.slug == slug, documents_seen_by(actor))
        .options(contains_eager(Document.project).options(*_PEOPLE), _VERSIONS)
    )
    document = db.session.scalars(statement).unique().one_or_none()
    if document is None:
        raise NotFound("document", document_id)
    return document


def version_of(document: Document, number: int) -> DocumentVersion:
    """One of the document's versions, or `NotFound`."""
    for version in document.versions:
        if version.number == number:
            return version
    raise NotFound("document version", number)


def deleted_of(project: Project, *, now: datetime) -> Sequence[Document]:
    """The documents that can still be brought back, the last deleted first; for those who may."""
    statement = (
        select(Document)
        .where(Document.project_id == project.id, Document.deleted_at > now - RESTORABLE)
        .options(joinedload(Document.project).options(*_PEOPLE), _VERSIONS)
        .order_by(Document.deleted_at.desc())
    )
    return db.session.scalars(statement).unique().all()


def deleted_one(project: Project, document_id: int, *, now: datetime) -> Document:
    """One of these, or `NotFound`."""
    for document in deleted_of(project, now=now):
        if document.id == document_id:
            return document
    raise NotFound("document", document_id)


def public_titles(project_ids: Collection[int] | None) -> Mapping[int, str]:
    """Project → the titles of its documents that everybody may read, for its search document."""
    statement = (
        select(Document.project_id, Document.title_da, Document.title_en)
        .join(Document.project)
        .where(documents_seen_by(VISITOR))
        .order_by(Document.id)
    )
    if project_ids is not None:
        statement = statement.where(Document.project_id.in_(project_ids))
    titles: dict[int, list[str]] = defaultdict(list)
    for project_id, da, en in db.session.execute(statement):
        titles[project_id] += [title for title in (da, en) if title]
    return {project_id: "\n".join(words) for project_id, words in titles.items()}
