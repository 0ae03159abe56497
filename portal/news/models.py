"""Our articles (schema.org NewsArticle)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.bilingual import Bilingual
from portal.core.clock import COPENHAGEN
from portal.core.dates import PartialDate, Precision
from portal.core.db import Model
from portal.core.provenance import Imported
from portal.core.slugs import MAX_LENGTH
from portal.core.themes import Theme
from portal.editorial.models import Edited
from portal.feeds.models import FeedEntry
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.projects.models import Project


class Kind(StrEnum):
    NEWS = "news"
    ANALYSIS = "analysis"
    CASE = "case"
    POLICY_BRIEF = "policy_brief"
    FUNDING_CALL = "funding_call"


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REFUSED = "refused"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class Article(Bilingual, Imported, Edited, Model):
    """A piece of news.

    `publish_at` decides when it is out; `dated_precision` says how exactly that is known, and an
    imported article without a date has neither. With `origin_url` the text is an excerpt that
    links to its source; `entry_id` is the feed's entry that it was made of. `corrected_at` is when
    its correction note was last changed.
    """

    __tablename__ = "article"

    pairs = ("title", "standfirst", "body", "correction")

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_LENGTH), unique=True)
    kind: Mapped[Kind] = mapped_column(default=Kind.NEWS, index=True)
    title_da: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    standfirst_da: Mapped[str] = mapped_column(default="")
    standfirst_en: Mapped[str] = mapped_column(default="")
    body_da: Mapped[str] = mapped_column(default="")
    body_en: Mapped[str] = mapped_column(default="")
    correction_da: Mapped[str] = mapped_column(default="")
    correction_en: Mapped[str] = mapped_column(default="")
    corrected_at: Mapped[datetime | None]
    state: Mapped[State] = mapped_column(default=State.DRAFT, index=True)
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    expire_at: Mapped[datetime | None]
    dated_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id), index=True)
    origin_url: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey(FeedEntry.id, ondelete="SET NULL"), unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    author: Mapped[Partner | None] = relationship(lazy="raise_on_sql")
    created_by: Mapped[Account | None] = relationship(lazy="raise_on_sql", foreign_keys="Article.created_by_id")
    assignee: Mapped[Account | None] = relationship(lazy="raise_on_sql", foreign_keys="Article.assignee_id")
    themes: Mapped[list["ArticleTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    partners: Mapped[list["ArticlePartner"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="ArticlePartner.partner_id"
    )
    projects: Mapped[list["ArticleProject"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="ArticleProject.project_id"
    )
    municipalities: Mapped[list["ArticleMunicipality"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("expire_at IS NULL OR publish_at IS NULL OR publish_at < expire_at", name="period"),
    )

    @property
    def dated(self) -> PartialDate | None:
        """The Danish date it came out, as precisely as it is known."""
        if self.publish_at is None:
            return None
        return PartialDate(self.publish_at.astimezone(COPENHAGEN).date(), Precision(self.dated_precision))


class ArticleTheme(Model):
    __tablename__ = "article_theme"

    article_id: Mapped[int] = mapped_column(ForeignKey(Article.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True, index=True)


class ArticlePartner(Model):
    __tablename__ = "article_partner"

    article_id: Mapped[int] = mapped_column(ForeignKey(Article.id, ondelete="CASCADE"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey(Partner.id), primary_key=True, index=True)

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")


class ArticleProject(Model):
    __tablename__ = "article_project"

    article_id: Mapped[int] = mapped_column(ForeignKey(Article.id, ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), primary_key=True, index=True)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class ArticleMunicipality(Model):
    __tablename__ = "article_municipality"

    article_id: Mapped[int] = mapped_column(ForeignKey(Article.id, ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), primary_key=True, index=True)

    municipality: Mapped[Municipality] = relationship(lazy="raise_on_sql")
