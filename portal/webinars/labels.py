"""What readers call the words of webinars."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter
from portal.webinars.models import SeriesState, State
from portal.webinars.timing import Phase

enter(
    State,
    {
        State.DRAFT: _l("Draft"),
        State.SUBMITTED: _l("Submitted"),
        State.IN_REVIEW: _l("In review"),
        State.REFUSED: _l("Refused"),
        State.ANNOUNCED: _l("Announced"),
        State.OPEN: _l("Open for registration"),
        State.RECORDED: _l("Recorded"),
        State.CANCELLED: _l("Cancelled"),
        State.POSTPONED: _l("Postponed"),
        State.WITHDRAWN: _l("Withdrawn"),
    },
)
enter(
    SeriesState,
    {
        SeriesState.DRAFT: _l("Draft"),
        SeriesState.PUBLISHED: _l("Published"),
        SeriesState.WITHDRAWN: _l("Withdrawn"),
    },
)
enter(
    Phase,
    {
        Phase.UPCOMING: _l("Upcoming"),
        Phase.LIVE: _l("Live now"),
        Phase.PAST: _l("Past"),
        Phase.RECORDED: _l("Recorded"),
        Phase.CANCELLED: _l("Cancelled"),
        Phase.POSTPONED: _l("Postponed"),
        Phase.UNDATED: _l("Date not reported"),
    },
)
