"""Webinars (schema.org Event), the series they belong to, what is on their programme, and their recordings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.bilingual import Bilingual
from portal.core.db import Model
from portal.core.provenance import Imported
from portal.core.slugs import MAX_LENGTH
from portal.core.themes import Theme
from portal.core.uploads import DIGEST_LENGTH, NAME_LENGTH, StoredFile, referred_to_by
from portal.editorial.models import Edited
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.projects.models import Project

RETENTION_DAYS = 90
NAME = 200


class State(StrEnum):
    """What staff decide. Live and held follow from the clock, full from the registrations."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    REFUSED = "refused"
    ANNOUNCED = "announced"
    OPEN = "open"
    RECORDED = "recorded"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


class SeriesState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Series(Bilingual, Imported, Model):
    """Webinars that belong together; also one of which no dates are reported. Names as in `Webinar`."""

    __tablename__ = "webinar_series"

    pairs = ("title", "summary")

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    title_da: Mapped[str] = mapped_column(String(NAME), default="")
    title_en: Mapped[str] = mapped_column(String(NAME), default="")
    summary_da: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(default="")
    state: Mapped[SeriesState] = mapped_column(default=SeriesState.DRAFT, index=True)
    host_names: Mapped[str] = mapped_column(default="")
    speaker_names: Mapped[str] = mapped_column(default="")
    info_url: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    themes: Mapped[list["SeriesTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    partners: Mapped[list["SeriesPartner"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="SeriesPartner.partner_id"
    )
    projects: Mapped[list["SeriesProject"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="SeriesProject.project_id"
    )

    __mapper_args__ = {"version_id_col": version}


class SeriesTheme(Model):
    __tablename__ = "webinar_series_theme"

    series_id: Mapped[int] = mapped_column(ForeignKey(Series.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True, index=True)


class SeriesPartner(Model):
    """A partner that holds the series, or takes part in it."""

    __tablename__ = "webinar_series_partner"

    series_id: Mapped[int] = mapped_column(ForeignKey(Series.id, ondelete="CASCADE"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id), primary_key=True, index=True)
    is_host: Mapped[bool] = mapped_column(default=False)

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")


class SeriesProject(Model):
    __tablename__ = "webinar_series_project"

    series_id: Mapped[int] = mapped_column(ForeignKey(Series.id, ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), primary_key=True, index=True)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class Webinar(Bilingual, Imported, Edited, Model):
    """A webinar.

    `held_on` is its day in its own zone; `starts_at` is empty where the hour is not known, and
    both are empty where the source gives no date; `previous_starts_at` is when it was to begin before it was moved.
    Organisers that are no partners stand in `host_names`, speakers' organisations in `speaker_names`, parted by
    semicolons; `languages` are codes, parted likewise. The pair `reason` says why it was called off.

    `join_url` is for those who are registered alone: it is not loaded with a webinar, and whoever
    needs it asks for it (`undefer`). Registrations are forgotten `retention_days` after the webinar's end.
    """

    __tablename__ = "webinar"

    pairs = ("title", "abstract", "reason")

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    abstract_da: Mapped[str] = mapped_column(default="")
    abstract_en: Mapped[str] = mapped_column(default="")
    reason_da: Mapped[str] = mapped_column(String(300), default="")
    reason_en: Mapped[str] = mapped_column(String(300), default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey(Series.id), index=True)
    state: Mapped[State] = mapped_column(default=State.DRAFT, index=True)
    publish_at: Mapped[datetime | None]
    held_on: Mapped[date | None] = mapped_column(index=True)
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    previous_starts_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(60), default="")
    languages: Mapped[str] = mapped_column(String(20), default="")
    host_names: Mapped[str] = mapped_column(default="")
    speaker_names: Mapped[str] = mapped_column(default="")
    info_url: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    join_url: Mapped[str] = mapped_column(default="", deferred=True, deferred_raiseload=True)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    retention_days: Mapped[int] = mapped_column(default=RETENTION_DAYS)
    recording_url: Mapped[str] = mapped_column(default="")
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    created_by: Mapped[Account | None] = relationship(lazy="raise_on_sql", foreign_keys="Webinar.created_by_id")
    series: Mapped[Series | None] = relationship(lazy="raise_on_sql")
    sessions: Mapped[list["WebinarSession"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="(WebinarSession.position, WebinarSession.id)",
        back_populates="webinar",
    )
    recording: Mapped["Recording | None"] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", back_populates="webinar"
    )
    chapters: Mapped[list["Chapter"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Chapter.at_s", back_populates="webinar"
    )
    slides: Mapped[list["Slides"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="(Slides.position, Slides.id)",
        back_populates="webinar",
    )
    questions: Mapped[list["Question"]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="(Question.position, Question.id)",
        back_populates="webinar",
    )
    themes: Mapped[list["WebinarTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    partners: Mapped[list["WebinarPartner"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="WebinarPartner.partner_id"
    )
    projects: Mapped[list["WebinarProject"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="WebinarProject.project_id"
    )
    municipalities: Mapped[list["WebinarMunicipality"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR (starts_at IS NOT NULL AND starts_at < ends_at)", name="period"),
        CheckConstraint("starts_at IS NULL OR zone <> ''", name="start_has_zone"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        CheckConstraint("retention_days >= 0", name="retention_not_negative"),
    )


class WebinarTheme(Model):
    __tablename__ = "webinar_theme"

    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True, index=True)


class WebinarPartner(Model):
    """A partner that hosts the webinar, speaks at it or is named in it."""

    __tablename__ = "webinar_partner"

    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id), primary_key=True, index=True)
    is_host: Mapped[bool] = mapped_column(default=False)

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")


class WebinarProject(Model):
    __tablename__ = "webinar_project"

    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), primary_key=True, index=True)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class WebinarMunicipality(Model):
    __tablename__ = "webinar_municipality"

    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), primary_key=True, index=True)

    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql")


class WebinarSession(Bilingual, Model):
    """One item of a webinar's programme. Without times of its own it takes its turn by `position`."""

    __tablename__ = "webinar_session"

    pairs = ("title", "abstract")

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), index=True)
    title_da: Mapped[str] = mapped_column(String(NAME), default="")
    title_en: Mapped[str] = mapped_column(String(NAME), default="")
    abstract_da: Mapped[str] = mapped_column(default="")
    abstract_en: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship(lazy="raise_on_sql", back_populates="sessions")
    speakers: Mapped[list["Speaker"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="(Speaker.position, Speaker.id)"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR (starts_at IS NOT NULL AND starts_at < ends_at)", name="period"),
    )


class Speaker(Model):
    """Who speaks in a session, and for which organisation at that time."""

    __tablename__ = "webinar_speaker"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey(WebinarSession.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME), default="")
    organisation: Mapped[str] = mapped_column(String(NAME), default="")
    position: Mapped[int] = mapped_column(default=0)


