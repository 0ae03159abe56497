"""What a municipality is found by because of its stages: the dimensions that are known, and what they rest on."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.progress.models import Assessment, Dimension, State
from portal.progress.permissions import seen_by


def said_of(ids: Collection[int] | None) -> Mapping[int, tuple[str, str]]:
    """Municipality → Danish and English words of what holds of it. `ids`: these alone."""
    wanted = [Assessment.state == State.PUBLISHED, Assessment.stage.is_not(None), seen_by(VISITOR)]
    if ids is not None:
        wanted.append(Assessment.municipality_id.in_(ids))
    dimension = joinedload(Assessment.dimension).selectinload(Dimension.stages)
    statement = select(Assessment).where(*wanted).options(dimension, selectinload(Assessment.evidence))
    words: dict[int, tuple[list[str], list[str]]] = {}
    for one in db.session.scalars(statement.order_by(Assessment.dimension_id, Assessment.id)):
        da, en = words.setdefault(one.municipality_id, ([], []))
        meaning = next((stage for stage in one.dimension.stages if stage.stage == one.stage), None)
        da += [one.dimension.name_da, meaning.meaning_da if meaning else "", one.remark_da]
        en += [one.dimension.name_en, meaning.meaning_en if meaning else "", one.remark_en]
        da += [piece.sentence_da for piece in one.evidence]
        en += [piece.sentence_en for piece in one.evidence]
    return {place: (" ".join(filter(None, da)), " ".join(filter(None, en))) for place, (da, en) in words.items()}
