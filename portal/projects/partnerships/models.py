"""What partners ask each other about a project: to take part in it, or to coordinate it from now on."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.db import Model
from portal.partners.models import Partner
from portal.projects.models import Project, Role


class Wish(StrEnum):
    """Who asks for what: the project invites a partner, a partner asks to take part, coordination is to pass on."""

    INVITATION = "invitation"
    REQUEST = "request"
    TRANSFER = "transfer"


class ProposalState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PartnershipProposal(Model):
    """A question between a project and a partner. Only its answer makes or changes a participation."""

    __tablename__ = "partnership_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    wish: Mapped[Wish]
    role: Mapped[Role]
    message: Mapped[str] = mapped_column(default="")
    budget_share: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    budget_currency: Mapped[str] = mapped_column(String(3), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.PENDING, index=True)
    reason: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_at: Mapped[datetime]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    handled_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[Account | None] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])

    # One open question for each project and partner.
    __table_args__ = (
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refusal_has_reason"),
        Index(
            "uq_partnership_proposal_pending",
            "project_id",
            "partner_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )
