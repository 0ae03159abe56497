"""What a thing has any number of, such as a project its milestones or a webinar its sessions: found, named, ordered.

`owner` is the column by which a part belongs to its thing. The slices write the operations, this is what they share.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.interfaces import ORMOption

from portal.core.bilingual import text_of
from portal.core.db import db
from portal.core.errors import NotFound

NAME_LENGTH = 120


def part_of(model: Any, owner: str, owner_id: int, part_id: int, *loads: ORMOption) -> Any:
    """The part with this id. `NotFound` when there is none, or it is another thing's."""
    mine = select(model).where(model.id == part_id, getattr(model, owner) == owner_id)
    part = db.session.scalar(mine.options(*loads))
    if part is None:
        raise NotFound(model.__tablename__, part_id)
    return part


def parts_of(model: Any, owner: str, owner_id: int, *loads: ORMOption) -> list[Any]:
    """All parts of a kind, in their order."""
    mine = select(model).where(getattr(model, owner) == owner_id).order_by(model.position, model.id)
    return list(db.session.scalars(mine.options(*loads)))


def put_last(part: Any, owner: str, owner_id: int) -> None:
    """Let a new part belong to its thing, after those that are there."""
    setattr(part, owner, owner_id)
    model = type(part)
    if hasattr(model, "position"):
        last = select(func.max(model.position)).where(getattr(model, owner) == owner_id)
        part.position = (db.session.scalar(last) or 0) + 1


def change_places(part: Any, owner: str, *, up: bool) -> tuple[int, int] | None:
    """Let a part change places with the one before or after it; (place before, place after), none at an end."""
    model = type(part)
    mine = select(model).where(getattr(model, owner) == getattr(part, owner))
    row = list(db.session.scalars(mine.order_by(model.position, model.id).with_for_update()))
    place = row.index(part)
    goal = place + (-1 if up else 1)
    if not 0 <= goal < len(row):
        return None
    row[place], row[goal] = row[goal], row[place]
    number(row)
    return place + 1, goal + 1


def number(row: list[Any]) -> None:
    """Let the parts stand in this order."""
    for position, one in enumerate(row, start=1):
        one.position = position


def name_of(part: Any) -> str:
    """What a part is called in the trace: the first of its texts."""
    return str(text_of(part, part.pairs[0]))[:NAME_LENGTH]


def anchor(noun: str, part_id: int) -> str:
    """The id of a part on the page that lists it."""
    return f"{noun.replace('_', '-')}-{part_id}"
