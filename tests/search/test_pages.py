"""The search page, its suggestions and its commands."""

from typing import Any

import feedparser
import pytest
from flask import Flask

from portal.search import indexer
from portal.search.shelf import Shelf
from tests.make import Make
from tests.search.test_queries import ODD


@pytest.fixture
def town(app: Flask, make: Make) -> Flask:
    make.municipality("Aarhus", name_en="Aarhus")
    make.project("Smart heat in Aarhus", summary_en="District heating <script>alert(1)</script> for the town")
    make.article("Heat pumps in Odense")
    with app.app_context():
        indexer.sync()
    return app


def test_a_search_shows_what_it_found_with_marks(town: Flask, client: Any) -> None:
    page = client.page("/en/search?q=heat")
    assert page.h1 == "Search: heat"
    assert "2 results" in page.text
    assert {"/en/projects/smart-heat-in-aarhus", "/en/news/heat-pumps-in-odense"} <= set(page.links)
    assert {"".join(mark.itertext()).lower() for mark in page.all("mark")} == {"heat", "heating"}
    assert "<script>alert" not in page.html


def test_filters_and_order_stand_in_the_address(town: Flask, client: Any) -> None:
    page = client.page("/en/search?q=heat&type=project&sort=newest")
    assert "1 result " in page.text + " "
    assert "/en/news/heat-pumps-in-odense" not in page.links
    assert any("type=article" in link for link in page.links) or 'value="article"' in page.html


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_without_a_question_shows_everything(town: Flask, client: Any, language: str) -> None:
    page = client.page(f"/{language}/search")
    assert "3 " in page.text


def test_nothing_found_says_what_to_do_next(town: Flask, client: Any) -> None:
    page = client.page("/en/search?q=Odnse")
    assert "Did you mean Odense" in page.text
    assert client.page("/en/search?q=xqzzy").all("form")


def test_no_question_breaks_the_page(town: Flask, client: Any) -> None:
    for text in ODD:
        for path in ("/da/search", "/en/search/suggest"):
            asked = {"q": text.encode("utf-8", "replace")}
            assert client.get(path, query_string=asked).status_code == 200, text


MALFORMED = (
    "q=%ED%A0%80",
    "q=%FF%00",
    "year=x&q=a",
    "theme=zzz",
    "type=%00",
    "sort=bogus",
    "page=1",
    "q=a&q=b",
    "page=",
)
NO_PAGES = ("0", "-1", "x", "99", "1e9", "9" * 30)


def test_malformed_parameters_are_borne(town: Flask, client: Any) -> None:
    for query in MALFORMED:
        assert client.get(f"/da/search?{query}").status_code == 200, query


def test_a_page_that_is_none_is_not_found(town: Flask, client: Any) -> None:
    for number in NO_PAGES:
        assert client.get(f"/da/search?q=heat&page={number}").status_code == 404, number


def test_a_filter_value_nobody_knows_is_said(town: Flask, client: Any) -> None:
    page = client.page("/en/search?q=heat&theme=zzz")
    assert "zzz" in page.text
    assert "0 results" in page.text


def test_the_page_is_asked_for_again_each_time(town: Flask, client: Any) -> None:
    first = client.get("/en/search?q=heat")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/en/search?q=heat", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_suggestions_are_grouped_by_kind(town: Flask, client: Any) -> None:
    assert client.get("/en/search/suggest?q=aarh").json == [
        {"label": "Municipalities", "items": [{"title": "Aarhus", "url": "/en/municipalities/aarhus"}]},
        {"label": "Projects", "items": [{"title": "Smart heat in Aarhus", "url": "/en/projects/smart-heat-in-aarhus"}]},
    ]


def test_without_an_index_the_page_answers_and_says_so(town: Flask, client: Any, place: Shelf) -> None:
    for path in place.root.glob("generation-*/*"):
        path.unlink()
    page = client.page("/en/search?q=heat")
    assert "Search is being repaired" in page.text
    assert "/en/projects/smart-heat-in-aarhus" in page.links
    assert client.get("/readyz").status_code == 503
    with town.app_context():
        indexer.sync()
    assert "Search is being repaired" not in client.page("/en/search?q=heat").text


def test_commands_rebuild_sync_and_compare(app: Flask, make: Make) -> None:
    run = app.test_cli_runner()
    make.project("Smart heat")
    checked = run.invoke(args=["search", "check"])
    assert checked.exit_code == 1
    assert "there is no index yet" in checked.output
    assert "holds 1 documents" in run.invoke(args=["search", "rebuild"]).output
    assert "in order" in run.invoke(args=["search", "rebuild", "--if-missing"]).output
    assert run.invoke(args=["search", "check"]).exit_code == 0
    make.project("Smarter heat")
    assert run.invoke(args=["search", "check"]).exit_code == 1
    assert "1 changes" in run.invoke(args=["search", "sync"]).output
    assert run.invoke(args=["search", "check"]).exit_code == 0


def test_a_search_can_be_followed_as_a_feed(town: Flask, client: Any) -> None:
    page = client.page("/en/search?q=heat&type=project&sort=newest&page=1")
    address = "/en/search.atom?type=project&q=heat"
    assert address in page.links
    assert address in page.html.replace("&amp;", "&").partition("</head>")[0]
    read = feedparser.parse(client.get(address).data)
    assert not read.bozo
    assert read.feed.title == "Search: heat · Projects"
    assert [one.link for one in read.entries] == ["http://localhost/en/projects/smart-heat-in-aarhus"]
    assert read.entries[0].summary == "District heating <script>alert(1)</script> for the town"
    assert read.entries[0].published_parsed
    everything = feedparser.parse(client.get("/da/search.rss").data)
    assert {one.link.rpartition("/")[2] for one in everything.entries} == {
        "smart-heat-in-aarhus",
        "heat-pumps-in-odense",
        "aarhus",
    }
    assert client.get("/en/search.json?q=xqzzy").json["items"] == []
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_newest_comes_first_in_the_feed(app: Flask, client: Any, make: Make) -> None:
    for number in range(3):
        make.partner(f"Heat {number}")
    make.article("Heat today")
    with app.app_context():
        indexer.sync()
    titles = [one["title"] for one in client.get("/en/search.json?q=heat&type=partner").json["items"]]
    assert titles == ["Heat 2", "Heat 1", "Heat 0"]
