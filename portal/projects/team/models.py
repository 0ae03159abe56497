"""A project shared with one person outside its partners: the mailed question, before it is answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import EMAIL_LENGTH, Account, AskState
from portal.core.db import Model
from portal.projects.models import Project, TeamRole

UNANSWERED = (AskState.PENDING, AskState.EXPIRED)


class ProjectInvitation(Model):
    """Asks a person, by e-mail, to work in one project without acting for any of its partners."""

    __tablename__ = "project_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    role: Mapped[TeamRole]
    state: Mapped[AskState] = mapped_column(default=AskState.PENDING, index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(lazy="raise_on_sql")

    # One open question for each address and project: sending again renews it.
    __table_args__ = (
        Index(
            "uq_project_invitation_pending",
            "project_id",
            "email",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )
