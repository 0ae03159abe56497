"""Moving assessments on, and judging by the rules what the registers say."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.core import audit, clock, generations
from portal.core.dates import PartialDate
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.permissions import SYSTEM, Actor, require
from portal.municipalities.models import Indicator, Observation
from portal.progress.models import (
    Assessment,
    Basis,
    Dimension,
    Evidence,
    EvidenceKind,
    StageRule,
    State,
)
from portal.progress.permissions import OUT
from portal.progress.queries import framework_on
from portal.search.outbox import touch

KIND = "assessment"

VALUE = "{value}"
"""Stands in the sentence of a rule for the value that meets it."""

NEXT: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SENT}),
    State.SENT: frozenset({State.CONFIRMED, State.DISPUTED, State.NO_REPLY}),
    State.CONFIRMED: frozenset({State.PUBLISHED}),
    State.DISPUTED: frozenset({State.PUBLISHED}),
    State.NO_REPLY: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
}
OTHERWISE: Mapping[Basis, Mapping[State, frozenset[State]]] = {
    # What a register says is public already: it needs no answer before it is shown.
    Basis.REGISTER: {**NEXT, State.DRAFT: frozenset({State.SENT, State.PUBLISHED})},
    # Nobody asks a municipality whether it agrees with itself.
    Basis.SELF: {**NEXT, State.DRAFT: frozenset({State.CONFIRMED})},
    # The editors have looked at what the municipality said itself, and it is so.
    Basis.VERIFIED: {**NEXT, State.DRAFT: frozenset({State.SENT, State.CONFIRMED})},
}

Cell = tuple[int, int]
"""A municipality and a dimension."""


def move(assessment: Assessment, to: State, *, actor: Actor, now: datetime) -> None:
    """Take an assessment one step on. `Conflict` where that step does not follow."""
    require(actor, "assessment.edit", assessment)
    step(assessment, to, actor=actor, now=now)


def step(assessment: Assessment, to: State, *, actor: Actor, now: datetime) -> None:
    """`move` for callers who have asked whether the actor may: the municipality's own people, or by its link."""
    before = assessment.state
    if to not in OTHERWISE.get(assessment.basis, NEXT)[before]:
        raise Conflict(f"an assessment that is {before} cannot become {to}")
    assessment.state = to
    if to is State.PUBLISHED:
        assessment.published_at = now
    if to is State.SUPERSEDED:
        assessment.superseded_at = now
    db.session.flush()
    trace(assessment, str(to), {"state": (before, to), "stage": (None, assessment.stage)}, actor=actor, now=now)
    if to in OUT:
        touch("municipality", assessment.municipality_id)


def put_in_force(assessment: Assessment, *, actor: Actor, now: datetime) -> None:
    """Let an assessment hold; the one before ends. What was disputed and never held joins the series as well.

    The caller has asked whether the actor may.
    """
    cell = (
        Assessment.municipality_id == assessment.municipality_id,
        Assessment.dimension_id == assessment.dimension_id,
        Assessment.id != assessment.id,
    )
    ending = select(Assessment).where(*cell, Assessment.state.in_((State.PUBLISHED, State.DISPUTED)))
    for one in db.session.scalars(ending.order_by(Assessment.state.desc())).all():
        if one.state is State.DISPUTED:
            step(one, State.PUBLISHED, actor=actor, now=now)
        step(one, State.SUPERSEDED, actor=actor, now=now)
    step(assessment, State.PUBLISHED, actor=actor, now=now)


