"""What search keeps in the database: changes waiting, the state of the index, the texts for a day without it."""

import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class OutboxRow(Model):
    """One change that the index has not seen yet. Kept until the index has committed it."""

    __tablename__ = "search_outbox"
    # Never reuse a number: a row claimed by a worker must not be mistaken for a newer one.
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    created_at: Mapped[datetime.datetime]


class IndexState(StrEnum):
    """`writing` stands from before an index commit until the manifest describes it."""

    READY = "ready"
    WRITING = "writing"


class IndexManifest(Model):
    """What the index folder of an engine must look like. Compared before the index is used."""

    __tablename__ = "search_index"

    engine: Mapped[str] = mapped_column(String(40), primary_key=True)
    generation: Mapped[int]
    commits: Mapped[int] = mapped_column(default=0)
    schema: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    documents: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    built_at: Mapped[datetime.datetime]
    state: Mapped[str] = mapped_column(String(20), default=IndexState.READY)


class SearchText(Model):
    """A document as the database can search it, slowly, while there is no index."""

    __tablename__ = "search_text"
    __table_args__ = (Index("ix_search_text_date", "date"),)

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    date: Mapped[datetime.date | None]
    folded_names: Mapped[str]
    folded: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
