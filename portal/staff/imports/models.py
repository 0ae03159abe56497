"""An import, or a change of many partners at once: what a file said, what it would do, what it did."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.db import Model
from portal.core.provenance import KEY_LENGTH
from portal.partners.models import PartnerState


class BatchState(StrEnum):
    COLUMNS = "columns"
    CHECKING = "checking"
    READY = "ready"
    WRITING = "writing"
    WRITTEN = "written"
    UNDOING = "undoing"
    UNDONE = "undone"


class Subject(StrEnum):
    """What the rows are about."""

    PARTNERS = "partners"
    FIGURES = "figures"


class DecimalSign(StrEnum):
    """How the numbers of a file are written."""

    AS_FOUND = "as_found"
    COMMA = "comma"
    POINT = "point"


class Origin(StrEnum):
    FILE = "file"
    BULK = "bulk"


class Outcome(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    BAD = "bad"


class Fate(StrEnum):
    """What has become of a row that was chosen."""

    WRITTEN = "written"
    MEANWHILE = "meanwhile"
    UNDONE = "undone"
    PARTLY = "partly"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class ImportBatch(Model):
    """One file, or one choice of partners and what is to happen to them. `done` of `total` rows are through.

    `is_all_or_nothing`: nothing is written as long as any row cannot be taken. `same_for_all`: field → what holds for
    every row, where the file has no column of it.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(default=Subject.PARTNERS)
    origin: Mapped[Origin]
    name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[BatchState] = mapped_column(index=True)
    header: Mapped[list[str]] = mapped_column(JSON, default=list)
    header_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    new_state: Mapped[PartnerState] = mapped_column(default=PartnerState.PUBLISHED)
    same_for_all: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_all_or_nothing: Mapped[bool] = mapped_column(default=False)
    decimal_sign: Mapped[DecimalSign] = mapped_column(default=DecimalSign.AS_FOUND)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    was_overtaken: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Model):
    """A line of the file: its cells, what it would change (field → before, after), and what became of it.

    `partner_id` and `observation_id` are no foreign keys: the row outlives what it made and what was removed again.
    """

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey(ImportBatch.id, ondelete="CASCADE"), index=True)
    line: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    cells: Mapped[list[str]] = mapped_column(JSON, default=list)
    outcome: Mapped[Outcome | None] = mapped_column(index=True)
    is_chosen: Mapped[bool] = mapped_column(default=False)
    problems: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    partner_id: Mapped[int | None] = mapped_column(index=True)
    twin_id: Mapped[int | None]
    observation_id: Mapped[int | None] = mapped_column(index=True)
    import_key: Mapped[str] = mapped_column(String(KEY_LENGTH), default="")
    fate: Mapped[Fate | None]
    written_version: Mapped[int | None]
    left: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (UniqueConstraint("batch_id", "line"),)
