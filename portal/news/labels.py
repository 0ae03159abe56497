"""What readers call the words of news."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.core.labels import enter
from portal.news.models import Kind, State

enter(
    Kind,
    {
        Kind.NEWS: lazy_pgettext("one article", "News"),
        Kind.ANALYSIS: _l("Analysis"),
        Kind.CASE: _l("Case"),
        Kind.POLICY_BRIEF: _l("Policy brief"),
        Kind.FUNDING_CALL: _l("Funding call"),
    },
)
enter(
    State,
    {
        State.DRAFT: _l("Draft"),
        State.SUBMITTED: _l("Submitted"),
        State.REFUSED: _l("Refused"),
        State.IN_REVIEW: _l("In review"),
        State.SCHEDULED: _l("Scheduled"),
        State.PUBLISHED: _l("Published"),
        State.ARCHIVED: _l("Archived"),
        State.WITHDRAWN: _l("Withdrawn"),
    },
)
