"""Taking in what registers say of a municipality. A value that its source corrects is kept beside the new one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, inspect, select

from portal.core import audit, generations
from portal.core.db import db
from portal.core.permissions import Actor, require
from portal.municipalities.models import EarlierValue, Missing, Observation
from portal.search import outbox

KIND = "municipality"


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says: a number, a word or why there is none, and where that stands."""

    number: Decimal | None = None
    word: str = ""
    missing: Missing | None = None
    source_url: str = ""
    source_note: str = ""
    via: str = ""
    retrieved: str = ""

    @property
    def value(self) -> tuple[Decimal | None, str, Missing | None]:
        return self.number, self.word, self.missing

    @classmethod
    def by(cls, thing: Observation | EarlierValue) -> "Said":
        return cls(**{column: getattr(thing, column) for column in cls.__slots__})


def say(observation: Observation, said: Said, now: datetime) -> None:
    """Let an observation say this. Where it said another value before, that one is kept."""
    if inspect(observation).persistent and Said.by(observation).value != said.value:
        db.session.add(_earlier(observation, now))
    _write(observation, said)


def observe(municipality_id: int, indicator_id: int, period: str, said: Said, key: str, *, actor: Actor) -> Observation:
    """A new observation. `key` is its id in the files; who calls leaves the trace by `note`."""
    require(actor, "observation.edit", None)
    observation = Observation(municipality_id=municipality_id, indicator_id=indicator_id, period=period, import_key=key)
    _write(observation, said)
    db.session.add(observation)
    return observation


def correct(observation: Observation, said: Said, *, actor: Actor, now: datetime) -> None:
    """Let an observation say what its source says now; who calls leaves the trace by `note`."""
    require(actor, "observation.edit", observation)
    say(observation, said, now)


def take_back(observation: Observation, before: Said, *, actor: Actor) -> None:
    """Set an observation back to what it said before a correction, which then was none."""
    require(actor, "observation.edit", observation)
    kept = (
        select(EarlierValue)
        .where(EarlierValue.observation_id == observation.id)
        .order_by(EarlierValue.id.desc())
        .limit(1)
    )
    last = db.session.scalar(kept)
    if last is not None and Said.by(last).value == before.value:
        db.session.delete(last)
    _write(observation, before)


def remove(ids: Iterable[int], *, actor: Actor) -> None:
    """Remove observations that should never have been taken in, with what they said before."""
    require(actor, "observation.edit", None)
    for observation_id in ids:
        # What they said earlier goes with them in the database.
        db.session.execute(
            delete(Observation).where(Observation.id == observation_id),
            execution_options={"synchronize_session": False},
        )


def note(action: str, changes: Mapping[int, Mapping[str, tuple[Any, Any]]], *, actor: Actor, now: datetime) -> None:
    """Leave one entry a municipality in the trace. `changes`: municipality → figure → (before, after)."""
    audit.record_all(actor, action, KIND, changes, now=now)
    outbox.touch_all(KIND, list(changes))
    generations.bump(KIND)


def _earlier(observation: Observation, now: datetime) -> EarlierValue:
    earlier = EarlierValue(observation_id=observation.id, replaced_at=now)
    _write(earlier, Said.by(observation))
    return earlier


def _write(thing: Observation | EarlierValue, said: Said) -> None:
    for column in Said.__slots__:
        setattr(thing, column, getattr(said, column))