class Recording(Bilingual, Model):
    """What belongs to a webinar's film, whose address is its `recording_url`: captions and what is said."""

    __tablename__ = "webinar_recording"

    pairs = ("transcript",)

    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), primary_key=True)
    published_at: Mapped[datetime]
    duration_s: Mapped[int | None]
    captions_da: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH), ForeignKey(StoredFile.digest), index=True)
    captions_en: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH), ForeignKey(StoredFile.digest), index=True)
    transcript_da: Mapped[str] = mapped_column(default="")
    transcript_en: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship(lazy="raise_on_sql", back_populates="recording")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("duration_s IS NULL OR duration_s > 0", name="duration_positive"),)


class Chapter(Bilingual, Model):
    """A part of the recording that begins so many seconds into it."""

    __tablename__ = "webinar_chapter"

    pairs = ("title",)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), index=True)
    at_s: Mapped[int]
    title_da: Mapped[str] = mapped_column(String(NAME), default="")
    title_en: Mapped[str] = mapped_column(String(NAME), default="")
    version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship(lazy="raise_on_sql", back_populates="chapters")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("webinar_id", "at_s"),
        CheckConstraint("at_s >= 0", name="at_not_negative"),
    )


class Slides(Bilingual, Model):
    """A document that was shown."""

    __tablename__ = "webinar_slides"

    pairs = ("title",)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), index=True)
    title_da: Mapped[str] = mapped_column(String(NAME), default="")
    title_en: Mapped[str] = mapped_column(String(NAME), default="")
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), ForeignKey(StoredFile.digest), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship(lazy="raise_on_sql", back_populates="slides")
    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Question(Bilingual, Model):
    """What was asked at the webinar, and the answer, in Markdown."""

    __tablename__ = "webinar_question"

    pairs = ("question", "answer")

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey(Webinar.id, ondelete="CASCADE"), index=True)
    question_da: Mapped[str] = mapped_column(String(500), default="")
    question_en: Mapped[str] = mapped_column(String(500), default="")
    answer_da: Mapped[str] = mapped_column(default="")
    answer_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship(lazy="raise_on_sql", back_populates="questions")

    __mapper_args__ = {"version_id_col": version}


for _column in (Recording.captions_da, Recording.captions_en, Slides.digest):
    referred_to_by(_column)
