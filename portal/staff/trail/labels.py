"""What readers of the trace call the kinds of things and their fields."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

# What the loaders of the reference data record, for every slice alike.
name_actions(
    {
        "project.imported": _l("Project loaded"),
        "project.imported_again": _l("Project changed by loading"),
        "project.joined": _l("Partners of the project loaded"),
        "article.imported": _l("Article loaded"),
        "article.imported_again": _l("Article changed by loading"),
        "webinar.imported": _l("Webinar loaded"),
        "webinar.imported_again": _l("Webinar changed by loading"),
        "municipality.imported": _l("Municipality loaded"),
        "municipality.imported_again": _l("Municipality changed by loading"),
        "demo.generated": _l("Demonstration content made"),
        "municipality.observed": _l("Figures of the municipality loaded"),
    }
)
KINDS: Mapping[str, Any] = {
    "partner": _l("Partner"),
    "project": _l("Project"),
    "article": _l("Article"),
    "webinar": _l("Webinar"),
    "series": _l("Series"),
    "municipality": _l("Municipality"),
    "account": _l("Account"),
    "import": _l("Import"),
    "link": _l("Address elsewhere"),
    "feed": _l("Feed"),
    "entry": _l("Entry of a feed"),
    "edition": _l("Newsletter"),
    "assessment": _l("Assessment"),
    "framework": _l("Framework"),
    "boundaries": _l("Boundaries of the municipalities"),
    "mail": _l("Mail"),
    "search": _l("Search index"),
}
ENDPOINTS: Mapping[str, str] = {
    "partner": "partners.show",
    "project": "projects.show",
    "article": "news.show",
    "webinar": "webinars.show",
    "series": "series.show",
    "municipality": "municipalities.show",
}
"""Where a thing of a kind is shown, by its slug."""
FIELDS: Mapping[str, Any] = {
    "name": _l("Name"),
    "name_da": _l("Danish name"),
    "name_en": _l("English name"),
    "state": _l("State"),
    "type": _l("Type"),
    "role": _l("Role"),
    "roles": _l("Roles"),
    "website": _l("Website"),
    "country": _l("Country"),
    "cvr": _l("CVR number"),
    "reason": _l("Reason"),
    "title_da": _l("Danish title"),
    "title_en": _l("English title"),
    "description_da": _l("Danish description"),
    "description_en": _l("English description"),
    "visibility": _l("Visibility"),
    "email": _l("E-mail"),
    "account": _l("Account"),
}


def kind(word: str) -> str:
    return str(KINDS.get(word, word.replace("_", " ")))


def field(name: str) -> str:
    """A field as a reader calls it; one that has no name here is told as the code does."""
    return str(FIELDS.get(name, name.rpartition(".")[2].replace("_", " ")))


def value(said: Any) -> str:
    """A value before or after."""
    if said is None or said in ("", []):
        return ""
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    if isinstance(said, list):
        return ", ".join(value(one) for one in said)
    return str(said)
