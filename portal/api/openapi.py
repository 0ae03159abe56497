"""The interface for programs described in OpenAPI 3.1, made from the resources themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.api import finding
from portal.api.formats import ROOT, in_both
from portal.api.resources import Kind, Property, Resource
from portal.core.bilingual import LANGUAGES
from portal.core.web import absolute

VERSION = "1.0"
NUMBERS = {word: {"type": "integer"} for word in ("total", "page", "per_page")}
MANY_WORDS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
PER_PAGE, MOST_PER_PAGE = 20, 100
SCHEMAS: Mapping[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.WHOLE: {"type": ["integer", "null"]},
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: {"type": ["string", "null"], "format": "date"},
    Kind.MOMENT: {"type": ["string", "null"], "format": "date-time"},
    Kind.ADDRESS: {"type": ["string", "null"]},
    Kind.ANY: {"type": ["string", "number", "null"]},
    Kind.PAIR: {"type": "object", "properties": {language: {"type": "string"} for language in LANGUAGES}},
    Kind.WORDS: {"type": "array", "items": {"type": "string"}},
}


def document(resources: Sequence[Resource]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": _problem()}
    for one in resources:
        name = one.name.capitalize()
        schemas[name] = _schema(one)
        paths[f"/{one.name}"] = {"get": _operation(one, _filters(one), _list_of(name))}
        paths[f"/{one.name}/{{id}}"] = {"get": _operation(one, [_id()], _refer(name), "one")}
        for ending, kind in ((".csv", "text/csv"), (".jsonld", "application/ld+json")):
            paths[f"/{one.name}{ending}"] = {"get": _file(one, ending, kind)}
        described = _file(one, ".csv-metadata.json", "application/csvm+json")
        paths[f"/{one.name}.csv-metadata.json"] = {"get": described | {"parameters": []}}
    paths |= _search()
    schemas |= _found()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Smart Society",
            "version": VERSION,
            "description": "What the portal tells everybody. Reading needs no account.",
        },
        "servers": [{"url": absolute(ROOT)}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _english(text: Any) -> str:
    return str(in_both(text)["en"])


def _schema(resource: Resource) -> dict[str, Any]:
    fixed = {name: {"type": "string"} for name in ("id", "self")}
    told = _told(resource.all_properties)
    return {**_thing(fixed | told), "description": _english(resource.about)}


def _told(properties: Sequence[Property]) -> dict[str, Any]:
    return {one.name: _kind(one) | {"description": _english(one.title)} for one in properties}


def _kind(told: Property) -> dict[str, Any]:
    match told.kind:
        case Kind.THING:
            return _part(told.holds)
        case Kind.LIST:
            return {"type": "array", "items": _part(told.holds) if told.holds else {"type": "string"}}
        case _:
            return SCHEMAS[told.kind]


def _part(holds: Any) -> dict[str, Any]:
    """What a property holds, as its resource says it; see `Property`."""
    match holds:
        case Kind():
            return SCHEMAS[holds]
        case [one]:
            return {"type": "array", "items": _part(one)}
        case _:
            return {**_thing({name: _part(one) for name, one in holds.items()}), "type": ["object", "null"]}


def _thing(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _problem() -> dict[str, Any]:
    words = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {**_thing(words | {"status": {"type": "integer"}}), "required": ["title", "status"]}


def _list_of(name: str) -> dict[str, Any]:
    return _thing({"items": _several(name), **NUMBERS, "next": {"type": ["string", "null"]}})


def _several(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _refer(name)}


def _asked(name: str, about: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


def _narrowing(resource: Resource) -> list[dict[str, Any]]:
    asked = [_asked(one.name, _english(one.title), MANY_WORDS) for one in resource.filters]
    if resource.orders:
        asked.append(_asked("sort", "In which order", {"type": "string", "enum": resource.orders}))
    return asked


def _language() -> dict[str, Any]:
    return _asked("lang", "Only the texts in this language", {"type": "string", "enum": list(LANGUAGES)})


def _filters(resource: Resource) -> list[dict[str, Any]]:
    return [*_narrowing(resource), _language(), *_paging()]


def _paging() -> list[dict[str, Any]]:
    return [
        _asked("page", "Which page", {"type": "integer", "minimum": 1, "default": 1}),
        _asked(
            "per_page",
            "How many a page",
            {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
        ),
    ]


def _id() -> dict[str, Any]:
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def _operation(
    resource: Resource, parameters: Sequence[dict[str, Any]], schema: Mapping[str, Any], what: str = "list"
) -> dict[str, Any]:
    asked = [*parameters, _language()] if what == "one" else list(parameters)
    return _answering(f"{resource.name}_{what}", _english(resource.title), asked, schema)


def _answering(
    name: str, summary: str, parameters: Sequence[dict[str, Any]], schema: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            "200": {"description": "Found", "content": {"application/json": {"schema": schema}}},
            **_refusals(),
        },
    }


def _search() -> dict[str, Any]:
    """The two addresses of search."""
    question = _asked("q", "What is looked for; everything, the newest first, without it", {"type": "string"})
    beginning = _asked("q", "The beginning of a name", {"type": "string"})
    language = _asked("lang", "The language to tell it in; Danish without it", _language()["schema"])
    narrowing = [_asked(word, f"Only what has this {word}, or one of several", MANY_WORDS) for word in finding.WORDS]
    sort = _asked("sort", "In which order", {"type": "string", "enum": list(finding.ORDERS)})
    asked = [question, language, *narrowing, sort, *_paging()]
    return {
        "/search": {"get": _answering("search", "Search", asked, _refer("Results"))},
        "/search/suggest": {"get": _answering("suggest", "Suggestions", [beginning, language], _refer("Suggestions"))},
    }


def _found() -> dict[str, Any]:
    """What they answer."""
    value = _thing({"value": {"type": "string"}, "count": {"type": "integer"}})
    facets = _thing({word: {"type": "array", "items": value} for word in finding.WORDS})
    said = {
        "query": {"type": "string"},
        **NUMBERS,
        "next": {"type": ["string", "null"]},
        "items": _several("Hit"),
        "facets": facets | {"description": "How many hits each value would leave, under all other filters"},
        "suggestion": {"type": ["string", "null"], "description": "The question, spelled as names that there are"},
        "degraded": {"type": "boolean", "description": "The index was out of order: words are matched plainly"},
        "took_ms": {"type": "number"},
    }
    return {
        "Hit": _thing(_told(finding.HIT)),
        "Named": _thing(_told(finding.NAMED)),
        "Results": _thing(said),
        "Suggestions": _thing({"query": {"type": "string"}, "items": _several("Named")}),
    }


def _refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _file(resource: Resource, ending: str, kind: str) -> dict[str, Any]:
    return {
        "operationId": f"{resource.name}_{ending.strip('.').replace('.', '_').replace('-', '_')}",
        "summary": _english(resource.title),
        "parameters": _narrowing(resource),
        "responses": {"200": {"description": "All of it", "content": {kind: {}}}, **_refusals()},
    }


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "404": {"description": "There is no such thing, or no such page", "content": content},
        "422": {"description": "A word of the address means nothing here", "content": content},
        "429": {"description": "Too many questions; Retry-After says how long to wait", "content": content},
    }
