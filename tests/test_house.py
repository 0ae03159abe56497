"""The walls of the house: every route has an audience, every template compiles, addresses stay."""

import ast
import gc
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import nodes

from portal.core import slugs
from portal.core.permissions import Audience

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
DOMAIN = ("models.py", "permissions.py", "queries.py", "operations.py")

pytestmark = pytest.mark.sqlite_only


def _rules(app: Flask) -> list[Any]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_says_whom_it_is_for(app: Flask) -> None:
    silent = [
        rule.rule
        for rule in _rules(app)
        if not isinstance(getattr(app.view_functions[rule.endpoint], "audience", None), Audience)
    ]
    assert silent == []


def test_a_view_without_an_audience_is_closed(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_addresses_are_kebab_case_and_pages_stand_under_their_language(app: Flask) -> None:
    for rule in _rules(app):
        fixed = re.sub(r"<[^>]*>", "", rule.rule)
        assert fixed == fixed.lower(), rule.rule
        assert "_" not in fixed, rule.rule
        assert rule.rule.startswith("/<language:language>") or rule.endpoint.split(".")[0] in MACHINES


MACHINES = ("machine", "health", "api")
"""Blueprints whose addresses are for programs and carry no language."""


def test_every_promised_address_is_there(app: Flask) -> None:
    promised = {
        "/<language:language>/",
        *(f"/<language:language>/{name}" for name in PAGES),
        *(f"/<language:language>/{name}.<any(csv, xlsx):ending>" for name in LISTS),
        *(f"/<language:language>/{name}/<slug>" for name in LISTS),
        "/<language:language>/news.<any(atom, rss, json):ending>",
        "/<language:language>/webinars.<any(atom, rss, json):ending>",
        "/<language:language>/webinars.ics",
        "/<language:language>/webinars/<slug>.ics",
        "/catalog.<any(ttl, jsonld, rdf):ending>",
        "/api/v1/openapi.json",
        *(f"/api/v1/{name}" for name in RESOURCES),
        *(f"/api/v1/{name}/<path:key>" for name in RESOURCES),
        "/sitemap.xml",
        "/robots.txt",
        "/opensearch.xml",
        "/.well-known/security.txt",
        "/healthz",
        "/readyz",
    }
    assert promised <= {rule.rule for rule in _rules(app)}


RESOURCES = (
    "partners",
    "projects",
    "articles",
    "webinars",
    "municipalities",
    "indicators",
    "observations",
    "assessments",
)
LISTS = ("municipalities", "partners", "projects", "news", "webinars")
PAGES = (*LISTS, "search", "about", "accessibility", "was", "privacy")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PORTAL / "templates")))
def test_a_template_compiles_and_keeps_to_the_policy(app: Flask, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = app.jinja_env.parse(source)
    assert not [node for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    assert "style=" not in source
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", source)


def test_a_page_that_a_view_names_has_its_template() -> None:
    named = {
        argument.value
        for path in PORTAL.rglob("*.py")
        for call in ast.walk(_tree(path))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render_template"
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant)
    }
    assert named
    assert [name for name in sorted(named) if not (PORTAL / "templates" / name).is_file()] == []


def test_the_domain_does_not_know_the_web() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in PORTAL.rglob("*.py")
        if path.name in DOMAIN
        for module in _imports(path)
        if module.split(".")[0] in ("flask", "wtforms", "werkzeug", "flask_wtf")
    ]
    assert wrong == []


def test_only_the_edge_commits() -> None:
    committing = [
        str(path.relative_to(ROOT))
        for path in PORTAL.rglob("*.py")
        if re.search(r"session(\(\))?\.commit\(", path.read_text(encoding="utf-8"))
    ]
    assert committing == ["portal/core/db.py"]


def test_only_rich_text_makes_markup() -> None:
    making = [
        str(path.relative_to(ROOT))
        for path in PORTAL.rglob("*.py")
        if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))
    ]
    assert making == ["portal/core/richtext.py"]


def test_packages_do_nothing_when_imported() -> None:
    busy = [
        str(path.relative_to(ROOT))
        for path in PORTAL.rglob("__init__.py")
        if path.parent != PORTAL and path.read_text(encoding="utf-8").strip()
    ]
    assert busy == []


def _tree(path: Path) -> ast.AST:
    # A collection in the middle may end in a finalizer's traceback, whose own parsing Python 3.11 mixes up with this.
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.enable()


def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def test_no_thing_can_be_called_like_a_page_beside_it(app: Flask) -> None:
    """An address such as /projects/new would hide the project called so: its word is reserved."""
    rules = [rule.rule.removeprefix("/<language:language>") for rule in app.url_map.iter_rules()]
    bases = {rule[: rule.index("/<slug>") + 1] for rule in rules if "/<slug>" in rule}
    beside = {
        word
        for rule in rules
        for base in bases
        if rule.startswith(base) and (word := rule[len(base) :].partition("/")[0]) and "<" not in word
    }
    assert beside <= slugs.RESERVED


def test_no_two_journeys_play_the_same_person() -> None:
    """Journeys share a portal, which one after which nobody knows: an address has one account there."""
    played: dict[str, Path] = {}
    for file in sorted(Path("tests/journeys").glob("test_*.py")):
        for address in set(re.findall(r'"([\w.-]+@example\.org)"', file.read_text(encoding="utf-8"))):
            assert address not in played, f"{address} is in {played[address]} and in {file}"
            played[address] = file
