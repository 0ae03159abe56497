"""Organisations that take part (CERIF OrgUnit, schema.org Organization)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.bilingual import Bilingual, Language, chosen
from portal.core.db import Model
from portal.core.freshness import Confirmable
from portal.core.provenance import Imported
from portal.core.slugs import MAX_LENGTH
from portal.core.sorting import MAX_LENGTH as SORT_LENGTH
from portal.core.themes import Theme
from portal.municipalities.models import Municipality


class PartnerType(StrEnum):
    MUNICIPALITY = "municipality"
    REGION = "region"
    STATE = "state"
    UTILITY = "utility"
    UNIVERSITY = "university"
    RESEARCH_INSTITUTE = "research_institute"
    COMPANY = "company"
    CLUSTER = "cluster"
    ASSOCIATION = "association"
    INTERNATIONAL = "international"


class PartnerState(StrEnum):
    SUGGESTED = "suggested"
    PUBLISHED = "published"
    DORMANT = "dormant"
    LEFT = "left"
    REJECTED = "rejected"


class Consent(StrEnum):
    """How far a contact point may be shown, once its person has agreed."""

    PUBLIC = "public"
    PARTNERS = "partners"
    STAFF = "staff"


class ChangeState(StrEnum):
    """What has become of a change that was proposed to a reviewed field."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Partner(Bilingual, Imported, Confirmable, Model):
    """An organisation. `name` is what it calls itself; the pair holds its Danish and English names.

    Another one merged into it stays as a row that leads here (`merged_into_id`) and is seen by nobody.
    `confirmed_contact_id` is the contact point of whoever confirmed the profile last, if it has one for them.
    """

    __tablename__ = "partner"

    pairs = ("description",)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_da: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    acronym: Mapped[str] = mapped_column(String(40), default="")
    sort_key: Mapped[str] = mapped_column(String(SORT_LENGTH), index=True)
    type: Mapped[PartnerType] = mapped_column(index=True)
    source_type: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[PartnerState] = mapped_column(default=PartnerState.SUGGESTED, index=True)
    rejected_reason: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    country: Mapped[str] = mapped_column(String(2), default="")
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(Municipality.id), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    cvr: Mapped[str | None] = mapped_column(String(8), unique=True)
    ror: Mapped[str | None] = mapped_column(String(40), unique=True)
    wikidata: Mapped[str | None] = mapped_column(String(20), unique=True)
    website: Mapped[str] = mapped_column(default="")
    feed_url: Mapped[str] = mapped_column(default="")
    description_da: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    logo_digest: Mapped[str | None] = mapped_column(String(64))
    logo_alt_da: Mapped[str] = mapped_column(String(200), default="")
    logo_alt_en: Mapped[str] = mapped_column(String(200), default="")
    confirmed_contact_id: Mapped[int | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality | None] = relationship(lazy="raise_on_sql")
    themes: Mapped[list["PartnerTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    networks: Mapped[list["PartnerNetwork"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="PartnerNetwork.position"
    )
    interests: Mapped[list["PartnerInterest"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    other_names: Mapped[list["PartnerName"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    def called(self, language: Language | None = None) -> str:
        """Its name in a language (default: the page's), or else what it calls itself."""
        return (self.name_da if (language or chosen()) == "da" else self.name_en) or self.name

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES


PUBLIC_STATES = (PartnerState.PUBLISHED, PartnerState.DORMANT)


class PartnerName(Model):
    """Another name that the organisation is found under."""

    __tablename__ = "partner_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("partner_id", "name"),)


class PartnerTheme(Model):
    __tablename__ = "partner_theme"

    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True)


class PartnerNetwork(Model):
    """A network or large project that the source names the organisation under."""

    __tablename__ = "partner_network"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("partner_id", "name"),)


class PartnerInterest(Bilingual, Model):
    """What a partner can give (`offers`) or looks for (`seeks`): a theme and one line."""

    __tablename__ = "partner_interest"

    pairs = ("line",)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    direction: Mapped[str] = mapped_column(String(6))
    theme: Mapped[Theme]
    line_da: Mapped[str] = mapped_column(String(200), default="")
    line_en: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (CheckConstraint("direction IN ('offers', 'seeks')", name="direction"),)


class ContactPoint(Bilingual, Model):
    """Somebody to call. Shown as far as `consent` says, from when the person agreed until they withdraw."""

    __tablename__ = "contact_point"

    pairs = ("function",)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    function_da: Mapped[str] = mapped_column(String(200), default="")
    function_en: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    languages: Mapped[str] = mapped_column(String(80), default="")
    consent: Mapped[Consent] = mapped_column(default=Consent.PUBLIC)
    consent_asked_at: Mapped[datetime | None]
    consent_given_at: Mapped[datetime | None]
    consent_wording: Mapped[str] = mapped_column(String(40), default="")
    consent_withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_agreed(self) -> bool:
        return self.consent_given_at is not None and self.consent_withdrawn_at is None


class ContactLink(Model):
    """A link mailed to the person of a contact point: with it they say how far it may be shown, at any time."""

    __tablename__ = "contact_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey(ContactPoint.id, ondelete="CASCADE"), index=True)
    sent_at: Mapped[datetime]


class PartnerChange(Model):
    """A change to reviewed fields of a published profile, for a curator to accept: field → [before, after]."""

    __tablename__ = "partner_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), index=True)
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    account_id: Mapped[int | None] = mapped_column(index=True)
    proposed_by: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.PENDING, index=True)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")

    # One open proposal for each partner: what is proposed while it waits joins it.
    __table_args__ = (
        Index(
            "uq_partner_change_pending",
            "partner_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )


class DistinctPartners(Model):
    """Two partners that look alike and are not the same, as a curator has found."""

    __tablename__ = "distinct_partners"

    one_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey(Partner.id, ondelete="CASCADE"), primary_key=True, index=True)
