"""What several resources say in the same words: other things by their ids, languages, and what belongs to a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, CompoundSelect, func, or_, select

from portal.api.resources import Kind, More, Property
from portal.core.bilingual import LANGUAGES, Bilingual, text_state_in
from portal.core.db import AnySelect, read
from portal.core.permissions import VISITOR
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects.models import Project
from portal.projects.permissions import seen_by as project_seen_by

OWN_RIGHTS = _l("Facts that public sources tell. Each row names its source.")
PARTNER = (Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
PROJECT = (Project.slug, Project.title_da, Project.title_en)
PLACE = (Municipality.code, Municipality.name_da, Municipality.name_en)

NAMED: Mapping[str, Any] = {"id": Kind.TEXT, "name": Kind.PAIR}
TITLED: Mapping[str, Any] = {"id": Kind.TEXT, "title": Kind.PAIR}

LANGUAGE_STATES = Property("languages", Kind.PAIR, _l("State of the texts: missing, stale or current"))
THEMES = Property("themes", Kind.WORDS, _l("Themes"), lambda row: words(row.themes), "keywords")
CONFIRMATION = (
    Property("confirmed_at", Kind.MOMENT, _l("Confirmed at")),
    Property("confirmed_by", Kind.TEXT, _l("Confirmed by its owner or by staff")),
)
SOURCES = (
    Property("source_url", Kind.ADDRESS, _l("Source"), term="isBasedOn"),
    Property("source_note", Kind.TEXT, _l("Note")),
    Property("retrieved", Kind.TEXT, _l("Retrieved")),
)


def states_of(model: type[Bilingual]) -> Sequence[ColumnElement[str]]:
    """The columns that `LANGUAGE_STATES` tells."""
    return [text_state_in(model, language).label(f"languages_{language}") for language in LANGUAGES]


def filled(da: Any, en: Any, name: Any) -> Sequence[ColumnElement[str]]:
    """A name in both languages, for programs filled in with what the thing calls itself."""
    named = zip(LANGUAGES, (da, en), strict=True)
    return [func.coalesce(func.nullif(own, ""), name).label(f"name_{language}") for language, own in named]


def words(text: str | None, separator: str = ",") -> list[str]:
    """Words that a column holds parted by a separator, in alphabetical order."""
    return sorted(filter(None, (word.strip() for word in (text or "").split(separator))))


def plain(value: Any) -> Any:
    """A value as JSON says it."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date() | datetime():
            return value.isoformat()
        case _:
            return value


def pair(row: Any, name: str) -> dict[str, str]:
    """A text of a row in both languages."""
    return {language: getattr(row, f"{name}_{language}") or "" for language in LANGUAGES}


def partner_of(row: Any) -> dict[str, Any] | None:
    """A partner by its id and name, from a row with the columns `PARTNER`; none where it holds none."""
    if row.slug is None:
        return None
    return {"id": row.slug, "name": {language: getattr(row, f"name_{language}") or row.name for language in LANGUAGES}}


def project_of(row: Any) -> dict[str, Any]:
    """A project by its id and title, from a row with the columns `PROJECT`."""
    return {"id": row.slug, "title": pair(row, "title")}


def place_of(row: Any) -> dict[str, Any]:
    """A municipality by its code and name, from a row with the columns `PLACE`."""
    return {"id": row.code, "name": {"da": row.name_da, "en": row.name_en or row.name_da}}


def gathered(statement: AnySelect, tell: Callable[[Any], Any]) -> dict[int, list[Any]]:
    """Owner → what is told of each of its rows; the statement calls the owner's id `owner`."""
    found: dict[int, list[Any]] = {}
    for row in read(statement):
        found.setdefault(row.owner, []).append(tell(row))
    return found


def together(rows: Iterable[Any], **found: Mapping[int, Any]) -> More:
    """Row's id → name → what was found of it under that name."""
    return {row.id: {name: by_id[row.id] for name, by_id in found.items() if row.id in by_id} for row in rows}


def partners_of_each(owner: Any, partner_id: Any, ids: Sequence[int], *more: Any) -> dict[int, list[Any]]:
    """Owner → the partners it is tied to that everybody may see; `more` are columns of the tie to tell besides."""
    statement = (
        select(owner.label("owner"), *PARTNER, *more)
        .join(Partner, partner_id == Partner.id)
        .where(owner.in_(ids), partner_seen_by(VISITOR))
        .order_by(Partner.sort_key)
    )
    names = [one.key for one in more]
    return gathered(statement, lambda row: {**(partner_of(row) or {}), **{name: getattr(row, name) for name in names}})


def projects_of_each(owner: Any, project_id: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Owner → the projects it is tied to that everybody may see."""
    statement = (
        select(owner.label("owner"), *PROJECT)
        .join(Project, project_id == Project.id)
        .where(owner.in_(ids), project_seen_by(VISITOR))
        .order_by(Project.sort_key)
    )
    return gathered(statement, project_of)


def places_of_each(pairs: CompoundSelect[Any], ids: Sequence[int]) -> dict[int, list[Any]]:
    """Owner → the municipalities of such pairs (owner, municipality)."""
    owner, municipality_id = pairs.subquery().c
    statement = (
        select(owner.label("owner"), *PLACE, Municipality.sort_key)
        .join(Municipality, Municipality.id == municipality_id)
        .where(owner.in_(ids))
        .distinct()
        .order_by(Municipality.sort_key)
    )
    return gathered(statement, place_of)


def slugs_of_places(values: Sequence[str]) -> Sequence[str]:
    """Municipalities as the pages' lists know them; programs know their codes."""
    codes = [value for value in values if value.isascii() and value.isdecimal()]
    if not codes:
        return values
    known: dict[str, str] = dict(
        read(select(Municipality.code, Municipality.slug).where(Municipality.code.in_(codes))).all()
    )
    return [known.get(value, value) for value in values]


def in_places(values: Sequence[str]) -> ColumnElement[bool]:
    """The condition of a filter by municipalities: by their codes, or as the pages name them."""
    return or_(Municipality.code.in_(values), Municipality.slug.in_(values))
