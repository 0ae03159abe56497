"""Judging how far a municipality has come, by the editors or by its own people, and what the judgement rests on."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.partners.models import Partner
from portal.progress.models import Assessment, Basis, Dimension, Evidence, EvidenceKind, Reply, State
from portal.progress.operations import put_in_force, step, trace
from portal.progress.permissions import may_edit, may_own

HOLDS_YEARS = 2
"""For how long what people judge counts, unless they say otherwise."""
MOST_EVIDENCE = 12
WRITTEN = (State.DRAFT, State.SENT, State.CONFIRMED, State.NO_REPLY)
"""Judged and not in force yet: of these a cell has at most one by the editors and one by each municipality."""


@dataclass(frozen=True)
class Judgement:
    """A stage with its reasons, as its form says it. Without a stage: nobody knows."""

    stage: int | None
    assessed_on: date
    valid_until: date | None
    remark_da: str = ""
    remark_en: str = ""


@dataclass(frozen=True)
class Piece:
    """Something that a judgement rests on, as its form says it. `period` is the day that it tells of."""

    kind: EvidenceKind
    sentence_da: str
    sentence_en: str
    url: str
    period: str
    value: str = ""
    """A project's slug."""


def may_write(actor: Actor, assessment: Assessment) -> bool:
    """Whether somebody may still change what a draft says."""
    return assessment.state is State.DRAFT and (may_edit(actor, assessment) or may_own(actor, assessment))


def begin(
    municipality_id: int,
    dimension: Dimension,
    said: Judgement,
    *,
    actor: Actor,
    now: datetime,
    partner: Partner | None = None,
) -> Assessment:
    """A draft, by the editors, or by the municipality's own people where its `partner` is given.

    `Conflict` while another one of theirs is under way: that one is to be finished first.
    """
    assessment = Assessment(
        municipality_id=municipality_id,
        dimension_id=dimension.id,
        basis=Basis.SELF if partner else Basis.STAFF,
        state=State.DRAFT,
        assessed_by_id=actor.account_id,
        partner_id=partner.id if partner else None,
        evidence=[],
    )
    if partner:
        require(actor, "partner.assess", partner)
        if partner.municipality_id != municipality_id:
            raise Invalid("municipality", "is another one")
    else:
        require(actor, "assessment.edit", assessment)
    if under_way(municipality_id, dimension.id, assessment.partner_id) is not None:
        raise Conflict("this dimension is being judged already")
    _fill(assessment, said, now)
    db.session.add(assessment)
    db.session.flush()
    trace(assessment, "begun", {"stage": (None, said.stage)}, actor=actor, now=now)
    return assessment


def under_way(municipality_id: int, dimension_id: int, partner_id: int | None) -> int | None:
    """The number of the judgement of a cell that is not in force yet, by the editors or by a municipality."""
    whose = Assessment.partner_id.is_(None) if partner_id is None else Assessment.partner_id == partner_id
    cell = Assessment.municipality_id == municipality_id, Assessment.dimension_id == dimension_id
    written = select(Assessment.id).where(*cell, whose, Assessment.state.in_(WRITTEN))
    return db.session.scalars(written.order_by(Assessment.id).limit(1)).first()


def revise(assessment: Assessment, said: Judgement, *, actor: Actor, now: datetime) -> None:
    """Say anew what a draft says."""
    _require_draft(actor, assessment)
    before = {name: getattr(assessment, name) for name in asdict(said)}
    changes = {name: (before[name], value) for name, value in asdict(said).items() if before[name] != value}
    if changes:
        _fill(assessment, said, now)
        db.session.flush()
        trace(assessment, "revised", changes, actor=actor, now=now)


