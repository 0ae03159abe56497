"""What readers call the words of assessments."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.progress.models import Basis, State

STAGES = (_l("No activity"), _l("Plan"), _l("Do"), _l("Follow up"), _l("Improve"))


def stage(number: int | None) -> str:
    """What a stage is called, empty where it is unknown."""
    return "" if number is None else str(STAGES[number])


enter(
    Basis,
    {
        Basis.SELF: _l("The municipality’s own assessment"),
        Basis.STAFF: _l("Assessed by the editors"),
        Basis.REGISTER: _l("Read from public registers"),
        Basis.VERIFIED: _l("Assessed and verified"),
    },
)
enter(
    State,
    {
        State.DRAFT: _l("Draft"),
        State.SENT: _l("Sent to the municipality"),
        State.CONFIRMED: _l("Confirmed by the municipality"),
        State.DISPUTED: _l("Disputed by the municipality"),
        State.NO_REPLY: _l("No reply from the municipality"),
        State.PUBLISHED: _l("In force"),
        State.SUPERSEDED: _l("Replaced by a later one"),
    },
)
name_actions(
    {
        "dimension.imported": _l("Dimension of progress added"),
        "dimension.imported_again": _l("Dimension of progress changed"),
        "stage_rule.imported": _l("Rule for stages added"),
        "stage_rule.imported_again": _l("Rule for stages changed"),
        "assessment.published": _l("Assessment put in force"),
        "assessment.superseded": _l("Assessment replaced"),
    }
)
