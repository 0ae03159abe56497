"""The engine alone: what is found, in which order, counted how."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.documents import Document
from portal.search.engines.base import DIMENSIONS, EngineFault, Filters, Found, Request, Sort
from portal.search.engines.factory import engine_at
from portal.search.engines.whoosh import WhooshEngine, WhooshReader
from portal.search.query import parse
from portal.search.text import forms, words

Ask = Callable[..., Found]

TOWNS = [
    Document("municipality", 1, 1, "/m/aarhus", "Aarhus", "Aarhus", ("Aarhus Kommune",), "Danmarks næststørste by"),
    Document("municipality", 2, 1, "/m/koebenhavn", "København", "Copenhagen", (), "Hovedstaden"),
    Document("partner", 1, 1, "/p/aarhus-kommune", "Aarhus Kommune", "City of Aarhus", (), "Kommune"),
    Document(
        "project", 1, 1, "/p/aarhus", "Smart energi i Aarhus", "Smart energy in Aarhus", ("SEA",),
        "Fjernvarme og byens energi", "District heating and energy in the city of Aarhus",
        body_da="Den smarte by bruger fjernvarmen. " * 20, date=date(2019, 1, 1), themes=("energy", "heat"),
    ),
    Document(
        "article", 1, 1, "/n/heat", "Fjernvarmen vokser", "", (), "Om København",
        date=date(2024, 5, 1), themes=("heat",), years=(2024,),
    ),
    Document("article", 2, 1, "/n/town", "", "A smart town", (), "", "Cities talk about energy", date=date(2025, 5, 1)),
]  # fmt: skip


def build(folder: Path, documents: Sequence[Document]) -> WhooshReader:
    engine = WhooshEngine()
    writer = engine.create(folder)
    for document in documents:
        writer.put(document)
    writer.commit()
    return engine.open(folder)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    reader = build(tmp_path_factory.mktemp("engine") / "index", TOWNS)

    def asking(text: str, filters: Filters | None = None, **given: object) -> Found:
        return reader.search(Request(parse(text), filters or Filters(), **given))  # type: ignore[arg-type]

    return asking


def keys(found: Found) -> list[str]:
    return [hit.document.key for hit in found.hits]


@pytest.mark.parametrize("spelling", ["aarhus", "Aarhus", "århus", "ÅRHUS", "AARHUS", "a\u030arhus"])
def test_every_spelling_finds_the_town_first(ask: Ask, spelling: str) -> None:
    assert keys(ask(spelling)) == ["municipality:1", "partner:1", "project:1"]


@pytest.mark.parametrize("spelling", ["København", "koebenhavn", "KØBENHAVN", "københavns", "copenhagen"])
def test_a_name_is_found_in_both_languages(ask: Ask, spelling: str) -> None:
    assert keys(ask(spelling))[0] == "municipality:2"


def test_the_exact_name_stands_first(ask: Ask) -> None:
    assert keys(ask("Aarhus Kommune"))[:2] == ["partner:1", "municipality:1"]
    assert keys(ask("SEA"))[0] == "project:1"


def test_documents_with_all_words_stand_before_the_others(ask: Ask) -> None:
    assert keys(ask("smart fjernvarme"))[0] == "project:1"
    assert set(keys(ask("smart fjernvarme"))) == {"project:1", "article:1", "article:2"}


def test_stems_find_other_forms_of_a_word(ask: Ask) -> None:
    assert set(keys(ask("fjernvarme"))) == {"project:1", "article:1"}
    assert set(keys(ask("city"))) >= {"article:2", "project:1"}
    assert "municipality:1" in keys(ask("byer"))


def test_the_last_word_may_be_unfinished(ask: Ask) -> None:
    assert set(keys(ask("fjernv"))) == {"project:1", "article:1"}
    assert keys(ask("fjernv energi"))[0] != "article:1"


def test_a_phrase_is_demanded_word_for_word(ask: Ask) -> None:
    assert keys(ask('"smarte by"')) == ["project:1"]
    assert keys(ask('"by smarte"')) == []
    assert keys(ask('"energi i aarhus"')) == ["project:1"]
    assert keys(ask('"city of aarhus" energy')) == ["project:1", "partner:1"]


def test_the_language_of_the_page_is_preferred(ask: Ask) -> None:
    assert keys(ask("smart town", language="en"))[0] == "article:2"
    assert set(keys(ask("energi", language="en"))) == set(keys(ask("energi", language="da")))


def test_newest_first_keeps_full_matches_on_top(ask: Ask) -> None:
    assert keys(ask("fjernvarme", sort=Sort.NEWEST)) == ["article:1", "project:1"]


def test_no_text_finds_everything_newest_first(ask: Ask) -> None:
    assert keys(ask(""))[:3] == ["article:2", "article:1", "project:1"]
    assert ask("").total == len(TOWNS)
    assert ask(":::").total == 0


def test_stop_words_alone_are_looked_for_in_names(ask: Ask) -> None:
    assert keys(ask("i")) == ["project:1"]
    assert keys(ask("og")) == []


def test_hidden_documents_are_neither_shown_nor_counted(ask: Ask) -> None:
    found = ask("aarhus", hidden={"partner:1", "unknown:9"})
    assert keys(found) == ["municipality:1", "project:1"]
    assert found.counts["kind"] == {"municipality": 1, "project": 1}


def test_what_nobody_wrote_is_told_with_a_similar_name(tmp_path: Path) -> None:
    reader = build(tmp_path / "index", TOWNS)
    assert reader.search(Request(parse("kobenhavn smart"))).unknown == ["kobenhavn"]
    assert reader.similar("kobenhavn") == "København"
    assert reader.similar("Smrt") == "Smart"
    assert reader.similar("xqzzy") is None


def test_pages_do_not_overlap(tmp_path: Path) -> None:
    reader = build(tmp_path / "index", [Document("thing", n, 1, f"/{n}", "samme navn") for n in range(95)])
    seen: list[str] = []
    for offset in range(0, 100, 10):
        seen += keys(reader.search(Request(parse("samme"), offset=offset, limit=10)))
    assert len(seen) == len(set(seen)) == 95


def test_a_change_replaces_and_removes(tmp_path: Path) -> None:
    engine = WhooshEngine()
    before = build(tmp_path / "index", TOWNS)
    writer = engine.change(tmp_path / "index", ["municipality:1", "partner:1", "never:1"])
    writer.put(replace(TOWNS[0], version=2, title_da="Randers", title_en="", names=()))
    writer.commit()
    after = engine.open(tmp_path / "index", before)
    assert keys(after.search(Request(parse("randers")))) == ["municipality:1"]
    assert after.inventory()["municipality:1"] == 2
    assert "partner:1" not in after.inventory()
    assert after.documents == len(TOWNS) - 1
    assert before.documents == len(TOWNS), "a reader in use sees what it saw"


def test_many_small_changes_keep_the_index_in_few_files(tmp_path: Path) -> None:
    engine = WhooshEngine()
    reader = build(tmp_path / "index", TOWNS)
    for version in range(2, 40):
        writer = engine.change(tmp_path / "index", ["article:1"])
        writer.put(replace(TOWNS[4], version=version, title_da=f"Udgave {version}"))
        writer.commit()
        reader = engine.open(tmp_path / "index", reader)
    assert keys(reader.search(Request(parse("udgave 39"))))[:1] == ["article:1"]
    assert reader.inventory() == {one.key: (39 if one.key == "article:1" else 1) for one in TOWNS}
    assert len(engine.files(tmp_path / "index")) < 15
    reader.verify()


def test_a_damaged_index_is_a_fault(tmp_path: Path) -> None:
    build(tmp_path / "index", TOWNS)
    for path in (tmp_path / "index").glob("MAIN_*.*"):
        path.write_bytes(b"\x00" * path.stat().st_size)
    with pytest.raises(EngineFault):
        WhooshEngine().open(tmp_path / "index").verify()
    with pytest.raises(EngineFault):
        WhooshEngine().open(tmp_path / "nowhere")


@pytest.mark.parametrize("url", ["", "sqlite:///x", "whoosh:relative", "whoosh://host/path", "tantivy:///x"])
def test_an_address_that_is_no_engine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="PORTAL_SEARCH_URL"):
        engine_at(url)


# Against a search that looks at every document: which are found, and every count.

WORDS = ("vand", "varme", "energi", "data", "aarhus", "klima")
THEMES = ("heat", "water", "data")
PLACES = ("aarhus", "odense")

texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


@st.composite
def collections(draw: st.DrawFn) -> list[Document]:
    return [
        Document(
            kind=draw(st.sampled_from(["project", "article"])),
            id=number,
            version=1,
            path=f"/{number}",
            title_da=draw(texts),
            summary_en=draw(texts),
            body_da=draw(texts),
            themes=tuple(draw(st.lists(st.sampled_from(THEMES), max_size=3))),
            municipalities=tuple(draw(st.sets(st.sampled_from(PLACES)))),
            years=tuple(draw(st.sets(st.integers(2020, 2022)))),
        )
        for number in range(draw(st.integers(1, 12)))
    ]


chosen_filters = st.builds(
    Filters,
    kind=st.lists(st.sampled_from(["project", "article", "nothing"]), max_size=2).map(tuple),
    theme=st.lists(st.sampled_from([*THEMES, "nothing"]), max_size=2).map(tuple),
    municipality=st.lists(st.sampled_from(PLACES), max_size=1).map(tuple),
    year=st.lists(st.sampled_from(["2020", "2021", "x"]), max_size=1).map(tuple),
)


def values(document: Document, dimension: str) -> set[str]:
    return {
        "kind": {document.kind},
        "theme": set(document.themes),
        "partner": set(document.partners),
        "municipality": set(document.municipalities),
        "year": {str(year) for year in document.years},
    }[dimension]


def neutral(document: Document) -> set[str]:
    return {forms(word).neutral for word in words(f"{document.title_da} {document.summary_en} {document.body_da}")}


def passing(documents: Sequence[Document], filters: Filters, dimensions: Sequence[str]) -> Iterator[Document]:
    for document in documents:
        if all(not filters.of(d) or values(document, d) & set(filters.of(d)) for d in dimensions):
            yield document


@settings(max_examples=30, deadline=None)
@given(collections(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True), chosen_filters)
def test_hits_and_counts_are_those_of_looking_at_every_document(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], asked: list[str], filters: Filters
) -> None:
    reader = build(tmp_path_factory.mktemp("brute") / "index", documents)
    found = reader.search(Request(parse(" ".join(asked)), filters, limit=100))
    matched = [one for one in documents if neutral(one) & set(asked)]
    assert set(keys(found)) == {one.key for one in passing(matched, filters, DIMENSIONS)}
    assert found.total == len(found.hits)
    complete = [set(asked) <= neutral(next(d for d in documents if d.key == key)) for key in keys(found)]
    assert complete == sorted(complete, reverse=True), "all words first"
    for dimension in DIMENSIONS:
        others = [name for name in DIMENSIONS if name != dimension]
        counted: dict[str, int] = {}
        for document in passing(matched, filters, others):
            for value in values(document, dimension):
                counted[value] = counted.get(value, 0) + 1
        assert found.counts[dimension] == counted
