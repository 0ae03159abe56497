"""The register of municipalities: 98 of them, their regions in time, their indicators."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.bilingual import Bilingual
from portal.core.db import Model
from portal.core.provenance import Imported, Sourced
from portal.core.slugs import MAX_LENGTH
from portal.core.sorting import MAX_LENGTH as SORT_LENGTH


class Region(Sourced, Model):
    """A Danish region. It exists from `valid_from` until the day before `valid_to`."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    code: Mapped[str | None] = mapped_column(String(4), unique=True)
    name_da: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Municipality(Bilingual, Imported, Model):
    """One of the 98. `code` is the four-digit municipality code, kept as text."""

    __tablename__ = "municipality"

    pairs = ("name",)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(4), unique=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    name_da: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(String(SORT_LENGTH), index=True)
    province_da: Mapped[str] = mapped_column(String(120), default="")
    nuts3: Mapped[str] = mapped_column(String(5), default="")
    population: Mapped[int | None]
    population_date: Mapped[date | None]
    area_km2: Mapped[Decimal | None] = mapped_column(Numeric(10, 1))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    website: Mapped[str] = mapped_column(default="")
    tile_col: Mapped[int]
    tile_row: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    regions: Mapped[list["MunicipalityRegion"]] = relationship(
        lazy="raise_on_sql", order_by="MunicipalityRegion.valid_from.asc().nulls_first()", back_populates="municipality"
    )
    populations: Mapped[list["Population"]] = relationship(lazy="raise_on_sql", order_by="Population.year")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("tile_col", "tile_row"),)


class MunicipalityRegion(Model):
    """Which region a municipality belongs to, and when: until the day before `valid_to`."""

    __tablename__ = "municipality_region"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey(Region.id), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql", back_populates="regions")
    region: Mapped[Region] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("municipality_id", "region_id"),
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to", name="period"),
    )


class Population(Sourced, Model):
    """Inhabitants on 1 January of a year."""

    __tablename__ = "population"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), index=True)
    year: Mapped[int]
    inhabitants: Mapped[int]

    __table_args__ = (UniqueConstraint("municipality_id", "year"),)


class Direction(StrEnum):
    """Whether a higher value is progress."""

    HIGHER_BETTER = "higher_better"
    LOWER_BETTER = "lower_better"
    NEUTRAL = "neutral"


class Indicator(Bilingual, Imported, Model):
    """What is measured: its unit, direction, period and source."""

    __tablename__ = "indicator"

    pairs = ("name", "description")

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    name_da: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    description_da: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(60), default="")
    direction: Mapped[Direction | None]
    is_number: Mapped[bool]
    period: Mapped[str] = mapped_column(String(40), default="")
    source_name: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    caveat: Mapped[str] = mapped_column(default="")
    least: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    most: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    position: Mapped[int] = mapped_column(default=0)


class Missing(StrEnum):
    """Why there is no value."""

    NOT_REPORTED = "not_reported"
    NOT_COLLECTED = "not_collected"
    CONFIDENTIAL = "confidential"
    NOT_APPLICABLE = "not_applicable"


class Observation(Imported, Model):
    """One indicator's value for a municipality and period, or why there is none.

    Several of one period only where the indicator lists things.
    """

    __tablename__ = "observation"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey(Indicator.id), index=True)
    period: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    word: Mapped[str] = mapped_column(String(200), default="")
    missing: Mapped[Missing | None]
    via: Mapped[str] = mapped_column(default="")

    indicator: Mapped[Indicator] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("municipality_id", "indicator_id", "period", "word"),)


class EarlierValue(Sourced, Model):
    """What an observation said until its source corrected it: the series of periods stays, and so does this."""

    __tablename__ = "earlier_value"

    id: Mapped[int] = mapped_column(primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey(Observation.id, ondelete="CASCADE"), index=True)
    number: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    word: Mapped[str] = mapped_column(String(200), default="")
    missing: Mapped[Missing | None]
    via: Mapped[str] = mapped_column(default="")
    replaced_at: Mapped[datetime]


class BoundarySource(Model):
    """Where the boundaries come from: one row, as long as boundaries are loaded."""

    __tablename__ = "boundary_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    attribution: Mapped[str] = mapped_column(String(500))
    source_url: Mapped[str] = mapped_column(default="")
    dated: Mapped[date | None]
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
    width: Mapped[int]
    height: Mapped[int]
    frame: Mapped[str] = mapped_column(default="")


class Boundary(Model):
    """What a municipality looks like on the map: the path of an SVG picture as large as its source says."""

    __tablename__ = "boundary"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey(BoundarySource.id), index=True)
    path: Mapped[str]