def trace(
    assessment: Assessment, what: str, changes: Mapping[str, tuple[Any, Any]], *, actor: Actor, now: datetime
) -> None:
    """Note what was done to an assessment, and that pages which show it have changed."""
    audit.record(actor, f"{KIND}.{what}", KIND, assessment.id, changes, now=now)
    generations.bump(KIND)


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that is met, and the observation that meets it."""

    rule: StageRule
    observation: Any

    @property
    def holds_until(self) -> date | None:
        """None where nobody knows when it was so."""
        began = beginning(self.observation.period)
        return began.replace(year=began.year + self.rule.holds_years) if began else None

    @property
    def rank(self) -> tuple[int, date]:
        return self.rule.stage, self.holds_until or date.min


def beginning(period: str) -> date | None:
    """The first day of a period as the registers write them: `2024-02`, `2019–2021`, `c. 2019–2020`, `undated`."""
    first = period.removeprefix("c. ").replace("/", "–").partition("–")[0].strip()
    try:
        day = PartialDate.parse(first).day
    except ValueError:
        return None
    return day.replace(day=28) if (day.month, day.day) == (2, 29) else day


def apply_rules(now: datetime) -> None:
    """Judge every municipality anew by the rules of the framework in force. What comes out the same stays as it is.

    What people have judged is left alone. Where no rule is met any more, the register's own assessment ends and the
    stage is unknown again.
    """
    today = now.astimezone(clock.COPENHAGEN).date()
    framework = framework_on(today)
    if framework is None:
        return
    found = _findings(framework.id)
    in_force = _in_force(framework.id)
    for cell in sorted({*found, *in_force}):
        there, met = in_force.get(cell), found.get(cell, [])
        if there is not None and (there.basis is not Basis.REGISTER or there.fingerprint == _fingerprint(met)):
            continue
        if there is not None:
            move(there, State.SUPERSEDED, actor=SYSTEM, now=now)
        if met:
            assessment = _assessment(cell, met, today)
            db.session.add(assessment)
            db.session.flush()
            move(assessment, State.PUBLISHED, actor=SYSTEM, now=now)


def _findings(framework_id: int) -> dict[Cell, list[Found]]:
    """Cell → what is met there, what takes the municipality furthest first."""
    rules = db.session.scalars(
        select(StageRule)
        .join(Dimension, StageRule.dimension_id == Dimension.id)
        .where(Dimension.framework_id == framework_id, StageRule.words != "")
        .order_by(StageRule.position)
    ).all()
    columns = (
        Observation.municipality_id,
        Observation.indicator_id,
        Observation.word,
        Observation.period,
        Observation.source_url,
        Observation.retrieved,
        Indicator.slug.label("indicator"),
        Indicator.source_name,
    )
    said: dict[tuple[int, str], list[Any]] = {}
    for row in db.session.execute(
        select(*columns)
        .join(Indicator, Observation.indicator_id == Indicator.id)
        .where(Observation.indicator_id.in_({rule.indicator_id for rule in rules}))
        .order_by(Observation.municipality_id, Observation.period, Observation.word)
    ):
        said.setdefault((row.indicator_id, row.word), []).append(row)
    found: dict[Cell, list[Found]] = {}
    for rule in rules:
        for word in rule.words.split(";"):
            for row in said.get((rule.indicator_id, word), ()):
                found.setdefault((row.municipality_id, rule.dimension_id), []).append(Found(rule, row))
    return {cell: sorted(met, key=lambda one: one.rank, reverse=True) for cell, met in found.items()}


def _in_force(framework_id: int) -> dict[Cell, Assessment]:
    statement = (
        select(Assessment)
        .join(Dimension, Assessment.dimension_id == Dimension.id)
        .where(Dimension.framework_id == framework_id, Assessment.state == State.PUBLISHED)
    )
    return {(one.municipality_id, one.dimension_id): one for one in db.session.scalars(statement)}


def _assessment(cell: Cell, met: Sequence[Found], today: date) -> Assessment:
    return Assessment(
        municipality_id=cell[0],
        dimension_id=cell[1],
        stage=met[0].rule.stage,
        is_least=True,
        basis=Basis.REGISTER,
        state=State.DRAFT,
        assessed_on=today,
        valid_until=met[0].holds_until,
        fingerprint=_fingerprint(met),
        evidence=[_evidence(position, one) for position, one in enumerate(met)],
    )


def _evidence(position: int, found: Found) -> Evidence:
    rule, said = found.rule, found.observation
    return Evidence(
        position=position,
        kind=EvidenceKind.REGISTER,
        stage=rule.stage,
        sentence_da=rule.sentence_da.replace(VALUE, said.word),
        sentence_en=rule.sentence_en.replace(VALUE, said.word),
        rule=rule.slug,
        indicator=said.indicator,
        value=said.word,
        period=said.period,
        url=said.source_url,
        source_name=said.source_name,
        retrieved=said.retrieved,
    )


def _fingerprint(met: Sequence[Found]) -> str:
    """The same as long as the same is said on the same grounds."""
    if not met:
        return ""
    said = [
        [
            one.rule.slug,
            one.rule.stage,
            one.rule.holds_years,
            one.rule.sentence_da,
            one.rule.sentence_en,
            one.observation.word,
            one.observation.period,
            one.observation.source_url,
        ]
        for one in met
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
