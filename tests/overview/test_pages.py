"""The front page, the texts and what machines ask for first."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from portal.projects.models import Visibility
from tests.make import Make

TEXTS = ("", "about", "accessibility", "privacy")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", TEXTS)
def test_the_texts_read_in_both_languages(reference: Flask, language: str, name: str) -> None:
    page = reference.test_client().page(f"/{language}/{name}")
    assert page.tree.get("lang") == language or f'lang="{language}"' in page.html


def test_the_front_page_shows_every_municipality_and_reads_the_map(reference: Flask) -> None:
    page = reference.test_client().page("/da/")
    tiles = {one.get("href") for one in page.all("a") if "tile" in (one.get("class") or "").split()}
    assert len(tiles) == 98
    assert "Trinnet kendes for 98 af de 98 kommuner" in page.text, "the map is of what is best known"
    assert len([one for one in page.all("span") if one.get("class") == "tile__step"]) == 98
    known = {one.get("href"): "".join(one.itertext()) for one in page.all("a") if "stage-" in (one.get("href") or "")}
    assert known["/da/municipalities?indicator=stage-data"] == "Data og åbenhed"


def test_the_front_page_stands_without_any_data(client: Any) -> None:
    for language in ("da", "en"):
        client.page(f"/{language}/")


@pytest.mark.parametrize(
    ("accepts", "leads_to"),
    [("", "/da/"), ("en-GB,en;q=0.8", "/en/"), ("da, en;q=0.7", "/da/"), ("fr, de", "/da/"), ("x" * 5000, "/da/")],
)
def test_the_root_leads_to_the_readers_language(client: Any, accepts: str, leads_to: str) -> None:
    answer = client.get("/", headers={"Accept-Language": accepts})
    assert (answer.status_code, answer.location) == (302, leads_to)
    assert "Accept-Language" in answer.headers["Vary"]


def test_every_page_names_its_other_language(reference: Flask) -> None:
    page = reference.test_client().page("/en/projects/cities")
    found = {link.get("hreflang"): link.get("href") for link in page.all("link") if link.get("hreflang")}
    assert found == {
        "da": "http://localhost/da/projects/cities",
        "en": "http://localhost/en/projects/cities",
    }


def test_the_sitemap_lists_what_is_public_in_both_languages(client: Any, make: Make) -> None:
    make.project("Open")
    make.project("Shut", visibility=Visibility.MEMBERS)
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)
    found = {loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {"http://localhost/da/projects/open", "http://localhost/en/projects/open"} <= found
    assert not [address for address in found if "shut" in str(address)]


def test_robots_and_security_say_where_to_look(client: Any) -> None:
    assert b"Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").data
    told = client.get("/.well-known/security.txt").get_data(as_text=True)
    assert re.search(r"^Contact: ", told, re.MULTILINE)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00|^Expires: \d{4}", told, re.MULTILINE)


def test_a_browser_learns_to_search_here(client: Any) -> None:
    tree = ElementTree.fromstring(client.get("/opensearch.xml").data)
    urls = [url.get("template") for url in tree.iter("{http://a9.com/-/spec/opensearch/1.1/}Url")]
    assert urls == [f"http://localhost/{language}/search?q={{searchTerms}}" for language in ("da", "en")]


@pytest.mark.parametrize("path", ["/en/nothing", "/nothing", "/da/projects/nothing", "/de/projects", "/en/projects/"])
def test_an_unknown_address_says_so_in_a_sound_page(client: Any, path: str) -> None:
    page = client.page(path, status=404)
    assert page.all("form"), "a search box helps on"


def test_programs_get_errors_as_problem_documents(client: Any) -> None:
    answer = client.get("/en/nothing", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert answer.get_json(force=True)["status"] == 404


def test_a_second_visit_costs_a_304_until_something_changes(client: Any, make: Make) -> None:
    first = client.get("/en/about")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Last-Modified" in first.headers
    assert client.get("/en/about", headers={"If-None-Match": tag}).status_code == 304
    make.project("Something new")
    assert client.get("/en/about", headers={"If-None-Match": tag}).status_code == 200


def test_a_visitor_gets_no_cookie_and_strict_headers(client: Any) -> None:
    headers = client.get("/en/about").headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_name_that_is_not_ours_is_refused(client: Any) -> None:
    answer = client.get("/da/about", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil" not in answer.data
