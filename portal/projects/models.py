"""Joint projects and who takes part in them (CERIF Project, schema.org Project)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.bilingual import Bilingual
from portal.core.dates import PartialDate, Precision
from portal.core.db import Model
from portal.core.freshness import Confirmable
from portal.core.provenance import Imported
from portal.core.slugs import MAX_LENGTH
from portal.core.sorting import MAX_LENGTH as SORT_LENGTH
from portal.core.themes import Theme
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.projects.vocabulary import (
    Barrier,
    BarrierState,
    FundingKind,
    FundingState,
    Health,
    Kind,
    MunicipalityRole,
    Role,
    Severity,
    State,
    TeamRole,
    Visibility,
)

# Whoever speaks of projects finds the words beside the models.
__all__ = [
    "Barrier",
    "BarrierState",
    "FundingKind",
    "FundingState",
    "Health",
    "Kind",
    "MunicipalityRole",
    "Role",
    "Severity",
    "State",
    "TeamRole",
    "Visibility",
]


class Project(Bilingual, Imported, Confirmable, Model):
    """A joint project.

    `state` is empty where an imported source does not say; `source_state` then keeps the source's
    own word. The lifecycle's demands bind editing, not history. `confirmed_partner_id` is the partner in whose name
    its facts were confirmed last.
    """

    __tablename__ = "project"

    pairs = (
        "title",
        "summary",
        "challenge",
        "objective",
        "expected_change",
        "lessons_failed",
        "lessons_copy",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    acronym: Mapped[str] = mapped_column(String(60), default="")
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    sort_key: Mapped[str] = mapped_column(String(SORT_LENGTH), index=True)
    summary_da: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(default="")
    challenge_da: Mapped[str] = mapped_column(default="")
    challenge_en: Mapped[str] = mapped_column(default="")
    objective_da: Mapped[str] = mapped_column(default="")
    objective_en: Mapped[str] = mapped_column(default="")
    expected_change_da: Mapped[str] = mapped_column(default="")
    expected_change_en: Mapped[str] = mapped_column(default="")
    lessons_failed_da: Mapped[str] = mapped_column(default="")
    lessons_failed_en: Mapped[str] = mapped_column(default="")
    lessons_copy_da: Mapped[str] = mapped_column(default="")
    lessons_copy_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[Kind | None] = mapped_column(index=True)
    state: Mapped[State | None] = mapped_column(index=True)
    source_state: Mapped[str] = mapped_column(String(80), default="")
    cancelled_reason: Mapped[str] = mapped_column(default="")
    health: Mapped[Health | None]
    health_sentence_da: Mapped[str] = mapped_column(default="")
    health_sentence_en: Mapped[str] = mapped_column(default="")
    health_at: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.MEMBERS, index=True)
    starts_on: Mapped[date | None] = mapped_column(index=True)
    starts_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    ends_on: Mapped[date | None]
    ends_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    total_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    total_cost_currency: Mapped[str] = mapped_column(String(3), default="")
    actual_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    actual_cost_currency: Mapped[str] = mapped_column(String(3), default="")
    shares_currency: Mapped[str] = mapped_column(String(3), default="")
    shares_visibility: Mapped[Visibility] = mapped_column(default=Visibility.MEMBERS)
    costs_visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    lessons_visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    website: Mapped[str] = mapped_column(default="")
    confirmed_partner_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id, ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    themes: Mapped[list["ProjectTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    barriers: Mapped[list["ProjectBarrier"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    participations: Mapped[list["Participation"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    team: Mapped[list["TeamMember"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    municipalities: Mapped[list["ProjectMunicipality"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )
    funding: Mapped[list["Funding"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    work_packages: Mapped[list["WorkPackage"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    milestones: Mapped[list["Milestone"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    deliverables: Mapped[list["Deliverable"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    updates: Mapped[list["Update"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    results: Mapped[list["Result"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    @property
    def starts(self) -> PartialDate | None:
        return PartialDate.of(self.starts_on, self.starts_precision)

    @property
    def ends(self) -> PartialDate | None:
        return PartialDate.of(self.ends_on, self.ends_precision)


class ProjectTheme(Model):
    __tablename__ = "project_theme"

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True, index=True)


class ProjectBarrier(Model):
    __tablename__ = "project_barrier"

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    barrier: Mapped[Barrier] = mapped_column(primary_key=True, index=True)


class BarrierNote(Bilingual, Model):
    """What a barrier is in a project, and whether it still stands in the way.

    A table of its own: a barrier that is taken off the project and chosen again finds its note where it was.
    """

    __tablename__ = "project_barrier_note"

    pairs = ("note",)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    barrier: Mapped[Barrier]
    note_da: Mapped[str] = mapped_column(String(300), default="")
    note_en: Mapped[str] = mapped_column(String(300), default="")
    severity: Mapped[Severity | None]
    state: Mapped[BarrierState] = mapped_column(default=BarrierState.OPEN)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("project_id", "barrier"),)
    __mapper_args__ = {"version_id_col": version}


class Participation(Imported, Model):
    """A partner's part in a project. `source_role` is kept where the source has a word of its own.

    One that has left stays to be read of, and opens nothing any more.
    """

    __tablename__ = "participation"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id), index=True)
    role: Mapped[Role | None] = mapped_column(index=True)
    source_role: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    left_at: Mapped[datetime | None]
    budget_share: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))

    project: Mapped[Project] = relationship(lazy="raise_on_sql", back_populates="participations")
    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("project_id", "partner_id"),
        Index(
            "uq_participation_coordinator",
            "project_id",
            unique=True,
            sqlite_where=text("role = 'coordinator'"),
            postgresql_where=text("role = 'coordinator'"),
        ),
    )


class TeamMember(Model):
    """A person who works in one project; also somebody outside the partners that take part may be let in so."""

    __tablename__ = "team_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    role: Mapped[TeamRole]
    since: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("project_id", "account_id"),)


class ProjectMunicipality(Model):
    """A municipality that the project takes place in or is followed by."""

    __tablename__ = "project_municipality"

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), primary_key=True, index=True)
    role: Mapped[MunicipalityRole]

    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql")


class Funding(Imported, Model):
    """Money from one funder. The project's total cost is a figure of its own and never mixed with it."""

    __tablename__ = "funding"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    funder: Mapped[str] = mapped_column(String(200), default="", index=True)
    programme: Mapped[str] = mapped_column(String(200), default="")
    grant_number: Mapped[str] = mapped_column(String(60), default="")
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    kind: Mapped[FundingKind] = mapped_column(default=FundingKind.GRANT)
    state: Mapped[FundingState | None]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("amount IS NULL OR currency <> ''", name="amount_has_currency"),)


