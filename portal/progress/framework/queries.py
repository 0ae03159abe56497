"""What the room of the framework asks: its versions, one with all its dimensions, and how two of them differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db, read
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.progress.framework.operations import means_the_same, said
from portal.progress.models import Assessment, Basis, Dimension, Framework, StageRule, State
from portal.progress.permissions import framework_seen_by
from portal.progress.queries import framework_on


@dataclass(frozen=True)
class Difference:
    """A dimension in two versions: what it was called, whether it came, went or stayed, and each text that changed."""

    name: Dimension
    what: str
    """`new`, `gone`, `changed` or `same`."""

    texts: Sequence[tuple[str, str, str]] = ()
    """(field, before, after)."""

    begins_anew: bool = False
    """What was judged by the one version does not hold by the other."""

    judged: int = 0
    """How many assessments by people are in force in the one before."""


def versions(actor: Actor) -> Sequence[Framework]:
    """Every version that the actor may see, the draft first, then the newest."""
    statement = select(Framework).where(framework_seen_by(actor))
    newest = (Framework.valid_from.is_not(None), Framework.valid_from.desc(), Framework.id.desc())
    return db.session.scalars(statement.order_by(*newest)).all()


def by_version(version: str, actor: Actor) -> Framework:
    """One version, if the actor may see it."""
    found = None
    if "\x00" not in version:
        wanted = select(Framework).where(Framework.version == version, framework_seen_by(actor))
        found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound("framework", version)
    return found


def dimensions_of(framework_id: int) -> Sequence[Dimension]:
    """The dimensions of a version in their order, with their stages."""
    statement = select(Dimension).where(Dimension.framework_id == framework_id)
    loads = (joinedload(Dimension.framework), selectinload(Dimension.stages))
    return db.session.scalars(statement.order_by(Dimension.position, Dimension.id).options(*loads)).all()


def dimension_of(framework: Framework, slug: str) -> Dimension:
    """One dimension of a version, with its stages."""
    found = next((one for one in dimensions_of(framework.id) if one.slug == slug), None)
    if found is None:
        raise NotFound("dimension", slug)
    return found


def rules_in(framework_id: int) -> int:
    """By how many rules registers count in a version."""
    statement = select(func.count()).select_from(StageRule).join(Dimension, StageRule.dimension_id == Dimension.id)
    return db.session.scalar(statement.where(Dimension.framework_id == framework_id, StageRule.words != "")) or 0


def compared(draft: Framework, today: date) -> list[Difference]:
    """How a draft differs from the version in force, dimension by dimension; what went is last."""
    before = framework_on(today)
    old = {one.slug: one for one in (dimensions_of(before.id) if before else ())}
    new = {one.slug: one for one in dimensions_of(draft.id)}
    judged = _judged([one.id for one in old.values()])
    found = []
    for slug, dimension in new.items():
        was = old.get(slug)
        if was is None:
            found.append(Difference(dimension, "new", [(name, "", text) for name, text in said(dimension).items()]))
            continue
        texts = [(name, said(was)[name], text) for name, text in said(dimension).items() if said(was)[name] != text]
        anew = not means_the_same(was, dimension)
        found.append(Difference(dimension, "changed" if texts else "same", texts, anew, judged.get(was.id, 0)))
    gone = [one for slug, one in old.items() if slug not in new]
    return [*found, *(Difference(one, "gone", (), begins_anew=True, judged=judged.get(one.id, 0)) for one in gone)]


def _judged(ids: Sequence[int]) -> dict[int, Any]:
    people = (Assessment.state == State.PUBLISHED, Assessment.basis != Basis.REGISTER)
    statement = select(Assessment.dimension_id, func.count()).where(Assessment.dimension_id.in_(ids), *people)
    return {row[0]: row[1] for row in read(statement.group_by(Assessment.dimension_id))}
