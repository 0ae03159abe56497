"""Taking rows of files into the database: each once, changed ones again, and nothing edited here lost."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.interfaces import ORMOption

from portal.core import audit
from portal.core.db import db
from portal.core.permissions import SYSTEM
from portal.core.provenance import Imported
from portal.core.tables import Problem, Row, Sheet

CHUNK = 500
"""How many keys one statement asks for; SQLite takes 32,766 and older ones 999."""

T = TypeVar("T", bound=Imported)
C = TypeVar("C")
K = TypeVar("K")
Advance = Callable[[str, int], None]


@dataclass(slots=True)
class Tally:
    """What became of the rows of one file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """A thing that was added or changed, and its row."""

    thing: T
    row: Row
    is_new: bool
    changes: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Intake:
    """One import under way: what was taken in and what could not be."""

    now: datetime
    advance: Advance = lambda _file, _rows: None
    problems: list[Problem] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    bad: dict[tuple[str, str], int] = field(default_factory=dict)
    bad_lines: set[tuple[str, int]] = field(default_factory=set)

    def open(self, sheet: Sheet) -> None:
        """Begin with a file: what was wrong in reading it counts as well."""
        self.problems.extend(sheet.problems)
        self.tallies[sheet.file] = Tally(bad=len({problem.line for problem in sheet.problems}))
        self.bad.update({(sheet.file, key): line for key, line in sheet.bad.items()})

    def reject(self, row: Row, column: str, reason: str) -> None:
        """Leave a row out."""
        if (row.file, row.line) not in self.bad_lines:
            self.bad_lines.add((row.file, row.line))
            self.tallies[row.file].bad += 1
            self.advance(row.file, 1)
        self.problems.append(row.problem(column, reason))
        self.bad[row.file, row.key] = row.line

    def unknown(self, what: str, key: str, file: str) -> str:
        """Why a reference leads nowhere."""
        line = self.bad.get((file, key))
        return f"unknown {what} {key!r}" if line is None else f"{what} {key!r} was left out: see {file}:{line}"

    def resolve(self, rows: Iterable[Row], column: str, known: Mapping[str, Any], what: str, file: str) -> list[Row]:
        """The rows whose references in a column (one or a tuple) are all known; the others are rejected."""
        good = []
        for row in rows:
            value = row[column]
            keys = value if isinstance(value, tuple) else (value,) if value else ()
            lost = [key for key in keys if key not in known]
            for key in lost:
                self.reject(row, column, self.unknown(what, key, file))
            if not lost:
                good.append(row)
        return good

    def count(self, row: Row, outcome: str) -> None:
        tally = self.tallies[row.file]
        setattr(tally, outcome, getattr(tally, outcome) + 1)
        self.advance(row.file, 1)

    def upsert(
        self,
        rows: Iterable[Row],
        existing: Mapping[str, T],
        make: Callable[[Row], T],
        fill: Callable[[T, Row], Collection[Any] | None],
        digest: Callable[[Row], str] = Row.digest,
    ) -> "list[Outcome[T]]":
        """Add what is new, fill again what its row says differently now, leave the rest alone.

        `fill` writes the row into the thing and returns the children it may have changed. What
        comes out the same is left alone too, digest included: an export of what was edited here
        can be loaded without a trace.
        """
        outcomes: list[Outcome[T]] = []
        with db.session.no_autoflush:
            for row in rows:
                fingerprint = digest(row)
                thing = existing.get(row.key)
                is_new = thing is None
                if thing is None:
                    thing = make(row)
                    db.session.add(thing)
                elif thing.import_digest == fingerprint:
                    self.count(row, "unchanged")
                    continue
                children = fill(thing, row) or ()
                changes = {} if is_new else differences(thing, children)
                if not is_new and not changes:
                    self.count(row, "unchanged")
                    continue
                thing.import_key = row.key
                thing.import_digest = fingerprint
                self.count(row, "added" if is_new else "changed")
                outcomes.append(Outcome(thing, row, is_new, changes))
        db.session.flush()
        return outcomes

    def record(self, kind: str, outcomes: "Iterable[Outcome[Any]]") -> list[int]:
        """Leave one entry a thing in the trace; returns the ids, for the search outbox."""
        ids = []
        for outcome in outcomes:
            action = f"{kind}.imported" if outcome.is_new else f"{kind}.imported_again"
            audit.record(SYSTEM, action, kind, outcome.thing.id, outcome.changes, now=self.now)
            ids.append(outcome.thing.id)
        return ids

    def trace(self, action: str, kind: str, subject_id: int, **counts: int) -> None:
        """Leave one entry that says how many rows of a thing were added and changed."""
        audit.record(SYSTEM, action, kind, subject_id, {name: (0, n) for name, n in counts.items()}, now=self.now)


