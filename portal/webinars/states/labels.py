"""What the steps of a webinar are called, and what is missing for one."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter
from portal.webinars.models import State
from portal.webinars.states.rules import Demand

enter(
    Demand,
    {
        Demand.TITLE: _l("A title"),
        Demand.ABSTRACT: _l("What it is about, in a language that has a title"),
        Demand.HOST: _l("Who holds it"),
        Demand.TIME_AHEAD: _l("When it begins, later than now"),
        Demand.NEW_TIME: _l("The new time"),
        Demand.BEGUN: _l("That it has been held"),
        Demand.RECORDING: _l("The address of the recording"),
    },
)

STEP_WORDS = {
    State.DRAFT: _l("Back to draft"),
    State.ANNOUNCED: _l("Announce it"),
    State.OPEN: _l("Open registration"),
    State.RECORDED: _l("Show the recording"),
    State.POSTPONED: _l("Postpone it"),
    State.CANCELLED: _l("Cancel it"),
    State.WITHDRAWN: _l("Withdraw it"),
}
"""State → what the step to it is called."""

BACK_WORDS = {
    State.OPEN: _l("Close registration"),
    State.POSTPONED: _l("Announce the new time"),
    State.CANCELLED: _l("Announce it again"),
    State.RECORDED: _l("Take the recording off the page"),
    State.WITHDRAWN: _l("Let it stand again"),
}
"""The state it is in → what the step back to announced is called."""

STEP_MEANINGS = {
    State.DRAFT: _l("It is worked over."),
    State.ANNOUNCED: _l("Everybody can find it and take it into their calendar."),
    State.OPEN: _l("Everybody can register, within the times that you have set."),
    State.RECORDED: _l("The page shows the recording with its chapters, slides and questions."),
    State.POSTPONED: _l("Page and calendars say so at once. The new time can follow."),
    State.CANCELLED: _l("Page and calendars say so at once. The page stays."),
    State.WITHDRAWN: _l("Its address says that it was withdrawn. The reason stays in the history."),
}
