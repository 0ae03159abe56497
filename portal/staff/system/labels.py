"""What administrators call the parts of the portal."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

PARTS: Mapping[str, Any] = {
    "database": _l("Database"),
    "index": _l("Search index"),
    "queue": _l("Queue"),
    "mail": _l("Mail"),
    "worker": _l("Worker"),
    "disk": _l("Disk"),
}

name_actions(
    {
        "search.rebuild_ordered": _l("Search index to be built anew"),
        "mail.tried_again": _l("Mail tried again"),
    }
)
