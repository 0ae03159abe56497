"""Other people's news: the feeds it comes from, its entries, and which of them tell one story."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.db import Model
from portal.core.provenance import Imported
from portal.core.themes import Theme
from portal.partners.models import Partner

DIGEST_LENGTH = 64
TITLE_LENGTH = 300
EXCERPT_LENGTH = 600
GUID_LENGTH = 500
PATTERN_LENGTH = 120


class FeedState(StrEnum):
    SUGGESTED = "suggested"
    TESTED = "tested"
    ACTIVE = "active"
    FAILING = "failing"
    SUSPENDED = "suspended"
    RETIRED = "retired"


RUNNING = (FeedState.ACTIVE, FeedState.FAILING)
"""States in which the worker asks for news."""


class Standing(StrEnum):
    """What was known of a source before we asked it for the first time."""

    ADDED = "added"
    IN_USE = "in_use"
    UNVERIFIED = "unverified"
    NO_FEED = "no_feed"


class Trouble(StrEnum):
    """Why the last fetch brought nothing."""

    BLOCKED = "blocked"
    BAD_REDIRECT = "bad_redirect"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    BAD_ANSWER = "bad_answer"
    REFUSED = "refused"
    GONE = "gone"
    NOT_A_FEED = "not_a_feed"
    BROKEN = "broken"
    DANGEROUS = "dangerous"
    TOO_COSTLY = "too_costly"


class EntryState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    PASSED_OVER = "passed_over"


class Passed(StrEnum):
    """Why an entry was passed over: somebody decided so, a rule of its feed, its story is told already, or it was old
    when its feed came in."""

    EDITOR = "editor"
    RULE = "rule"
    SAME_STORY = "same_story"
    OURS = "ours"
    OLD = "old"


class RuleKind(StrEnum):
    KEEP = "keep"
    BLOCK = "block"


class RuleField(StrEnum):
    ANYWHERE = "anywhere"
    TITLE = "title"
    AUTHOR = "author"
    CATEGORY = "category"
    ADDRESS = "address"


class Feed(Imported, Model):
    """A source of news. What the worker notes of its fetches does not count as a new `version`.

    `claim` is the number of the fetch that may write about it: whoever comes back with an older one is too late.
    """

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey(Partner.id), index=True)
    owner: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    url: Mapped[str]
    url_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), unique=True)
    site_url: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    title_only: Mapped[bool] = mapped_column(default=False)
    permission_note: Mapped[str] = mapped_column(default="")
    standing: Mapped[Standing] = mapped_column(default=Standing.ADDED)
    state: Mapped[FeedState] = mapped_column(default=FeedState.SUGGESTED, index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    suggested_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    # Testing: asked for on a page, done by the worker
    test_asked_at: Mapped[datetime | None] = mapped_column(index=True)
    tested_at: Mapped[datetime | None]
    test_report: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    # Fetching
    etag: Mapped[str] = mapped_column(String(300), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    body_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), default="")
    interval_s: Mapped[int] = mapped_column(default=3600)
    next_fetch_at: Mapped[datetime | None] = mapped_column(index=True)
    claim: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    last_fetched_at: Mapped[datetime | None]
    last_good_at: Mapped[datetime | None]
    last_new_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    trouble: Mapped[Trouble | None]
    trouble_detail: Mapped[str] = mapped_column(String(300), default="")
    told_failing_at: Mapped[datetime | None]
    silent_since: Mapped[datetime | None]
    told_silent_at: Mapped[datetime | None]

    partner: Mapped[Partner | None] = relationship(lazy="raise_on_sql")
    themes: Mapped[list["FeedTheme"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    rules: Mapped[list["FeedRule"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="FeedRule.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def called(self) -> str:
        """What a list calls it."""
        return self.title or self.owner or self.url


class FeedTheme(Model):
    __tablename__ = "feed_theme"

    feed_id: Mapped[int] = mapped_column(ForeignKey(Feed.id, ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(primary_key=True)


class FeedRule(Model):
    """A pattern of a feed. What is blocked is passed over; where there are rules to keep, so is what fits none."""

    __tablename__ = "feed_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey(Feed.id, ondelete="CASCADE"), index=True)
    kind: Mapped[RuleKind]
    field: Mapped[RuleField] = mapped_column(default=RuleField.ANYWHERE)
    pattern: Mapped[str] = mapped_column(String(PATTERN_LENGTH))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("feed_id", "kind", "field", "pattern"),)


class Story(Model):
    """What several entries tell of. `own_kind` and `own_id` name the thing of ours that tells it as well."""

    __tablename__ = "feed_story"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    own_kind: Mapped[str] = mapped_column(String(40), default="")
    own_id: Mapped[int | None]

    __table_args__ = (Index("ix_feed_story_own_kind_own_id", "own_kind", "own_id"),)


class FeedEntry(Model):
    """Something a feed brought. Every text is plain words; nothing of the foreign markup is kept.

    `key` tells it from the others of its feed, `url_digest` is the same in all feeds, `either_digest` in all languages:
    that of its address or identifier without the language in it. `published_at` is never
    later than `fetched_at`, the moment it was first seen, by which lists are sorted; none stays none.
    """

    __tablename__ = "feed_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey(Feed.id, ondelete="CASCADE"), index=True)
    story_id: Mapped[int] = mapped_column(ForeignKey(Story.id), index=True)
    key: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    guid: Mapped[str] = mapped_column(String(GUID_LENGTH), default="")
    url: Mapped[str] = mapped_column(default="")
    url_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), default="", index=True)
    either_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), default="", index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    excerpt: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(String(200), default="")
    categories: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime] = mapped_column(index=True)
    refreshed_at: Mapped[datetime | None]
    content_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    state: Mapped[EntryState] = mapped_column(default=EntryState.WAITING, index=True)
    passed: Mapped[Passed | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    feed: Mapped[Feed] = relationship(lazy="raise_on_sql")
    story: Mapped[Story] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("feed_id", "key"),)
