"""Writing the next version of the framework as a draft, and putting it in force. What was in force stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit, clock, generations, slugs
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.core.slugs import slugify
from portal.progress.assessing.operations import copy_of
from portal.progress.models import (
    STAGES,
    Assessment,
    Basis,
    Dimension,
    Framework,
    Reply,
    StageMeaning,
    StageRule,
    State,
)
from portal.progress.operations import KIND as ASSESSMENTS
from portal.progress.operations import apply_rules, trace
from portal.progress.queries import framework_on
from portal.search.outbox import touch

KIND = "framework"
MOST_DIMENSIONS = 12
Changes = Mapping[str, tuple[Any, Any]]
TEXTS = ("name_da", "name_en", "asks_da", "asks_en")


@dataclass(frozen=True)
class Wording:
    """A dimension as its form says it. `meanings`: stage → (Danish, English)."""

    name_da: str
    name_en: str
    asks_da: str
    asks_en: str
    refers_to: Sequence[str]
    meanings: Mapping[int, tuple[str, str]]


def begin(*, actor: Actor, now: datetime) -> Framework:
    """A draft of the next version: the one in force, copied, with the rules by which registers count.

    There is one at most; while there is, that one is returned.
    """
    there = db.session.scalars(select(Framework).where(Framework.valid_from.is_(None))).first()
    if there is not None:
        require(actor, "framework.edit", there)
        return there
    today = now.astimezone(clock.COPENHAGEN).date()
    before = framework_on(today)
    draft = Framework(version=_next_version(today.year), based_on_id=before.id if before else None)
    require(actor, "framework.edit", draft)
    db.session.add(draft)
    db.session.flush()
    for dimension in _dimensions(before.id) if before else ():
        _copy(dimension, draft, now)
    _trace(draft, "begun", {"version": (before.version if before else None, draft.version)}, actor, now)
    return draft


def _next_version(year: int) -> str:
    used = set(db.session.scalars(select(Framework.version)))
    return next(name for number in range(1, len(used) + 2) if (name := f"{year}-{number}") not in used)


def _dimensions(framework_id: int) -> Sequence[Dimension]:
    statement = select(Dimension).where(Dimension.framework_id == framework_id)
    return db.session.scalars(statement.order_by(Dimension.position).options(selectinload(Dimension.stages))).all()


def _copy(dimension: Dimension, draft: Framework, now: datetime) -> None:
    again = Dimension(
        framework_id=draft.id,
        slug=dimension.slug,
        position=dimension.position,
        refers_to=dimension.refers_to,
        source_url=dimension.source_url,
        stages=[
            StageMeaning(stage=one.stage, meaning_da=one.meaning_da, meaning_en=one.meaning_en)
            for one in dimension.stages
        ],
    ).write(now, **{name: getattr(dimension, name) for name in TEXTS})
    db.session.add(again)
    db.session.flush()
    taken = slugs.in_use("stage_rule", StageRule.slug)
    for rule in db.session.scalars(select(StageRule).where(StageRule.dimension_id == dimension.id)):
        copied = StageRule(
            slug=slugs.free(f"{_plain(rule.slug)}-{draft.version}", str(again.id), taken),
            position=rule.position,
            dimension_id=again.id,
            indicator_id=rule.indicator_id,
            words=rule.words,
            stage=rule.stage,
            holds_years=rule.holds_years,
        )
        db.session.add(copied.write(now, sentence_da=rule.sentence_da, sentence_en=rule.sentence_en))
    db.session.flush()


def _plain(slug: str) -> str:
    """A rule's name without the version it was copied for."""
    versions = db.session.scalars(select(Framework.version)).all()
    return next((slug.removesuffix(f"-{one}") for one in versions if slug.endswith(f"-{one}")), slug)


def add_dimension(draft: Framework, wording: Wording, *, actor: Actor, now: datetime) -> Dimension:
    """One dimension more, after the others."""
    require(actor, "framework.edit", draft)
    there = _dimensions(draft.id)
    if len(there) >= MOST_DIMENSIONS:
        raise Invalid("name_en", "there are too many dimensions")
    used = {one.slug for one in there} | slugs.RESERVED
    dimension = Dimension(
        framework_id=draft.id,
        slug=slugs.free(slugify(wording.name_en), str(len(there) + 1), used),
        position=max((one.position for one in there), default=-1) + 1,
        stages=[StageMeaning(stage=stage, meaning_da="", meaning_en="") for stage in STAGES],
    )
    _fill(dimension, wording, now)
    db.session.add(dimension)
    db.session.flush()
    _trace(draft, "dimension_added", {"name_en": (None, wording.name_en)}, actor, now)
    return dimension


def revise_dimension(dimension: Dimension, wording: Wording, *, actor: Actor, now: datetime) -> None:
    """Say a dimension of a draft anew. `dimension` comes with its framework and stages."""
    require(actor, "framework.edit", dimension.framework)
    before = said(dimension)
    after = _said(wording)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if changes:
        _fill(dimension, wording, now)
        db.session.flush()
        _trace(dimension.framework, "dimension_revised", {"dimension": (None, dimension.slug), **changes}, actor, now)


def remove_dimension(dimension: Dimension, *, actor: Actor, now: datetime) -> None:
    """Take a dimension out of a draft, with its rules."""
    require(actor, "framework.edit", dimension.framework)
    draft = dimension.framework
    _trace(draft, "dimension_removed", {"name_en": (dimension.name_en, None)}, actor, now)
    _forget(dimension)
    db.session.flush()


