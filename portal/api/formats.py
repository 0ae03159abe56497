"""Rows of a resource as JSON, as a table with its description (W3C CSV on the Web) and as JSON-LD (schema.org)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.api.resources import Kind, Property, Resource
from portal.api.telling import plain
from portal.core import exporting
from portal.core.bilingual import LANGUAGES
from portal.core.labels import in_each
from portal.core.web import absolute

ROOT = "/api/v1"
CSVW = "http://www.w3.org/ns/csvw"
SEPARATOR = ";"
DATATYPES: Mapping[Kind, Any] = {
    Kind.NUMBER: "decimal",
    Kind.WHOLE: "integer",
    Kind.FLAG: {"base": "boolean", "format": "true|false"},
    Kind.DAY: "date",
    Kind.MOMENT: "dateTime",
    Kind.ADDRESS: "anyURI",
}


def where(resource: Resource, key: str = "", ending: str = "") -> str:
    """The full address of a resource, or of one of its things."""
    return absolute(f"{ROOT}/{resource.name}{f'/{key}' if key else ''}{ending}")


def items(resource: Resource, rows: Sequence[Any], language: str = "") -> list[dict[str, Any]]:
    """The rows as JSON. `language`: only the texts in it; without it, both."""
    more = resource.more(rows) if resource.more and rows else {}
    return [_item(resource, row, more.get(row.id, {}), language) for row in rows]


def _item(resource: Resource, row: Any, more: Mapping[str, Any], language: str) -> dict[str, Any]:
    told = {"id": resource.key(row), "self": where(resource, resource.key(row))}
    told |= {one.name: plain(one.value(row)) for one in resource.properties}
    told |= {one.name: more.get(one.name, _nothing(one)) for one in resource.details}
    return _in_language(told, language) if language else told


def _nothing(told: Property) -> Any:
    match told.kind:
        case Kind.LIST | Kind.WORDS:
            return []
        case Kind.PAIR:
            return dict.fromkeys(LANGUAGES, "")
        case _:
            return None


def _in_language(value: Any, language: str) -> Any:
    """The same with the texts in one language alone."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return {language: value[language]}
        return {name: _in_language(one, language) for name, one in value.items()}
    return [_in_language(one, language) for one in value] if isinstance(value, list) else value


def _columns(resource: Resource) -> list[tuple[str, Property, str]]:
    """(column, its property, language) of a table: a pair is two columns."""
    found: list[tuple[str, Property, str]] = []
    for one in resource.properties:
        if one.kind is Kind.PAIR:
            found += [(f"{one.name}_{language}", one, language) for language in LANGUAGES]
        else:
            found.append((one.name, one, ""))
    return found


def table(resource: Resource, rows: Iterable[Any]) -> bytes:
    """The rows as CSV, their keys in the first column."""
    columns = _columns(resource)
    header = ["id", *(name for name, _property, _language in columns)]
    return exporting.csv_bytes(
        header, ([resource.key(row), *(_cell(row, *one[1:]) for one in columns)] for row in rows)
    )


def _cell(row: Any, told: Property, language: str) -> Any:
    value = told.value(row)
    if language:
        return value[language]
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return SEPARATOR.join(value)
        case Decimal():
            return Decimal(f"{value.normalize():f}")
        case _:
            return value


def described(resource: Resource) -> dict[str, Any]:
    """What the columns of the table are: titles, types and key, as CSV on the Web says it."""
    key = {"name": "id", "titles": "id", "datatype": "string", "required": True, "suppressOutput": True}
    columns = [
        {
            "name": name,
            "titles": name,
            "dc:title": _titles(told, language),
            "datatype": DATATYPES.get(told.kind, "string"),
            **({"separator": SEPARATOR} if told.kind is Kind.WORDS else {}),
            **({"lang": language} if language else {}),
            **({"propertyUrl": f"https://schema.org/{told.term}"} if told.term else {}),
        }
        for name, told, language in _columns(resource)
    ]
    return {
        "@context": [CSVW, {"@language": "en"}],
        "url": f"{resource.name}.csv",
        "dc:title": in_both(resource.title, tagged=True),
        "dc:description": in_both(resource.about, tagged=True),
        "dc:rights": in_both(resource.rights, tagged=True),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {
            "columns": [key, *columns],
            "primaryKey": "id",
            "aboutUrl": f"{where(resource)}/{{id}}",
        },
    }


def _titles(told: Property, language: str) -> list[dict[str, str]]:
    suffix = f" ({language})" if language else ""
    return [{"@value": f"{text}{suffix}", "@language": code} for code, text in in_both(told.title).items()]


def in_both(text: Any, *, tagged: bool = False) -> Any:
    """A translated text in both languages: by language, or as JSON-LD tags it."""
    said = in_each(text)
    return [{"@value": value, "@language": code} for code, value in said.items()] if tagged else said


def linked(resource: Resource, rows: Sequence[Any]) -> dict[str, Any]:
    """The rows as JSON-LD in the words of schema.org; what it has no word for stays out."""
    return {
        "@context": {"@vocab": "https://schema.org/"},
        "@graph": [
            {
                "@type": "Dataset",
                "@id": where(resource),
                "name": in_both(resource.title, tagged=True),
                "description": in_both(resource.about, tagged=True),
            },
            *(_linked(resource, row) for row in rows),
        ],
    }


def _linked(resource: Resource, row: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"@type": resource.term, "@id": where(resource, resource.key(row))}
    for one in resource.properties:
        value = one.value(row)
        if not one.term or value in (None, "", []):
            continue
        if one.kind is Kind.PAIR:
            told[one.term] = [{"@value": text, "@language": code} for code, text in value.items() if text]
        elif one.kind is Kind.ADDRESS:
            told[one.term] = [{"@id": part} for part in str(value).split(" ; ")]
        else:
            told[one.term] = plain(value)
    return told
