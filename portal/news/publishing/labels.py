"""What the desk calls the steps of an article's way and what they demand."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter
from portal.news.models import State
from portal.news.publishing.rules import Demand

enter(
    Demand,
    {
        Demand.TITLE: _l("A title"),
        Demand.TEXT: _l("A text in a language that has a title, or the address of the whole story"),
        Demand.STANDFIRST: _l("A standfirst in a language that has a title"),
        Demand.THEME: _l("A theme"),
        Demand.TIME: _l("When it comes out, later than now"),
        Demand.STILL_VALID: _l("An expiry later than now, or none"),
    },
)

STEP_WORDS = {
    State.DRAFT: _l("Back to draft"),
    State.IN_REVIEW: _l("Have it reviewed"),
    State.SCHEDULED: _l("Schedule it"),
    State.PUBLISHED: _l("Publish it now"),
    State.ARCHIVED: _l("Archive it"),
    State.WITHDRAWN: _l("Withdraw it"),
}
"""State → what the step to it is called."""

BACK_WORDS = {State.PUBLISHED: _l("Let it stand again"), State.IN_REVIEW: _l("Take it off the schedule")}
"""The same for steps that go back."""

STEP_MEANINGS = {
    State.DRAFT: _l("It is worked over."),
    State.IN_REVIEW: _l("It is written; others read it before it comes out."),
    State.SCHEDULED: _l("It comes out by itself at its time. Until then nobody outside sees it."),
    State.PUBLISHED: _l("Everybody can read it, find it and get it by feed."),
    State.ARCHIVED: _l("It stays readable, marked as archived, and is no longer among the news."),
    State.WITHDRAWN: _l("Its address says that it was withdrawn. The reason stays in the history."),
}
