"""The interface for programs described in OpenAPI 3.1, made from the resources themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.api.formats import ROOT, in_both
from portal.api.resources import Kind, Resource
from portal.core.bilingual import LANGUAGES
from portal.core.web import absolute

VERSION = "1.0"
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
    Kind.PAIR: {"type": "object", "properties": {language: {"type": "string"} for language in LANGUAGES}},
    Kind.WORDS: {"type": "array", "items": {"type": "string"}},
    Kind.THING: {"type": ["object", "null"]},
    Kind.LIST: {"type": "array", "items": {"type": ["object", "string"]}},
}


def document(resources: Sequence[Resource]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": _problem()}
    for one in resources:
        name = one.name.capitalize()
        schemas[name] = _schema(one)
        paths[f"/{one.name}"] = {"get": _operation(one, _filters(one), _list_of(name))}
        paths[f"/{one.name}/{{id}}"] = {
            "get": _operation(one, [_id()], {"$ref": f"#/components/schemas/{name}"}, "one")
        }
        for ending, kind in ((".csv", "text/csv"), (".jsonld", "application/ld+json")):
            paths[f"/{one.name}{ending}"] = {"get": _file(one, ending, kind)}
        described = _file(one, ".csv-metadata.json", "application/csvm+json")
        paths[f"/{one.name}.csv-metadata.json"] = {"get": described | {"parameters": []}}
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
    told = {one.name: SCHEMAS[one.kind] | {"description": _english(one.title)} for one in resource.all_properties}
    return {
        "type": "object",
        "description": _english(resource.about),
        "properties": fixed | told,
        "required": [*fixed, *told],
    }


def _problem() -> dict[str, Any]:
    words = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {"type": "object", "properties": words | {"status": {"type": "integer"}}, "required": ["title", "status"]}


def _list_of(name: str) -> dict[str, Any]:
    numbers = {word: {"type": "integer"} for word in ("total", "page", "per_page")}
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    properties = {"items": items, **numbers, "next": {"type": ["string", "null"]}}
    return {"type": "object", "properties": properties, "required": list(properties)}


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
    return [
        *_narrowing(resource),
        _language(),
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
    return {
        "operationId": f"{resource.name}_{what}",
        "summary": _english(resource.title),
        "parameters": asked,
        "responses": {
            "200": {"description": "Found", "content": {"application/json": {"schema": schema}}},
            **_refusals(),
        },
    }


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
