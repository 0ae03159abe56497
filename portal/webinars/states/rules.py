"""A webinar's way from draft to recording: the steps that staff take, and what each demands.

Live and held are no steps: they follow from the clock. Full follows from the registrations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.core.bilingual import LANGUAGES
from portal.webinars.models import State, Webinar


class Reason(StrEnum):
    """Whether a step wants a reason, and who reads it."""

    NONE = "none"
    FOR_READERS = "for_readers"
    FOR_STAFF = "for_staff"


@dataclass(frozen=True)
class Step:
    to: State
    reason: Reason = Reason.NONE


ANNOUNCE, OPEN, RECORD = Step(State.ANNOUNCED), Step(State.OPEN), Step(State.RECORDED)
CANCEL = Step(State.CANCELLED, Reason.FOR_READERS)
POSTPONE = Step(State.POSTPONED, Reason.FOR_READERS)
WITHDRAW = Step(State.WITHDRAWN, Reason.FOR_STAFF)

STEPS: dict[State, tuple[Step, ...]] = {
    State.DRAFT: (ANNOUNCE, OPEN),
    State.SUBMITTED: (),  # a proposal is taken, returned or refused: see `proposals`
    State.REFUSED: (),
    State.IN_REVIEW: (ANNOUNCE, OPEN, Step(State.DRAFT)),
    State.ANNOUNCED: (OPEN, RECORD, POSTPONE, CANCEL, WITHDRAW),
    State.OPEN: (ANNOUNCE, RECORD, POSTPONE, CANCEL, WITHDRAW),
    State.POSTPONED: (ANNOUNCE, OPEN, RECORD, CANCEL, WITHDRAW),
    State.CANCELLED: (ANNOUNCE, WITHDRAW),
    State.RECORDED: (ANNOUNCE, WITHDRAW),
    State.WITHDRAWN: (ANNOUNCE,),
}

HIDDEN = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW)
"""States before readers know of it."""


class Demand(StrEnum):
    """What a step demands."""

    TITLE = "title"
    ABSTRACT = "abstract"
    HOST = "host"
    TIME_AHEAD = "time_ahead"
    NEW_TIME = "new_time"
    BEGUN = "begun"
    RECORDING = "recording"


PRESENTABLE = (Demand.TITLE, Demand.ABSTRACT, Demand.HOST)
DEMANDS: dict[State, tuple[Demand, ...]] = {
    State.IN_REVIEW: (Demand.TITLE, Demand.ABSTRACT),
    State.ANNOUNCED: PRESENTABLE,
    State.OPEN: (*PRESENTABLE, Demand.TIME_AHEAD),
    State.RECORDED: (Demand.BEGUN, Demand.RECORDING),
}


def step(webinar: Webinar, to: State) -> Step | None:
    """The step to a state; none where there is no such step from here."""
    return next((one for one in STEPS[webinar.state] if one.to is to), None)


def missing(webinar: Webinar, to: State, now: datetime) -> list[Demand]:
    """What is still missing for a state."""
    demands = DEMANDS.get(to, ())
    if webinar.state is State.POSTPONED and to is State.ANNOUNCED:
        demands = (*demands, Demand.NEW_TIME)
    elif webinar.state not in (*HIDDEN, State.POSTPONED) and to is State.ANNOUNCED:
        demands = ()  # what was public once is not measured anew: older webinars were loaded as they were
    return [demand for demand in demands if not _MET[demand](webinar, now)]


def _has(*pairs: str) -> Callable[[Webinar, datetime], bool]:
    """Whether one language has all of the pairs."""
    return lambda webinar, _now: any(all(getattr(webinar, f"{pair}_{code}") for pair in pairs) for code in LANGUAGES)


_MET: dict[Demand, Callable[[Webinar, datetime], bool]] = {
    Demand.TITLE: _has("title"),
    Demand.ABSTRACT: _has("title", "abstract"),
    Demand.HOST: lambda webinar, _now: bool(webinar.host_names) or any(tie.is_host for tie in webinar.partners),
    Demand.TIME_AHEAD: lambda webinar, now: webinar.starts_at is not None and webinar.starts_at > now,
    Demand.NEW_TIME: lambda webinar, now: webinar.starts_at is None or webinar.starts_at > now,
    Demand.BEGUN: lambda webinar, now: webinar.starts_at is None or webinar.starts_at <= now,
    Demand.RECORDING: lambda webinar, _now: bool(webinar.recording_url),
}
