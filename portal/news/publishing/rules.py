"""An article's way from draft to archive: the steps from each state, and what each demands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.core.bilingual import LANGUAGES
from portal.news.models import Article, State


@dataclass(frozen=True)
class Step:
    """A legal step. One that takes something from readers wants a reason."""

    to: State
    wants_reason: bool = False


REVIEW, SCHEDULE, PUBLISH = Step(State.IN_REVIEW), Step(State.SCHEDULED), Step(State.PUBLISHED)
WITHDRAW = Step(State.WITHDRAWN, wants_reason=True)

STEPS: dict[State, tuple[Step, ...]] = {
    State.DRAFT: (REVIEW, SCHEDULE, PUBLISH),
    State.SUBMITTED: (),  # a proposal is taken, returned or refused: see `proposals`
    State.REFUSED: (),
    State.IN_REVIEW: (SCHEDULE, PUBLISH, Step(State.DRAFT)),
    State.SCHEDULED: (PUBLISH, REVIEW),
    State.PUBLISHED: (Step(State.ARCHIVED), WITHDRAW),
    State.ARCHIVED: (PUBLISH, WITHDRAW),
    State.WITHDRAWN: (PUBLISH,),
}

OPEN = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.SCHEDULED)
"""States in which the desk still has something to do."""

WAY = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED, State.PUBLISHED, State.ARCHIVED)
"""The straight way, as it is drawn."""


class Demand(StrEnum):
    """What a step demands."""

    TITLE = "title"
    TEXT = "text"
    STANDFIRST = "standfirst"
    THEME = "theme"
    TIME = "time"
    STILL_VALID = "still_valid"


DEMANDS: dict[State, tuple[Demand, ...]] = {
    State.IN_REVIEW: (Demand.TITLE, Demand.TEXT),
    State.SCHEDULED: (Demand.TITLE, Demand.TEXT, Demand.STANDFIRST, Demand.THEME, Demand.TIME),
    State.PUBLISHED: (Demand.TITLE, Demand.TEXT, Demand.STANDFIRST, Demand.THEME, Demand.STILL_VALID),
}


def state_now(article: Article, now: datetime) -> State:
    """The state as readers meet it: what is scheduled is out at its moment, whenever the worker notes it."""
    is_out = article.publish_at is not None and article.publish_at <= now
    return State.PUBLISHED if article.state is State.SCHEDULED and is_out else article.state


def step(article: Article, to: State, now: datetime) -> Step | None:
    """The step to a state; none where there is no such step from here."""
    return next((one for one in STEPS[state_now(article, now)] if one.to is to), None)


def missing(article: Article, to: State, now: datetime) -> list[Demand]:
    """What is still missing for a state."""
    # What was public once and comes back is not measured anew: older articles were loaded as they were.
    if state_now(article, now) in (State.ARCHIVED, State.WITHDRAWN):
        return [] if _MET[Demand.STILL_VALID](article, now) else [Demand.STILL_VALID]
    return [demand for demand in DEMANDS.get(to, ()) if not _MET[demand](article, now)]


def _has(*pairs: str) -> Callable[[Article], bool]:
    """Whether one language has all of the pairs."""
    return lambda article: any(all(getattr(article, f"{pair}_{code}") for pair in pairs) for code in LANGUAGES)


def _has_text(article: Article) -> bool:
    return bool(article.origin_url) or _has("title", "body")(article)


_MET: dict[Demand, Callable[[Article, datetime], bool]] = {
    Demand.TITLE: lambda article, _now: _has("title")(article),
    Demand.TEXT: lambda article, _now: _has_text(article),
    # What leads to somebody else's text may be as short as its source is.
    Demand.STANDFIRST: lambda article, _now: bool(article.origin_url) or _has("title", "standfirst")(article),
    Demand.THEME: lambda article, _now: bool(article.origin_url or article.themes),
    Demand.TIME: lambda article, now: article.publish_at is not None and article.publish_at > now,
    Demand.STILL_VALID: lambda article, now: article.expire_at is None or article.expire_at > now,
}
