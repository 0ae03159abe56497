"""What the trace calls questions between municipalities."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions({"municipality.asked": _l("Asked how it got so far")})
