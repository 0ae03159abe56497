"""What readers call the steps of a project's life."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.projects.lifecycle.rules import Demand
from portal.projects.models import State

name_actions(
    {
        "project.moved": _l("State changed"),
        "project.health_said": _l("How it goes"),
    }
)
enter(
    Demand,
    {
        Demand.COORDINATOR: _l("Exactly one partner coordinates"),
        Demand.START: _l("When it starts"),
        Demand.END: _l("When it ended"),
        Demand.RESULT: _l("At least one result"),
        Demand.FAILED: _l("What did not work"),
        Demand.COST: _l("What it really cost"),
        Demand.COPY: _l("What others need to copy it"),
    },
)

STEP_WORDS = {
    State.IDEA: (_l("Back to an idea"), _l("It is worked over before it is proposed again.")),
    State.PROPOSED: (_l("Propose it"), _l("It is ready to be decided about.")),
    State.APPROVED: (_l("Approve it"), _l("The coordinator answers for it; this is for its administrators.")),
    State.RUNNING: (_l("Let it run"), _l("The work is under way.")),
    State.PAUSED: (_l("Pause it"), _l("The work rests and is to go on.")),
    State.COMPLETED: (_l("Complete it"), _l("The work is done; results and lessons can still be written.")),
    State.CLOSED: (_l("Close it"), _l("Everything is said that others can use.")),
    State.CANCELLED: (_l("Cancel it"), _l("It ends without being completed. The reason stays with it.")),
}
"""State → what the step to it is called, and what it means."""

REOPEN_WORDS = {
    State.RUNNING: (_l("Open it again"), _l("The work goes on after all.")),
    State.COMPLETED: (_l("Open it again"), _l("Results and lessons are looked at once more.")),
}
"""The same for steps that go back."""
