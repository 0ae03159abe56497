"""What readers of versions are told: the fields of a text by name, and what stood in them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.core.bilingual import LANGUAGES
from portal.core.labels import label
from portal.core.templating import day, moment
from portal.core.texts import gettext as _
from portal.core.themes import Theme
from portal.editorial import queries

MOMENTS = ("publish_at", "expire_at", "starts_at", "ends_at", "registration_opens_at", "registration_closes_at")


def field_name(fields: Mapping[str, Any], name: str) -> str:
    """A field of a revision as its readers call it; `fields` has what a pair is called once."""
    pair, _sign, language = name.rpartition("_")
    if language in LANGUAGES and pair in fields:
        called = str(fields[pair])
        return {"da": _("%(field)s, Danish", field=called), "en": _("%(field)s, English", field=called)}[language]
    return str(fields.get(name, name))


def said(name: str, value: Any) -> str:
    """The value of a field of a revision, in words."""
    if value in (None, "", []):
        return ""
    if name == "themes":
        return ", ".join(label(Theme(one)) for one in value)
    if name in queries.NAMED:
        return ", ".join(queries.names_of(name, value if isinstance(value, Sequence) else [value]))
    if name in MOMENTS:
        return moment(datetime.fromisoformat(value))
    if name == "held_on":
        return day(date.fromisoformat(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
