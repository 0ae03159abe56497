"""Two partners become one: whatever points at the one that goes points at the one that stays.

What points at a partner is read from the database's own foreign keys, so that no table can be forgotten, whichever
slice it belongs to. Where a rule allows only one row (the same project in both), `STRONGER` says which one stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, PrimaryKeyConstraint, RowMapping, Table, UniqueConstraint, delete, select, update

from portal.accounts.models import Membership, MembershipRole
from portal.core import audit, slugs
from portal.core.bilingual import LANGUAGES
from portal.core.db import Model, db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.core.sorting import sort_key
from portal.partners.models import DistinctPartners, Partner, PartnerState
from portal.projects.models import Participation, Role
from portal.search.outbox import touch, touch_all
from portal.staff.directory import operations as decisions

KIND = "partner"
FIELDS = (
    "name",
    "name_da",
    "name_en",
    "acronym",
    "type",
    "country",
    "municipality_id",
    "cvr",
    "ror",
    "wikidata",
    "website",
    "feed_url",
    "description_da",
    "description_en",
)
"""What the curator chooses between, field by field."""
IDENTITIES = ("cvr", "ror", "wikidata")
"""Fields that no two partners may share."""
JOINED = "joined with"
"""How the trace begins to say which row another was joined with."""
FOLLOWED = {"project": "project", "article": "article", "webinar": "webinar", "webinar_series": "series"}
"""Tables whose rows search knows → their kind there."""


@dataclass(frozen=True)
class Unique:
    """Columns that only one row may have together; where there is a condition, only among the rows that meet it."""

    columns: tuple[Column[Any], ...]
    where: Any = None


@dataclass(frozen=True)
class Pointer:
    """A column that points at a partner, and the sets of columns in which it must be unique."""

    column: Column[Any]
    unique: tuple["Unique", ...]

    @property
    def table(self) -> Table:
        table = self.column.table
        assert isinstance(table, Table)
        return table


Row = RowMapping
_ROLES = tuple(Role)


def _stronger_part(mine: Row, theirs: Row) -> dict[str, Any]:
    """The stronger role of two participations, with its source's word for it; what one leaves open the other fills.

    Somebody who still takes part does so afterwards, whatever the other has left.
    """
    stronger = min(
        (one for one in (mine, theirs) if one["role"]), key=lambda one: _ROLES.index(one["role"]), default=mine
    )
    shares = [one["budget_share"] for one in (mine, theirs) if one["budget_share"] is not None]
    starts = [one["starts_on"] for one in (mine, theirs) if one["starts_on"]]
    return {
        "role": stronger["role"],
        "source_role": stronger["source_role"],
        "left_at": None if None in (mine["left_at"], theirs["left_at"]) else max(mine["left_at"], theirs["left_at"]),
        "budget_share": sum(shares) if shares else None,
        "starts_on": min(starts, default=None),
        "ends_on": None if None in (mine["ends_on"], theirs["ends_on"]) else max(mine["ends_on"], theirs["ends_on"]),
    }


def _stronger_membership(mine: Row, theirs: Row) -> dict[str, Any]:
    roles = (mine["role"], theirs["role"])
    return {
        "role": MembershipRole.ADMIN if MembershipRole.ADMIN in roles else MembershipRole.EDITOR,
        "since": min(mine["since"], theirs["since"]),
    }


STRONGER: Mapping[str, Callable[[Row, Row], dict[str, Any]]] = {
    Participation.__tablename__: _stronger_part,
    Membership.__tablename__: _stronger_membership,
}
"""Table → what the row that stays becomes, of itself and the one that goes."""


def pointers() -> list[Pointer]:
    """Every column of the database that points at a partner."""
    return [
        Pointer(column, tuple(_unique_with(table, column)))
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if _points_at_partner(column)
    ]


def _points_at_partner(column: Column[Any]) -> bool:
    return any(key.column is Partner.__table__.c.id for key in column.foreign_keys)


def _unique_with(table: Table, column: Column[Any]) -> Iterator[Unique]:
    for constraint in table.constraints:
        if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint)) and column.name in constraint.columns:
            yield Unique(tuple(constraint.columns))
    for index in table.indexes:
        if index.unique and column.name in index.columns:
            yield Unique(tuple(index.columns), index.dialect_options["sqlite"]["where"])


@dataclass(frozen=True)
class Follower:
    """A row that follows in a merge; `known` is the row of the partner that stays which it is joined with."""

    pointer: Pointer
    row: Row
    known: Row | None = None

    @property
    def becomes(self) -> dict[str, Any]:
        """What the row that stays becomes of the two."""
        stronger = STRONGER.get(self.pointer.table.name)
        return stronger(self.known, self.row) if stronger and self.known else {}


def following(stays: Partner, goes: Partner) -> list[Follower]:
    """Every row that follows, for the preview; nothing is changed."""
    return [Follower(one, row, _in_the_way(one, row, stays.id)) for one in pointers() for row in _rows(one, goes.id)]


def merge(stays: Partner, goes: Partner, taken: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """Let `stays` take the place of `goes`, with the fields in `taken` from `goes`.

    `goes` stays as a row that leads to `stays`; its address redirects. The trace keeps everything that was changed
    or left out, row by row.
    """
    require(actor, "partner.curate", stays)
    require(actor, "partner.curate", goes)
    if stays.id == goes.id:
        raise Invalid("other", "a partner cannot be merged with itself")
    if stays.merged_into_id is not None or goes.merged_into_id is not None:
        raise Invalid("other", "it was merged already")
    if stays.state not in (PartnerState.PUBLISHED, PartnerState.DORMANT):
        raise Invalid("stays", "only a partner in the directory can take another's place")
    trace: dict[str, tuple[Any, Any]] = {}
    touched: dict[str, set[int]] = {kind: set() for kind in FOLLOWED.values()}
    db.session.flush()
    # Now, while its people are its own: they look after the other from now on, and its address leads there.
    decisions.tell(goes, "partner_merged", stays=stays.name)
    for one in pointers():
        _follow(one, stays.id, goes.id, trace, touched)
    _take_fields(stays, goes, taken, trace, now)
    goes.state, goes.merged_into_id = PartnerState.LEFT, stays.id
    db.session.flush()
    slugs.renamed(KIND, goes.slug, stays.slug, now=now)
    audit.record(actor, "partner.merged", KIND, stays.id, {"merged": (goes.name, stays.name), **trace}, now=now)
    audit.record(actor, "partner.merged_into", KIND, goes.id, {"merged_into": (goes.slug, stays.slug)}, now=now)
    for kind, ids in touched.items():
        touch_all(kind, sorted(ids))
    touch(KIND, stays.id)
    touch(KIND, goes.id)
    db.session.expire_all()


def _take_fields(
    stays: Partner, goes: Partner, taken: Sequence[str], trace: dict[str, tuple[Any, Any]], now: datetime
) -> None:
    theirs = {field: getattr(goes, field) for field in FIELDS}
    for field in IDENTITIES:
        setattr(goes, field, None)
    db.session.flush()  # two partners cannot have one number, not even for a moment
    for field in FIELDS:
        before, after = getattr(stays, field), theirs[field]
        if field in taken and before != after:
            trace[field] = (before, after)
            is_pair = field.startswith("description_") and field[-2:] in LANGUAGES
            stays.write(now, **{field: after}) if is_pair else setattr(stays, field, after)
    stays.sort_key = sort_key(stays.name)


def _rows(pointer: Pointer, partner_id: int) -> Sequence[Row]:
    return db.session.execute(select(pointer.table).where(pointer.column == partner_id)).mappings().all()


def _follow(
    pointer: Pointer, stays: int, goes: int, trace: dict[str, tuple[Any, Any]], touched: dict[str, set[int]]
) -> None:
    """Let the rows of one column follow, each on its own: few of them, and each leaves its trace."""
    table, column = pointer.table, pointer.column
    name = f"{table.name}.{column.name}"
    for row in _rows(pointer, goes):
        _note_touched(table, row, touched)
        known = _in_the_way(pointer, row, stays)
        # What would point at itself is what the merge makes untrue: its own parent, distinct from itself.
        points_at_itself = table is Partner.__table__ and row["id"] == stays
        own = _key(table, row)
        where = [table.c[key] == value for key, value in own.items()]
        if points_at_itself:
            db.session.execute(update(table).where(*where).values({column.name: None}))
        elif _is_its_own_other(table, column, row, stays):
            db.session.execute(delete(table).where(*where))
        elif known is None:
            db.session.execute(update(table).where(*where).values({column.name: stays}))
        else:
            db.session.execute(delete(table).where(*where))
            if become := Follower(pointer, row, known).becomes:
                theirs = [table.c[key] == value for key, value in _key(table, known).items()]
                db.session.execute(update(table).where(*theirs).values(become))
        label = f"{name} {'/'.join(str(value) for value in own.values())}"
        if known is None:
            trace[label] = (goes, stays)
        else:
            # What is joined is two rows no more: whoever has to part them again finds here what each of them said.
            trace[label] = (_told(row), f"{JOINED} {_told(known)}")


def _is_its_own_other(table: Table, column: Column[Any], row: Row, stays: int) -> bool:
    """Whether the row ties the two that are merged to each other, in a table that ties partners."""
    others = [one for one in table.columns if one is not column and _points_at_partner(one)]
    return table is not Partner.__table__ and bool(others) and all(row[one.name] == stays for one in others)


def _in_the_way(pointer: Pointer, row: Row, stays: int) -> Row | None:
    """A row of the partner that stays which leaves no room for this one."""
    table = pointer.table
    own = [table.c[key] == value for key, value in _key(table, row).items()]
    for unique in pointer.unique:
        met = () if unique.where is None else (unique.where,)
        if met and db.session.execute(select(table).where(*own, *met)).first() is None:
            continue
        same = [one == (stays if one.name == pointer.column.name else row[one.name]) for one in unique.columns]
        found = db.session.execute(select(table).where(*same, *met)).mappings().first()
        if found is not None:
            return found
    return None


def _key(table: Table, row: Row) -> dict[str, Any]:
    return {column.name: row[column.name] for column in table.primary_key.columns}


def _told(row: Row) -> str:
    """What a row says, in one line."""
    return ", ".join(f"{name} {value}" for name, value in row.items() if value not in (None, "", False))


def _note_touched(table: Table, row: Row, touched: dict[str, set[int]]) -> None:
    """The projects, articles and webinars that now show another partner."""
    if table.name in FOLLOWED:
        touched[FOLLOWED[table.name]].add(row["id"])
    for column in table.columns:
        for key in column.foreign_keys:
            kind = FOLLOWED.get(key.column.table.name)
            if kind and row[column.name] is not None:
                touched[kind].add(row[column.name])


def tell_apart(one: Partner, other: Partner, *, actor: Actor, now: datetime) -> None:
    """Say that two that look alike are not the same: nobody is asked about them again."""
    require(actor, "partner.curate", one)
    first, second = sorted((one.id, other.id))
    if first == second:
        raise Invalid("other", "a partner is always the same as itself")
    if db.session.get(DistinctPartners, (first, second)) is None:
        db.session.add(DistinctPartners(one_id=first, other_id=second))
        audit.record(actor, "partner.told_apart", KIND, first, {"other": (None, other.name)}, now=now)
        touch(KIND, first)