class WorkPackage(Bilingual, Model):
    """A part of the work: who leads it, when, how much it weighs and how far it is.

    `progress` is what the project says itself, in percent; without it the work package's milestones and deliverables
    tell (see `plan.progress`).
    """

    __tablename__ = "work_package"

    pairs = ("title", "description")

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(10), default="")
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    description_da: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    weight: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=1)
    progress: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("progress IS NULL OR progress BETWEEN 0 AND 100", name="progress_in_percent"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
    )
    __mapper_args__ = {"version_id_col": version}


class Milestone(Bilingual, Model):
    __tablename__ = "milestone"

    pairs = ("title", "verification")

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    work_package_id: Mapped[int | None] = mapped_column(ForeignKey(WorkPackage.id, ondelete="SET NULL"), index=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    verification_da: Mapped[str] = mapped_column(default="")
    verification_en: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Deliverable(Bilingual, Model):
    __tablename__ = "deliverable"

    pairs = ("title",)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    work_package_id: Mapped[int | None] = mapped_column(ForeignKey(WorkPackage.id, ondelete="SET NULL"), index=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    type: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    url: Mapped[str] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Update(Bilingual, Model):
    """A dated word from the project, in Markdown; signed by the partner that wrote it, never by a person."""

    __tablename__ = "project_update"

    pairs = ("title", "body")

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    body_da: Mapped[str] = mapped_column(default="")
    body_en: Mapped[str] = mapped_column(default="")
    dated: Mapped[date]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id), index=True)
    withdrawn_at: Mapped[datetime | None]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Result(Bilingual, Model):
    """What came of it: a claim, and the figures and evidence behind it."""

    __tablename__ = "result"

    pairs = ("claim", "indicator")

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    claim_da: Mapped[str] = mapped_column(default="")
    claim_en: Mapped[str] = mapped_column(default="")
    indicator_da: Mapped[str] = mapped_column(String(200), default="")
    indicator_en: Mapped[str] = mapped_column(String(200), default="")
    baseline: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    value: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    unit: Mapped[str] = mapped_column(String(60), default="")
    evidence_url: Mapped[str] = mapped_column(default="")
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey(Deliverable.id, ondelete="SET NULL"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"), index=True)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ProjectRelation(Model):
    """How two projects hang together: part of, continues, adopted from."""

    __tablename__ = "project_relation"

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    related_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)

    __table_args__ = (
        CheckConstraint("kind IN ('part_of', 'continues', 'adopted_from')", name="kind"),
        CheckConstraint("project_id <> related_id", name="not_itself"),
    )
