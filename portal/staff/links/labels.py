"""What staff call the states of addresses elsewhere."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.staff.links.models import LinkState

enter(
    LinkState,
    {
        LinkState.UNKNOWN: _l("Not looked at yet"),
        LinkState.GOOD: _l("Answers"),
        LinkState.FAILING: _l("Failed lately"),
        LinkState.BROKEN: _l("Broken"),
        LinkState.IGNORED: _l("Ignored"),
    },
)
name_actions(
    {
        "link.check_ordered": _l("Address elsewhere to be looked at"),
        "link.ignored": _l("Address elsewhere ignored"),
        "link.heeded": _l("Address elsewhere looked after again"),
    }
)
