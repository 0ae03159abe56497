"""How far each municipality has come: the framework, what it is judged by, and every assessment there ever was."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.bilingual import Bilingual
from portal.core.db import Model
from portal.core.provenance import Imported
from portal.core.slugs import MAX_LENGTH
from portal.municipalities.models import Indicator, Municipality
from portal.partners.models import Partner

STAGES = range(5)
"""No activity, plan, do, follow up, improve. Unknown is none of them."""

_A_STAGE = "stage BETWEEN 0 AND 4"


class Framework(Model):
    """One version of the dimensions and stages. It stands unchanged from the first assessment made by it.

    Without a day on which it began it is a draft, made out of the version `based_on_id`.
    """

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(20), unique=True)
    valid_from: Mapped[date | None]
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("framework.id"))

    @property
    def is_draft(self) -> bool:
        return self.valid_from is None


class Dimension(Bilingual, Imported, Model):
    """What a municipality is looked at for, in one version. `refers_to`: themes of other frameworks."""

    __tablename__ = "dimension"

    pairs = ("name", "asks")

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey(Framework.id))
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH))
    position: Mapped[int]
    name_da: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    asks_da: Mapped[str]
    asks_en: Mapped[str]
    refers_to: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    framework: Mapped[Framework] = relationship(lazy="raise_on_sql")
    stages: Mapped[list["StageMeaning"]] = relationship(lazy="raise_on_sql", order_by="StageMeaning.stage")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("framework_id", "slug"),)


class StageMeaning(Model):
    """What a stage means in one dimension."""

    __tablename__ = "stage_meaning"

    id: Mapped[int] = mapped_column(primary_key=True)
    dimension_id: Mapped[int] = mapped_column(ForeignKey(Dimension.id))
    stage: Mapped[int]
    meaning_da: Mapped[str]
    meaning_en: Mapped[str]

    __table_args__ = (UniqueConstraint("dimension_id", "stage"), CheckConstraint(_A_STAGE, name="stage"))


class StageRule(Bilingual, Imported, Model):
    """What a register must say of a municipality for it to have come at least so far. Without words it is withdrawn."""

    __tablename__ = "stage_rule"

    pairs = ("sentence",)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    position: Mapped[int]
    dimension_id: Mapped[int] = mapped_column(ForeignKey(Dimension.id), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey(Indicator.id), index=True)
    words: Mapped[str] = mapped_column(default="")
    stage: Mapped[int]
    holds_years: Mapped[int]
    sentence_da: Mapped[str]
    sentence_en: Mapped[str]

    dimension: Mapped[Dimension] = relationship(lazy="raise_on_sql")
    indicator: Mapped[Indicator] = relationship(lazy="raise_on_sql")

    __table_args__ = (CheckConstraint(_A_STAGE, name="stage"),)


class Basis(StrEnum):
    """Who judged, or what."""

    SELF = "self"
    STAFF = "staff"
    REGISTER = "register"
    VERIFIED = "verified"


class State(StrEnum):
    """Where an assessment is between being written and being replaced by the next."""

    DRAFT = "draft"
    SENT = "sent"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    NO_REPLY = "no_reply"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Reply(StrEnum):
    """What the municipality answered when it was asked."""

    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    NONE = "none"


class ReplyRequest(Model):
    """What a municipality was sent to answer: some of its cells, by one mail with one secret link.

    `replied_by` is who answered, for the staff alone. `bounced_at`: the mailbox was not there, so nobody was asked.
    Once closed the link takes no answer any more.
    """

    __tablename__ = "reply_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(2))
    message: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    answer_by: Mapped[date] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None]

    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql")
    assessments: Mapped[list["Assessment"]] = relationship(
        lazy="raise_on_sql", back_populates="request", order_by="Assessment.id"
    )


class Assessment(Model):
    """How far a municipality has come in a dimension, as judged on a day. Never rewritten: the next one supersedes it.

    `stage` is none where it was judged that nobody knows. `is_least`: it may have come further.
    `partner_id` is the municipality's own profile, where its people judged. `request_id` is how it was last sent.
    `fingerprint` tells the judgements of the register's rules apart.
    """

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), index=True)
    dimension_id: Mapped[int] = mapped_column(ForeignKey(Dimension.id), index=True)
    stage: Mapped[int | None]
    is_least: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[Basis]
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    assessed_on: Mapped[date]
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    valid_until: Mapped[date | None]
    published_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    partner_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id), index=True)
    remark_da: Mapped[str] = mapped_column(default="")
    remark_en: Mapped[str] = mapped_column(default="")
    request_id: Mapped[int | None] = mapped_column(ForeignKey(ReplyRequest.id), index=True)
    reply: Mapped[Reply | None]
    replied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql")
    dimension: Mapped[Dimension] = relationship(lazy="raise_on_sql")
    request: Mapped[ReplyRequest | None] = relationship(lazy="raise_on_sql", back_populates="assessments")
    dispute: Mapped["Dispute | None"] = relationship(lazy="raise_on_sql")
    evidence: Mapped[list["Evidence"]] = relationship(lazy="raise_on_sql", order_by="Evidence.position")

    __mapper_args__ = {"version_id_col": version}
    # At most one holds for a municipality in a dimension.
    __table_args__ = (
        CheckConstraint(_A_STAGE, name="stage"),
        Index(
            "uq_assessment_published",
            "municipality_id",
            "dimension_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )


class EvidenceKind(StrEnum):
    """What somebody points to."""

    REGISTER = "register"
    URL = "url"
    DOCUMENT = "document"
    PROJECT = "project"
    DATASET = "dataset"


class Evidence(Model):
    """What an assessment rests on. A copy of what was so then: the register and the rule may change later."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey(Assessment.id, ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[EvidenceKind]
    stage: Mapped[int | None]
    sentence_da: Mapped[str] = mapped_column(default="")
    sentence_en: Mapped[str] = mapped_column(default="")
    rule: Mapped[str] = mapped_column(String(MAX_LENGTH), default="")
    indicator: Mapped[str] = mapped_column(String(MAX_LENGTH), default="")
    value: Mapped[str] = mapped_column(String(200), default="")
    period: Mapped[str] = mapped_column(String(40), default="")
    url: Mapped[str] = mapped_column(default="")
    source_name: Mapped[str] = mapped_column(String(200), default="")
    retrieved: Mapped[str] = mapped_column(String(200), default="")


class Dispute(Model):
    """What a municipality says against an assessment, shown beside it; `note` is what the editors answered."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey(Assessment.id, ondelete="CASCADE"), unique=True)
    stage: Mapped[int | None]
    reason: Mapped[str]
    language: Mapped[str] = mapped_column(String(2))
    urls: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    note_da: Mapped[str] = mapped_column(default="")
    note_en: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint(_A_STAGE, name="stage"),)

    @property
    def addresses(self) -> list[str]:
        """Where its evidence can be read."""
        return self.urls.split()
