"""What the trace calls what was done to a series."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "series.imported": _l("Series loaded"),
        "series.imported_again": _l("Series changed by loading"),
        "series.created": _l("Series begun"),
        "series.revised": _l("Series changed"),
        "series.moved": _l("State changed"),
        "webinar.became_series": _l("Known as a series from now on"),
    }
)