def drop(assessment: Assessment, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away."""
    _require_draft(actor, assessment)
    trace(assessment, "dropped", {"stage": (assessment.stage, None)}, actor=actor, now=now)
    for piece in assessment.evidence:
        db.session.delete(piece)
    db.session.flush()
    db.session.delete(assessment)
    db.session.flush()


def add_evidence(assessment: Assessment, piece: Piece, *, actor: Actor, now: datetime) -> Evidence:
    """Point to something that the draft rests on."""
    _require_draft(actor, assessment)
    if len(assessment.evidence) >= MOST_EVIDENCE:
        raise Invalid("evidence", "there is too much")
    last = db.session.scalar(select(func.max(Evidence.position)).where(Evidence.assessment_id == assessment.id))
    evidence = Evidence(
        assessment_id=assessment.id,
        position=0 if last is None else last + 1,
        stage=assessment.stage,
        retrieved="",
        **asdict(piece),
    )
    db.session.add(evidence)
    db.session.flush()
    told = {"evidence": (None, piece.sentence_da or piece.sentence_en), "url": (None, piece.url)}
    trace(assessment, "evidence_added", told, actor=actor, now=now)
    return evidence


def remove_evidence(assessment: Assessment, evidence: Evidence, *, actor: Actor, now: datetime) -> None:
    """Take something away that the draft was to rest on."""
    _require_draft(actor, assessment)
    told = {"evidence": (evidence.sentence_da or evidence.sentence_en, None), "url": (evidence.url, None)}
    db.session.delete(evidence)
    db.session.flush()
    trace(assessment, "evidence_removed", told, actor=actor, now=now)


def hand_in(assessment: Assessment, *, actor: Actor, now: datetime) -> None:
    """Let a municipality's own assessment hold at once, as its own: nobody else has looked at it."""
    require(actor, "assessment.own", assessment)
    require_grounds(assessment)
    _agreed(assessment, now)
    step(assessment, State.CONFIRMED, actor=actor, now=now)
    put_in_force(assessment, actor=actor, now=now)


def publish(assessment: Assessment, *, actor: Actor, now: datetime) -> None:
    """Let an assessment hold that the municipality has confirmed, disputed or not answered."""
    require(actor, "assessment.edit", assessment)
    put_in_force(assessment, actor=actor, now=now)


def verify(assessment: Assessment, *, actor: Actor, now: datetime) -> Assessment:
    """The editors have looked at what a municipality said of itself, and it is so: the next of the series says that."""
    require(actor, "assessment.edit", assessment)
    if assessment.basis is not Basis.SELF or assessment.state is not State.PUBLISHED:
        raise Conflict("only a municipality's own assessment that is in force can be verified")
    verified = copy_of(assessment, assessment.dimension_id, Basis.VERIFIED)
    verified.assessed_on = now.astimezone(clock.COPENHAGEN).date()
    verified.assessed_by_id = actor.account_id
    db.session.add(verified)
    _agreed(verified, now)
    db.session.flush()
    trace(verified, "begun", {"stage": (None, verified.stage)}, actor=actor, now=now)
    step(verified, State.CONFIRMED, actor=actor, now=now)
    put_in_force(verified, actor=actor, now=now)
    return verified


def copy_of(assessment: Assessment, dimension_id: int, basis: Basis) -> Assessment:
    """The same said again, as a draft of its own. Its dispute, and what was answered, stay with the first one."""
    kept = ("municipality_id", "stage", "is_least", "assessed_on", "assessed_by_id", "valid_until")
    told = ("remark_da", "remark_en", "partner_id")
    grounds = ("position", "kind", "stage", "sentence_da", "sentence_en", "rule", "indicator", "value", "period")
    sources = ("url", "source_name", "retrieved")
    return Assessment(
        dimension_id=dimension_id,
        basis=basis,
        state=State.DRAFT,
        evidence=[
            Evidence(**{name: getattr(one, name) for name in (*grounds, *sources)}) for one in assessment.evidence
        ],
        **{name: getattr(assessment, name) for name in (*kept, *told)},
    )


def _agreed(assessment: Assessment, now: datetime) -> None:
    assessment.reply, assessment.replied_at = Reply.CONFIRMED, now


def _fill(assessment: Assessment, said: Judgement, now: datetime) -> None:
    today = now.astimezone(clock.COPENHAGEN).date()
    if said.assessed_on > today:
        raise Invalid("assessed_on", "is in the future")
    if said.valid_until is not None and said.valid_until <= said.assessed_on:
        raise Invalid("valid_until", "is not after the assessment")
    for name, value in asdict(said).items():
        setattr(assessment, name, value)


def _require_draft(actor: Actor, assessment: Assessment) -> None:
    require(actor, "assessment.own" if assessment.basis is Basis.SELF else "assessment.edit", assessment)
    if assessment.state is not State.DRAFT:
        raise Conflict("only a draft can be changed")


def require_grounds(assessment: Assessment) -> None:
    """`Invalid` for a stage that rests on nothing: it cannot be sent or handed in."""
    if assessment.stage is not None and not assessment.evidence:
        raise Invalid("evidence", "is missing")
