"""What readers of the trace call the kinds of things and their fields."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accounts.models import MembershipRole
from portal.core.labels import label, name_actions
from portal.core.permissions import Role
from portal.core.themes import Theme
from portal.feeds.models import FeedState
from portal.news.models import State as ArticleState
from portal.partners.models import PartnerState, PartnerType
from portal.projects.models import State as ProjectState
from portal.projects.models import Visibility
from portal.webinars.models import State as WebinarState

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
    "acronym": _l("Acronym"),
    "added": _l("Added"),
    "attended": _l("Attended"),
    "changed": _l("Changed"),
    "columns": _l("Columns"),
    "comment": _l("Comment"),
    "confirmed_at": _l("Confirmed"),
    "contact": _l("Contact point"),
    "correction": _l("Hint from a reader"),
    "document": _l("Document"),
    "done": _l("Rows written"),
    "invitation": _l("Invitation"),
    "link": _l("Link"),
    "logo": _l("Logo"),
    "merged": _l("Merged into it"),
    "merged_into": _l("Merged into"),
    "municipality": _l("Municipality"),
    "municipality_id": _l("Municipality of its seat"),
    "networks": _l("Networks"),
    "other": _l("The other one"),
    "question": _l("Question"),
    "registrations": _l("Registrations"),
    "request": _l("Request to join"),
    "stage": _l("Stage"),
    "themes": _l("Themes"),
    "title": _l("Title"),
    "total": _l("Rows"),
    "url": _l("Web address"),
}
WORDS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("partner", "state"): PartnerState,
    ("partner", "type"): PartnerType,
    ("partner", "role"): MembershipRole,
    ("partner", "themes"): Theme,
    ("project", "state"): ProjectState,
    ("project", "visibility"): Visibility,
    ("article", "state"): ArticleState,
    ("webinar", "state"): WebinarState,
    ("account", "roles"): Role,
    ("feed", "state"): FeedState,
}
"""(kind, field) → the words that its values are."""


def kind(word: str) -> str:
    return str(KINDS.get(word, word.replace("_", " ")))


def field(name: str) -> str:
    """A field as a reader calls it; one that has no name here is told as the code does."""
    return str(FIELDS.get(name, name.rpartition(".")[2].replace("_", " ")))


def value(said: Any, kind: str = "", name: str = "") -> str:
    """A value before or after, of a field of a kind of thing; a word of the domain is told as readers call it."""
    if said is None or said in ("", []):
        return ""
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    if isinstance(said, list):
        return ", ".join(value(one, kind, name) for one in said)
    if (words := WORDS.get((kind, name))) and said in list(words):
        return label(words(said))
    return str(said)
