"""How often municipalities are asked by others; counts alone, for nothing else is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from portal.core.db import read
from portal.municipalities.models import Municipality
from portal.progress.asking.models import PeerQuestion
from portal.progress.models import Dimension


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions there were, in all and since a day; each row has `questions`, `recent` and `by_partners`."""

    total: Any
    by_dimension: Sequence[Any]
    by_municipality: Sequence[Any]


def counts(since: datetime) -> Counts:
    """The questions in all, by what they were about and by who was asked; the most often first."""
    numbers = (
        func.count(PeerQuestion.id).label("questions"),
        func.count(case((PeerQuestion.at >= since, 1))).label("recent"),
        func.count(case((PeerQuestion.by_partner, 1))).label("by_partners"),
    )
    about = Dimension.slug, Dimension.name_da, Dimension.name_en
    asked = Municipality.slug, Municipality.name_da, Municipality.name_en
    by_dimension = (
        select(*about, *numbers)
        .join(Dimension, PeerQuestion.dimension_id == Dimension.id)
        .group_by(Dimension.id, *about)
        .order_by(numbers[0].desc(), Dimension.id)
    )
    by_municipality = (
        select(*asked, *numbers)
        .join(Municipality, PeerQuestion.asked_id == Municipality.id)
        .group_by(Municipality.id, Municipality.sort_key, *asked)
        .order_by(numbers[0].desc(), Municipality.sort_key)
    )
    return Counts(read(select(*numbers)).one(), read(by_dimension).all(), read(by_municipality).all())
