"""What the trace calls what was done to an article, and what readers of revisions call its fields."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "article.created": _l("Article begun"),
        "article.revised": _l("Article changed"),
        "article.brought_back": _l("An earlier version brought back"),
        "article.deleted": _l("Article deleted"),
        "article.moved": _l("State changed"),
        "article.came_out": _l("Came out at its time"),
        "article.expired": _l("Expired at its time"),
    }
)

FIELDS = {
    "title": _l("Title"),
    "standfirst": _l("Standfirst"),
    "body": _l("Text"),
    "correction": _l("Correction"),
    "kind": _l("Kind"),
    "themes": _l("Themes"),
    "author": _l("From"),
    "partners": _l("Partners named"),
    "projects": _l("Projects"),
    "municipalities": _l("Municipalities"),
    "publish_at": _l("Comes out"),
    "expire_at": _l("Expires"),
    "origin_url": _l("Source"),
    "pictures": _l("Pictures"),
}
