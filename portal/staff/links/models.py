"""Addresses elsewhere that our pages lead to, and whether anything still answers there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class LinkState(StrEnum):
    UNKNOWN = "unknown"
    GOOD = "good"
    FAILING = "failing"
    BROKEN = "broken"
    IGNORED = "ignored"


class ExternalAddress(Model):
    """One address, however often it stands on our pages. Where it stands is asked of those pages' own tables."""

    __tablename__ = "external_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    host: Mapped[str] = mapped_column(String(255), index=True)
    state: Mapped[LinkState] = mapped_column(default=LinkState.UNKNOWN, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    first_failed_at: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    last_good_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(index=True)
    status: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    etag: Mapped[str] = mapped_column(String(200), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    found_at: Mapped[datetime]
