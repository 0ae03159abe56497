"""What the trace calls what was done to a project's team."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "project.person_set": _l("Team changed"),
        "project.person_removed": _l("Somebody left the team"),
        "project.shared": _l("Shared with somebody from outside"),
        "project.sharing_revoked": _l("Sharing taken back"),
        "project.sharing_accepted": _l("Somebody from outside came in"),
        "project.sharing_declined": _l("Somebody from outside declined"),
    }
)
