"""What the cells of the municipalities are filtered by at the desk."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

WHAT: Mapping[str, Any] = {
    "unknown": _l("Unknown"),
    "known": _l("Known"),
    "old": _l("Out of date"),
    "draft": _l("Draft"),
    "sent": _l("Sent to the municipality"),
    "disputed": _l("Disputed and not answered"),
    "no_reply": _l("No reply from the municipality"),
    "returned": _l("The mail to the municipality came back"),
    "own": _l("The municipality’s own assessment"),
}
