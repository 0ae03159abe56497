"""What the trace calls what was done to the pictures of an article."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "article.picture_added": _l("Picture added"),
        "article.picture_revised": _l("Picture changed"),
        "article.picture_put_first": _l("Picture put first"),
        "article.picture_removed": _l("Picture removed"),
    }
)
