"""The life of a project: from which state to which, who may take the step, and what it demands."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.projects.models import Project, Role, State


@dataclass(frozen=True)
class Step:
    """A legal step. One that ends a project, or goes back, wants a reason."""

    to: State
    action: str = "project.manage"
    wants_reason: bool = False


PROPOSE = Step(State.PROPOSED)
# Whoever answers for the project, not whoever manages it, says that it is to be.
APPROVE = Step(State.APPROVED, action="project.answer_for")
RUN = Step(State.RUNNING)
CANCEL = Step(State.CANCELLED, wants_reason=True)
COMPLETE = Step(State.COMPLETED)

STEPS: dict[State | None, tuple[Step, ...]] = {
    # The source did not say: those who know may, and from then on the rules hold.
    None: (PROPOSE, APPROVE, RUN, Step(State.PAUSED), COMPLETE, CANCEL),
    State.IDEA: (PROPOSE, CANCEL),
    State.PROPOSED: (APPROVE, Step(State.IDEA, wants_reason=True), CANCEL),
    State.APPROVED: (RUN, CANCEL),
    State.RUNNING: (COMPLETE, Step(State.PAUSED), CANCEL),
    State.PAUSED: (RUN, CANCEL),
    State.COMPLETED: (Step(State.CLOSED), Step(State.RUNNING, wants_reason=True)),
    State.CLOSED: (Step(State.COMPLETED, wants_reason=True),),
    State.CANCELLED: (Step(State.IDEA, wants_reason=True),),
}

OPEN = (State.IDEA, State.PROPOSED, State.APPROVED, State.RUNNING, State.PAUSED)
"""States in which there is something to say about how it goes."""

COORDINATED = (State.APPROVED, State.RUNNING, State.PAUSED, State.COMPLETED, State.CLOSED)
"""States in which a project has exactly one coordinator."""

WAY = (State.IDEA, State.PROPOSED, State.APPROVED, State.RUNNING, State.COMPLETED, State.CLOSED)
"""The straight way, as it is drawn."""


class Demand(StrEnum):
    """What a step demands."""

    COORDINATOR = "coordinator"
    START = "start"
    END = "end"
    RESULT = "result"
    FAILED = "failed"
    COST = "cost"
    COPY = "copy"


@dataclass(frozen=True)
class Known:
    """What the demands are asked of: the project, and whether it has a result."""

    project: Project
    has_result: bool


DEMANDS: dict[State, tuple[Demand, ...]] = {
    State.APPROVED: (Demand.COORDINATOR,),
    State.RUNNING: (Demand.COORDINATOR, Demand.START),
    State.COMPLETED: (Demand.END,),
    State.CLOSED: (Demand.RESULT, Demand.FAILED, Demand.COST, Demand.COPY),
}

_MET: dict[Demand, Callable[[Known], bool]] = {
    Demand.COORDINATOR: lambda known: _coordinators(known.project) == 1,
    Demand.START: lambda known: known.project.starts_on is not None,
    Demand.END: lambda known: known.project.ends_on is not None,
    Demand.RESULT: lambda known: known.has_result,
    Demand.FAILED: lambda known: bool(known.project.lessons_failed_da or known.project.lessons_failed_en),
    Demand.COST: lambda known: known.project.actual_cost is not None,
    Demand.COPY: lambda known: bool(known.project.lessons_copy_da or known.project.lessons_copy_en),
}


def step(before: State | None, to: State) -> Step | None:
    """The step from one state to another; none where there is no such step."""
    return next((one for one in STEPS[before] if one.to is to), None)


def missing(known: Known, to: State) -> list[Demand]:
    """What is still missing for a state."""
    return [demand for demand in DEMANDS.get(to, ()) if not _MET[demand](known)]


def _coordinators(project: Project) -> int:
    return sum(one.role is Role.COORDINATOR and one.left_at is None for one in project.participations)
