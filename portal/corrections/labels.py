"""What the trace calls what happens to hints."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "correction.suggested": _l("A reader found something wrong"),
        "correction.closed": _l("Hint of a reader answered"),
    }
)