def existing(model: type[T], rows: Sequence[Row], by: Any, *options: ORMOption) -> dict[str, T]:
    """Key → thing of what the rows are about: known by import key, or by `by` (a column) when made here."""
    found: dict[str, T] = {}
    for keys in chunks([row.key for row in rows]):
        made_here: ColumnElement[bool] = by.in_(keys) & model.import_key.is_(None)
        for thing in db.session.scalars(select(model).where(made_here).options(*options)):
            found[getattr(thing, by.key)] = thing
        for thing in db.session.scalars(select(model).where(model.import_key.in_(keys)).options(*options)):
            found[str(thing.import_key)] = thing
    return found


def keys_of(model: type[T], by: Any) -> dict[str, int]:
    """Key → id of everything there is: by import key, or by `by` (a column) for what was made here."""
    rows = db.session.execute(select(model.import_key, by, model.id)).all()  # type: ignore[attr-defined]
    made_here = {str(own): id for import_key, own, id in rows if import_key is None}
    return made_here | {import_key: id for import_key, _own, id in rows if import_key is not None}


def keep(children: list[C], wanted: Mapping[Hashable, Callable[[], C]], key: Callable[[C], Hashable]) -> list[C]:
    """Make a list of children hold exactly the wanted keys; those that stay are the same objects."""
    for child in [child for child in children if key(child) not in wanted]:
        children.remove(child)
    there = {key(child) for child in children}
    children.extend(make() for one, make in wanted.items() if one not in there)
    return children


def tie(children: list[Any], column: str, values: Iterable[Hashable], model: Callable[..., Any]) -> bool:
    """`keep` for children that only name another thing, or a word, in one column. Whether that changed any."""
    wanted = {value: partial(model, **{column: value}) for value in values}
    before = {getattr(child, column) for child in children}
    keep(children, wanted, lambda child: getattr(child, column))
    return before != set(wanted)


def differences(thing: Any, children: Iterable[Any] = ()) -> dict[str, tuple[Any, Any]]:
    """Field → (before, after) of what the session would write; of lists, how many there are."""
    changes: dict[str, tuple[Any, Any]] = {}
    for attribute in inspect(thing).attrs:
        history = attribute.history
        if not history.has_changes():
            continue
        if attribute.key in inspect(thing).mapper.relationships:
            kept = len(history.unchanged or ())
            changes[attribute.key] = (kept + len(history.deleted or ()), kept + len(history.added or ()))
        else:
            changes[attribute.key] = (next(iter(history.deleted or ()), None), next(iter(history.added or ()), None))
    for child in children:
        if inspect(child).persistent and db.session.is_modified(child):
            for name, change in differences(child).items():
                changes.setdefault(f"{child.__tablename__}.{name}", change)
    return changes


def flag(thing: Any) -> None:
    """Let a thing count as changed (a new version) when only its children were."""
    flag_modified(thing, "import_digest")


def chunks(keys: Sequence[K]) -> Iterable[Sequence[K]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
