"""An error is told to people as a page and to programs as a problem document, whatever else is broken."""

import pytest
from flask import Flask, abort
from jinja2 import DictLoader

from portal.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from portal.core.permissions import audience

ERRORS = {
    "not-found": (NotFound("thing", "a"), 404),
    "gone": (Gone("thing", "a"), 410),
    "forbidden": (Forbidden("thing.see"), 404),
    "conflict": (Conflict("twice"), 409),
    "invalid": (Invalid("title", "is empty"), 422),
    "unexpected": (ZeroDivisionError(), 500),
}
JSON = {"Accept": "application/json"}


@pytest.fixture
def breaking(app: Flask) -> Flask:
    """The portal with a page that raises what its address names, as it stands in production."""
    app.testing = False

    @audience("everyone")
    def fail(name: str) -> str:
        if name.isdecimal():
            abort(int(name))
        raise ERRORS[name][0]

    app.add_url_rule("/fail/<name>", "machine.fail", fail)
    return app


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", [*ERRORS, "400", "405", "413", "429", "503"])
def test_an_error_has_its_page_and_its_problem_document(breaking: Flask, name: str) -> None:
    status = ERRORS[name][1] if name in ERRORS else int(name)
    client = breaking.test_client()
    client.page(f"/fail/{name}", status=status)
    told = client.get(f"/fail/{name}", headers=JSON)
    assert told.status_code == status
    assert told.content_type == "application/problem+json"
    assert told.json is not None
    assert told.json["status"] == status


@pytest.mark.sqlite_only
def test_what_went_wrong_is_not_told_to_strangers(breaking: Flask) -> None:
    answer = breaking.test_client().get("/fail/unexpected")
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("source", "name", "status", "told"),
    [
        ("{{ nothing.of.the.kind }}", "unexpected", 500, "Internal error\n"),
        ("{% if %}", "not-found", 404, "Not found\n"),
    ],
)
def test_an_error_page_that_is_itself_broken_leaves_one_plain_line(
    breaking: Flask, source: str, name: str, status: int, told: str
) -> None:
    breaking.jinja_loader = breaking.jinja_env.loader = DictLoader(
        {f"errors/{number}.html": source for number in (404, 500)}
    )
    answer = breaking.test_client().get(f"/fail/{name}")
    assert answer.status_code == status
    assert answer.text == told
    assert answer.content_type == "text/plain; charset=utf-8"
