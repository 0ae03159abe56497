"""What pages ask about how far the municipalities have come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.permissions import Actor
from portal.municipalities.models import Municipality
from portal.progress import labels
from portal.progress.models import Assessment, Dimension, Dispute, Evidence, Framework, StageRule, State
from portal.progress.permissions import seen_by

LATEST = (Framework.valid_from.desc(), Framework.id.desc())
"""Of versions that began on one day, the one that came last."""

STAGE_NAMES = labels.STAGES
"""What the stages are called, from no activity to improve."""


@dataclass(frozen=True)
class Cell:
    """A municipality in a dimension: the assessment in force, or none, and those before it."""

    dimension: Dimension
    today: date
    now: Assessment | None = None
    earlier: Sequence[Assessment] = ()

    @property
    def stage(self) -> int | None:
        return self.now.stage if self.now else None

    @property
    def is_old(self) -> bool:
        """It rests on something that was so longer ago than it holds."""
        return self.now is not None and self.now.valid_until is not None and self.now.valid_until < self.today


@dataclass
class Coverage:
    """Of how many municipalities a dimension is known."""

    dimension: Dimension
    municipalities: int
    known: int = 0
    old: int = 0

    @property
    def unknown(self) -> int:
        return self.municipalities - self.known


def framework_on(day: date) -> Framework | None:
    """The version in force on a day."""
    statement = select(Framework).where(Framework.valid_from <= day).order_by(*LATEST).limit(1)
    return db.session.scalars(statement).first()


def dimensions_on(day: date) -> Sequence[Dimension]:
    """The dimensions in force on a day, with their stages, in their order."""
    latest = select(Framework.id).where(Framework.valid_from <= day).order_by(*LATEST).limit(1)
    statement = (
        select(Dimension)
        .where(Dimension.framework_id == latest.scalar_subquery())
        .order_by(Dimension.position, Dimension.id)
        .options(joinedload(Dimension.framework), selectinload(Dimension.stages))
    )
    return db.session.scalars(statement).all()


def cells_of(municipality_id: int, day: date, actor: Actor) -> list[Cell]:
    """How far a municipality has come, dimension by dimension, with the evidence and what was said against it.

    What was judged by an older version stands among what was judged earlier in the dimension of the same name.
    """
    dimensions = dimensions_on(day)
    named = select(Dimension.id).where(Dimension.slug.in_([one.slug for one in dimensions]))
    statement = (
        select(Assessment)
        .where(
            Assessment.municipality_id == municipality_id,
            Assessment.dimension_id.in_(named),
            Assessment.state.in_((State.PUBLISHED, State.SUPERSEDED)),
            seen_by(actor),
        )
        .order_by(Assessment.published_at.desc(), Assessment.id.desc())
        .options(
            selectinload(Assessment.evidence),
            joinedload(Assessment.dispute),
            joinedload(Assessment.dimension).joinedload(Dimension.framework),
        )
    )
    of: dict[str, list[Assessment]] = {}
    for assessment in db.session.scalars(statement):
        of.setdefault(assessment.dimension.slug, []).append(assessment)
    return [_cell(dimension, day, of.get(dimension.slug, ())) for dimension in dimensions]


def _cell(dimension: Dimension, day: date, assessments: Sequence[Assessment]) -> Cell:
    now = next((one for one in assessments if one.state is State.PUBLISHED and one.dimension_id == dimension.id), None)
    return Cell(dimension, day, now, [one for one in assessments if one is not now])


def coverage(dimensions: Sequence[Dimension], day: date, actor: Actor) -> list[Coverage]:
    """How much is known of all municipalities, dimension by dimension."""
    municipalities = db.session.scalar(select(func.count()).select_from(Municipality)) or 0
    found = {dimension.id: Coverage(dimension, municipalities) for dimension in dimensions}
    is_old = func.coalesce(Assessment.valid_until < day, False)
    statement = (
        select(Assessment.dimension_id, is_old, func.count())
        .where(
            Assessment.dimension_id.in_(found),
            Assessment.state == State.PUBLISHED,
            Assessment.stage.is_not(None),
            seen_by(actor),
        )
        .group_by(Assessment.dimension_id, is_old)
    )
    for dimension_id, old, count in db.session.execute(statement):
        of = found[dimension_id]
        of.known += count
        of.old += count if old else 0
    return list(found.values())


def rules_of(dimensions: Sequence[Dimension]) -> Mapping[int, Sequence[StageRule]]:
    """Dimension → the rules by which registers count in it."""
    statement = (
        select(StageRule)
        .where(StageRule.dimension_id.in_([dimension.id for dimension in dimensions]), StageRule.words != "")
        .order_by(StageRule.position)
        .options(joinedload(StageRule.indicator))
    )
    found: dict[int, list[StageRule]] = {}
    for rule in db.session.scalars(statement):
        found.setdefault(rule.dimension_id, []).append(rule)
    return found


def all_assessments(actor: Actor) -> Iterator[tuple[Any, Sequence[Evidence]]]:
    """Every assessment that held or holds, with its municipality, dimension and version, and its evidence."""
    out = (Assessment.state.in_((State.PUBLISHED, State.SUPERSEDED)), seen_by(actor))
    evidence: dict[int, list[Evidence]] = {}
    for one in db.session.scalars(
        select(Evidence)
        .join(Assessment, Evidence.assessment_id == Assessment.id)
        .where(*out)
        .order_by(Evidence.assessment_id, Evidence.position)
    ):
        evidence.setdefault(one.assessment_id, []).append(one)
    columns = (
        Assessment.__table__,
        Municipality.code,
        Municipality.slug,
        Municipality.name_da.label("place_da"),
        Municipality.name_en.label("place_en"),
        Dimension.slug.label("dimension"),
        Dimension.name_da.label("dimension_da"),
        Dimension.name_en.label("dimension_en"),
        Framework.version.label("framework"),
        Dispute.reason.label("dispute"),
        Dispute.note_da,
        Dispute.note_en,
    )
    statement = (
        select(*columns)
        .join(Municipality, Assessment.municipality_id == Municipality.id)
        .join(Dimension, Assessment.dimension_id == Dimension.id)
        .join(Framework, Dimension.framework_id == Framework.id)
        .outerjoin(Dispute, Dispute.assessment_id == Assessment.id)
        .where(*out)
        .order_by(Municipality.code, Dimension.position, Assessment.assessed_on, Assessment.id)
    )
    for row in db.session.execute(statement):
        yield row, evidence.get(row.id, ())
