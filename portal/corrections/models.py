"""What readers say is wrong on a profile or a project."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model
from portal.partners.models import Partner
from portal.projects.models import Project

EMAIL_LENGTH = 254


class Correction(Model):
    """One hint. The address of who gave it is kept until it is closed and no longer."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    text: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), default="")
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")

    partner: Mapped[Partner | None] = relationship(lazy="raise_on_sql")
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (CheckConstraint("(partner_id IS NULL) <> (project_id IS NULL)", name="one_subject"),)
