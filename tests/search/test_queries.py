"""What a page of results says, and to whom."""

from typing import Any

import pytest
from flask import Flask

from portal.search import indexer, queries
from portal.search.queries import Filters
from portal.search.shelf import Shelf
from tests.search.conftest import Things

ODD = [
    "",
    " ",
    "x" * 10_240,
    "energi " * 1_500,
    "og i på",
    '"energi',
    '""',
    "AND OR NOT",
    "title:energi^2~ *?[](){}\\",
    "\x00energi\x00",
    "🙂",
    "\u202eenergi\u200f",
    "\ud800",
    "%_'; DROP TABLE search_text; --",
    "<script>alert(1)</script>",
]


@pytest.fixture
def town(things: Things, inside: Any) -> Things:
    things.put(1, "Energi i Aarhus", themes=("energy",), years=(2024,), body_da="Om varme og energi i byen.")
    things.put(2, "Vand i Odense", themes=("water",), years=(2025,), summary_da="Intet om <b>energi</b> & varme")
    things.put(3, "Data", title_en="Energy data", themes=("data", "energy"))
    with inside():
        indexer.sync()
    return things


@pytest.fixture(params=["index", "database"])
def answering(request: pytest.FixtureRequest, town: Things, place: Shelf, inside: Any) -> str:
    """The index, or the database in its place: both must keep what a page promises."""
    if request.param == "database":
        with inside():
            for path in place.root.glob("generation-*/*"):
                path.unlink()
    return str(request.param)


def test_no_text_is_too_odd(answering: str, inside: Any) -> None:
    for text in ODD:
        with inside():
            page = queries.search(text)
            assert page.degraded == (answering == "database"), text
            assert page.total >= len(page.hits)
            queries.suggest(text)


def test_hits_and_counts_follow_the_filters(answering: str, inside: Any) -> None:
    with inside():
        page = queries.search("energi", Filters(theme=("energy",)))
        assert {hit.id for hit in page.hits} == {1} | ({3} if answering == "index" else set())
        themes = {one.value: one for one in page.facets["theme"]}
        assert themes["water"].count == 1, "a filter does not count against its own dimension"
        assert themes["energy"].is_chosen
        assert {one.value for one in page.facets["year"]} == {"2024"}
        nothing = queries.search("energi", Filters(theme=("nonsense",)))
        assert nothing.total == 0
        assert nothing.facets["theme"][-1] == queries.FacetValue("nonsense", 0, True)


def test_an_excerpt_is_text_in_pieces(town: Things, inside: Any) -> None:
    with inside():
        hits = {hit.id: hit for hit in queries.search("energi").hits}
    assert "".join(piece.text for piece in hits[2].excerpt) == "Intet om <b>energi</b> & varme"
    assert [piece.text for piece in hits[2].excerpt if piece.is_match] == ["energi"]
    assert [piece.text for piece in hits[1].title_pieces if piece.is_match] == ["Energi"]


def test_a_title_in_the_other_language_says_so(town: Things, inside: Any) -> None:
    with inside():
        hits = {hit.id: hit for hit in queries.search("energi", language="en").hits}
    assert hits[1].title.is_fallback
    assert not hits[3].title.is_fallback
    assert hits[3].title.text == "Energy data"


def test_what_may_not_be_seen_is_not_shown_though_the_index_has_it(answering: str, town: Things, inside: Any) -> None:
    del town.public[1]  # no change was noted: only the question at reading time can tell
    with inside():
        page = queries.search("aarhus")
        assert page.hits == []
        assert page.total == 0
        assert queries.suggest("aarhus") == []


def test_what_was_withdrawn_is_not_even_counted(answering: str, town: Things, inside: Any) -> None:
    town.withdraw(1)
    with inside():
        page = queries.search("energi")
        assert 1 not in {hit.id for hit in page.hits}
        assert {one.value: one.count for one in page.facets["kind"]}["thing"] == page.total


def test_pages_cover_all_hits_once(things: Things, inside: Any) -> None:
    for number in range(45):
        things.put(number, f"Vindmølle {number}")
    with inside():
        indexer.sync()
        seen = [hit.id for page in (1, 2, 3) for hit in queries.search("vindmølle", page=page).hits]
        assert sorted(seen) == list(range(45))
        assert queries.search("vindmølle").pages == 3
        assert queries.search("vindmølle", page=9).hits == []


def test_another_spelling_is_suggested(town: Things, inside: Any) -> None:
    with inside():
        assert queries.search("Odnse vand").suggestion == "Odense vand"
        assert queries.search("odense").suggestion is None
        assert queries.search("xqzzy").suggestion is None


def test_names_are_suggested_by_their_beginnings(town: Things, inside: Any) -> None:
    with inside():
        groups = queries.suggest("en")
        assert [(group.kind, {hit.id for hit in group.hits}) for group in groups] == [("thing", {1, 3})]
        assert queries.suggest("") == []
        assert queries.suggest("varme") == [], "only names"


def test_asking_costs_the_same_for_few_and_many_hits(things: Things, inside: Any, count_queries: Any) -> None:
    def cost() -> int:
        with inside():
            indexer.sync()
        with inside(), count_queries() as seen:
            assert not queries.search("vindmølle").degraded
        return len(seen)

    things.put(1, "Vindmølle")
    with_one = cost()
    for number in range(2, 30):
        things.put(number, "Vindmølle")
    assert cost() == with_one


def test_the_index_is_reported(app: Flask, things: Things, inside: Any) -> None:
    with inside():
        assert queries.state().state == "degraded"
        assert queries.state().reason == "there is no index yet"
        indexer.sync()
    things.put(1, "Vindmølle")
    with inside():
        assert queries.state() == queries.IndexState("ready", "", 0, 1, 1)
