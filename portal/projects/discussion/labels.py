"""What readers call what was done in a discussion."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "discussion.started": _l("Discussion started"),
        "discussion.revised": _l("Post in a discussion changed"),
        "discussion.removed": _l("Post in a discussion removed"),
    }
)