def move_dimension(dimension: Dimension, *, up: bool, actor: Actor, now: datetime) -> None:
    """Let a dimension change places with the one before it, or after it."""
    require(actor, "framework.edit", dimension.framework)
    there = list(_dimensions(dimension.framework_id))
    place = next(number for number, one in enumerate(there) if one.id == dimension.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(there):
        return
    there[place], there[other] = there[other], there[place]
    for number, one in enumerate(there):
        one.position = number
    db.session.flush()
    _trace(dimension.framework, "dimension_moved", {"dimension": (None, dimension.slug)}, actor, now)


def drop(draft: Framework, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away."""
    require(actor, "framework.edit", draft)
    _trace(draft, "dropped", {"version": (draft.version, None)}, actor, now)
    for dimension in _dimensions(draft.id):
        _forget(dimension)
    db.session.flush()
    db.session.delete(draft)
    db.session.flush()


def put_in_force(draft: Framework, *, actor: Actor, now: datetime) -> None:
    """Let a draft hold from today. What was judged by the version before stays with it, as it was.

    Where the stages of a dimension mean word for word what they did, what people have judged is said again by the new
    version. In all others nothing is known by it yet but what registers tell.
    """
    require(actor, "framework.edit", draft)
    today = now.astimezone(clock.COPENHAGEN).date()
    before = framework_on(today)
    dimensions = _dimensions(draft.id)
    if missing := unfinished(dimensions):
        raise Conflict(f"a text is missing in {missing[0].slug}")
    if not dimensions:
        raise Conflict("there is no dimension")
    draft.valid_from = today
    db.session.flush()
    _trace(draft, "put_in_force", {"version": (before.version if before else None, draft.version)}, actor, now)
    known = {one.slug: one for one in (_dimensions(before.id) if before else ())}
    for dimension in dimensions:
        if dimension.slug in known and means_the_same(known[dimension.slug], dimension):
            _say_again(known[dimension.slug], dimension, actor, now)
    apply_rules(now)
    generations.bump(ASSESSMENTS)


def unfinished(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Those in which a text is missing in one of the languages."""
    return [one for one in dimensions if not all(value for name, value in said(one).items() if name != "refers_to")]


def means_the_same(one: Dimension, other: Dimension) -> bool:
    """Whether what is judged by the one holds by the other: the stages mean the same, word for word."""
    return _meanings(one) == _meanings(other)


def _meanings(dimension: Dimension) -> dict[int, tuple[str, str]]:
    return {one.stage: (one.meaning_da, one.meaning_en) for one in dimension.stages}


def _say_again(old: Dimension, new: Dimension, actor: Actor, now: datetime) -> None:
    judged = (
        Assessment.dimension_id == old.id,
        Assessment.state == State.PUBLISHED,
        Assessment.basis != Basis.REGISTER,
    )
    statement = select(Assessment).where(*judged).options(selectinload(Assessment.evidence))
    for one in db.session.scalars(statement.order_by(Assessment.id)).all():
        again = copy_of(one, new.id, one.basis)
        again.reply = one.reply if one.reply is not Reply.DISPUTED else None
        again.replied_at = one.replied_at if again.reply else None
        again.state, again.published_at = State.PUBLISHED, now
        db.session.add(again)
        db.session.flush()
        trace(again, "carried_over", {"from": (one.id, again.id)}, actor=actor, now=now)
        touch("municipality", one.municipality_id)


def said(dimension: Dimension) -> dict[str, str]:
    """Every text of a dimension by its field, as a reader of changes sees them."""
    texts = {name: str(getattr(dimension, name)) for name in TEXTS}
    texts["refers_to"] = dimension.refers_to
    for one in dimension.stages:
        texts[f"level_{one.stage}_da"], texts[f"level_{one.stage}_en"] = one.meaning_da, one.meaning_en
    return texts


def _said(wording: Wording) -> dict[str, str]:
    texts = {name: str(getattr(wording, name)) for name in TEXTS}
    texts["refers_to"] = ";".join(wording.refers_to)
    for stage, (da, en) in wording.meanings.items():
        texts[f"level_{stage}_da"], texts[f"level_{stage}_en"] = da, en
    return texts


def _fill(dimension: Dimension, wording: Wording, now: datetime) -> None:
    dimension.write(now, **{name: getattr(wording, name) for name in TEXTS})
    dimension.refers_to = ";".join(wording.refers_to)
    for one in dimension.stages:
        one.meaning_da, one.meaning_en = wording.meanings[one.stage]
    # The texts of the stages are rows of their own: whoever edits the dimension meanwhile is to see it changed.
    flag_modified(dimension, "refers_to")


def _forget(dimension: Dimension) -> None:
    for rule in db.session.scalars(select(StageRule).where(StageRule.dimension_id == dimension.id)).all():
        db.session.delete(rule)
    for meaning in dimension.stages:
        db.session.delete(meaning)
    db.session.flush()
    db.session.delete(dimension)


def _trace(framework: Framework, what: str, changes: Changes, actor: Actor, now: datetime) -> None:
    audit.record(actor, f"{KIND}.{what}", KIND, framework.id, changes, now=now)
    generations.bump(ASSESSMENTS)
