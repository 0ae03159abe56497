"""A project's documents, and every version of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.bilingual import Bilingual
from portal.core.db import Model
from portal.core.uploads import DIGEST_LENGTH, NAME_LENGTH, StoredFile, referred_to_by
from portal.projects.models import Project, Visibility

NOTE_LENGTH = 300


class Document(Bilingual, Model):
    """Something to read that a project keeps. A deleted one can be brought back for a while."""

    __tablename__ = "document"

    pairs = ("title", "description")

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    description_da: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.MEMBERS)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    versions: Mapped[list["DocumentVersion"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="DocumentVersion.number.desc()"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def current(self) -> "DocumentVersion":
        return self.versions[0]


class DocumentVersion(Model):
    """One state of a document. It is never changed: going back to it makes a new one of the same file."""

    __tablename__ = "document_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id, ondelete="CASCADE"), index=True)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), ForeignKey(StoredFile.digest), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    uploaded_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
    uploaded_by: Mapped[Account | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("document_id", "number"),)


referred_to_by(DocumentVersion.digest)
