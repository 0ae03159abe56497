"""The search for programs: the same hits, order and counts as the page has, and what it refuses."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from portal.core import clock
from portal.core.permissions import VISITOR
from portal.partners.models import PartnerState
from portal.projects.models import Visibility
from portal.search import indexer, queries
from tests.api.test_api import V1, conforms, got
from tests.make import Make
from tests.search.test_queries import ODD


@pytest.fixture
def town(app: Flask, make: Make) -> Flask:
    place = make.municipality("Aarhus", code="0751")
    host = make.partner("Heat works", municipality_id=place.id)
    for number in range(3):
        make.project(f"Smart heat {number}", summary_en="District heating for <b>the town</b>", themes=["heat"])
    make.project("Varme", title_da="Smart varme", title_en="", partners=[host])
    make.article("Heat pumps in Odense", themes=["heat"])
    make.series("Heat in a series")
    make.article("Heat embargo", publish_at=clock.now() + timedelta(days=1))
    make.partner("Heat suggested", state=PartnerState.SUGGESTED)
    make.project("Heat private", visibility=Visibility.MEMBERS)
    with app.app_context():
        indexer.sync()
    return app


def test_it_finds_what_the_page_finds_in_the_same_order(town: Flask, client: Any) -> None:
    with town.app_context():
        same = queries.search("heat", language="en", actor=VISITOR)
    found = got(client, "/search?q=heat&lang=en")
    assert found["total"] == same.total == len(found["items"]) == 7
    assert [item["title"] for item in found["items"]] == [hit.title.text for hit in same.hits]
    assert [item["score"] for item in found["items"]] == [hit.score for hit in same.hits]
    assert found["facets"]["type"] == [
        {"value": "project", "count": 4},
        {"value": "article", "count": 1},
        {"value": "partner", "count": 1},
        {"value": "series", "count": 1},
    ]
    assert set(found["facets"]) == {"type", "theme", "partner", "municipality", "year"}
    assert (found["query"], found["suggestion"], found["degraded"]) == ("heat", None, False)
    assert found["took_ms"] > 0
    page = client.page("/en/search?q=heat")
    assert {item["url"].removeprefix("http://localhost") for item in found["items"]} <= set(page.links)
    assert "hidden" not in str(found)

    # A hit leads to the same thing among the resources, by the same id.
    for item in found["items"]:
        assert client.get(item["url"].removeprefix("http://localhost")).status_code == 200
        if item["type"] == "series":
            assert item["self"] is None
        else:
            assert got(client, item["self"].removeprefix(f"http://localhost{V1}"))["id"] == item["id"]
    first = next(item for item in found["items"] if item["id"] == "smart-heat-0")
    assert first["highlights"]["title"] == [{"start": 6, "end": 10, "text": "heat"}]
    (span,) = first["highlights"]["excerpt"]
    assert first["excerpt"][span["start"] : span["end"]] == span["text"] == "heating"
    assert "<b>the town</b>" in first["excerpt"]


def test_it_is_narrowed_down_paged_and_told_in_a_language(town: Flask, client: Any) -> None:
    first = got(client, "/search?q=heat&type=project&type=partner&theme=heat&per_page=2&lang=en&sort=newest")
    assert (first["total"], len(first["items"]), first["page"], first["per_page"]) == (3, 2, 1, 2)
    second = got(client, first["next"].removeprefix(f"http://localhost{V1}"))
    assert (len(second["items"]), second["next"]) == (1, None)
    assert {item["type"] for item in (*first["items"], *second["items"])} == {"project"}
    # Municipalities by their code, as the resources tell it, and as the pages name them.
    by_code = got(client, "/search?municipality=0751")
    assert by_code["total"] == got(client, "/search?municipality=aarhus")["total"] > 0
    assert by_code["facets"] == got(client, "/search?municipality=aarhus")["facets"]
    place = next(item for item in got(client, "/search?q=aarhus")["items"] if item["type"] == "municipality")
    assert (place["id"], place["url"]) == ("0751", "http://localhost/da/municipalities/aarhus")
    # A text that is missing in the language comes in the other, and says so.
    (only_danish,) = got(client, "/search?q=varme&type=project&lang=en")["items"]
    assert (only_danish["title"], only_danish["language"]) == ("Smart varme", "da")
    assert got(client, "/search?type=nothing")["items"] == []
    assert got(client, "/search?q=Odnse")["suggestion"] == "Odense"


def test_it_suggests_names(town: Flask, client: Any) -> None:
    found = got(client, "/search/suggest?q=smart%20he&lang=en")
    assert found["query"] == "smart he"
    assert {item["id"] for item in found["items"]} >= {"smart-heat-0", "smart-heat-1", "smart-heat-2"}
    assert set(found["items"][0]) == {"type", "id", "self", "url", "title", "language"}
    assert got(client, "/search/suggest")["items"] == []
    assert got(client, "/search/suggest?q=heat%20priv")["items"] == []


def test_an_answer_that_has_not_changed_is_not_sent_again(town: Flask, client: Any) -> None:
    for path in ("/search?q=heat", "/search/suggest?q=heat"):
        answer = client.get(f"{V1}{path}")
        assert answer.headers["Cache-Control"] == "no-cache"
        again = client.get(f"{V1}{path}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{V1}/search?q=odense", headers={"If-None-Match": answer.headers["ETag"]})
    assert other.status_code == 200


@pytest.mark.sqlite_only
def test_any_text_is_a_question_and_any_other_word_is_refused(town: Flask, client: Any) -> None:
    for text in ODD:
        for path in ("/search", "/search/suggest"):
            asked = quote(text.encode("utf-8", "replace"))
            assert client.get(f"{V1}{path}?q={asked}").status_code == 200, text
    for path, status in (
        ("/search?q=heat&page=99", 404),
        ("/search?q=heat&page=0", 422),
        ("/search?q=heat&per_page=101", 422),
        ("/search?q=heat&sort=oldest", 422),
        ("/search?q=heat&lang=de", 422),
        ("/search?q=heat&kind=project", 422),
        ("/search?q=heat&q=pump", 422),
        ("/search/suggest?q=heat&type=project", 422),
    ):
        assert got(client, path, status)["status"] == status, path
    described = client.get(f"{V1}/openapi.json").get_json()
    schemas = described["components"]["schemas"]
    conforms(got(client, "/search?q=heat"), schemas["Results"], schemas)
    conforms(got(client, "/search/suggest?q=heat"), schemas["Suggestions"], schemas)
    asked = {one["name"] for one in described["paths"]["/search"]["get"]["parameters"]}
    assert asked == {"q", "lang", "type", "theme", "partner", "municipality", "year", "sort", "page", "per_page"}
