"""Webinars (schema.org Event)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.bilingual import Bilingual
from portal.core.db import Model
from portal.core.provenance import Imported
from portal.core.slugs import MAX_LENGTH
from portal.core.themes import Theme
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.projects.models import Project


class State(StrEnum):
    """What staff decide. Live and held follow from the clock, full from the registrations."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    RECORDED = "recorded"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


class Webinar(Bilingual, Imported, Model):
    """A webinar.

    `held_on` is its day in its own zone; `starts_at` is empty where the hour is not known, and
    both are empty where the source gives no date. Organisers that are no partners stand in
    `host_names`, speakers' organisations in `speaker_names`, parted by semicolons.
    """

    __tablename__ = "webinar"

    pairs = ("title", "abstract")

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    abstract_da: Mapped[str] = mapped_column(default="")
    abstract_en: Mapped[str] = mapped_column(default="")
    state: Mapped[State] = mapped_column(default=State.DRAFT, index=True)
    publish_at: Mapped[datetime | None]
    held_on: Mapped[date | None] = mapped_column(index=True)
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(60), default="")
    languages: Mapped[str] = mapped_column(String(20), default="")
    host_names: Mapped[str] = mapped_column(default="")
    speaker_names: Mapped[str] = mapped_column(default="")
    info_url: Mapped[str] = mapped_column(default="")
    recording_url: Mapped[str] = mapped_column(default="")
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

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
