"""What counts as the same word."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.text import clean, fold, fold_name, forms, one_line, words

DATA = Path(__file__).resolve().parent.parent.parent / "data"
WITHOUT_DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def names(file: str, *columns: str) -> list[str]:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as rows:
        return [row[column] for row in csv.DictReader(rows) for column in columns if row[column]]


def all_forms(text: str) -> list[object]:
    return [forms(word) for word in words(clean(text))]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Århus", "aarhus"),
        ("AARHUS", "aarhus"),
        ("København", "koebenhavn"),
        ("Ærø", "aeroe"),
        ("Malmö", "malmoe"),
        ("Tromsø", "tromsoe"),
        ("café", "cafe"),
        ("A\u030arhus", "aarhus"),
        ("CO₂", "co2"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
    ],
)
def test_letters_fold_to_what_people_type(written: str, folded: str) -> None:
    assert fold(clean(written)) == folded


@pytest.mark.parametrize(
    "name", names("municipalities.csv", "name_da", "name_en") + names("partners.csv", "name", "name_en")
)
def test_every_real_name_meets_its_other_spellings(name: str) -> None:
    wanted = all_forms(name)
    for spelling in (
        name.lower(),
        name.translate(WITHOUT_DANISH_LETTERS),
        name.upper().translate(WITHOUT_DANISH_LETTERS),
        name.replace("aa", "å").replace("Aa", "Å"),
    ):
        folded = [(one.neutral, one.da, one.en) for one in map(forms, words(clean(spelling)))]
        for written, one in zip(wanted, folded, strict=True):
            assert one[0] == written.neutral  # type: ignore[attr-defined]
            # A stop word is one only as it is written, so there a stem may be missing.
            assert not one[1] or not written.da or one[1] == written.da  # type: ignore[attr-defined]
            assert not one[2] or not written.en or one[2] == written.en  # type: ignore[attr-defined]
        assert fold_name(spelling) == fold_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fjernvarme", "fjernvarmen"),
        ("kommune", "kommunerne"),
        ("København", "Københavns"),
        ("by", "byerne"),
        ("løsninger", "loesning"),
        ("bæredygtig", "bæredygtige"),
        ("vand", "vandet"),
    ],
)
def test_danish_forms_of_a_word_meet(one: str, other: str) -> None:
    assert forms(one).da == forms(other).da


@pytest.mark.parametrize(
    ("one", "other"),
    [("city", "cities"), ("municipality", "municipalities"), ("heated", "heating"), ("citizen's", "citizens")],
)
def test_english_forms_of_a_word_meet(one: str, other: str) -> None:
    assert forms(one).en == forms(other).en


def test_the_stop_word_is_looked_up_before_folding() -> None:
    assert forms("på").da == ""
    assert forms("paa").da == ""
    assert forms("pa").da == "pa"


def test_by_is_a_town_in_danish_and_nothing_in_english() -> None:
    assert forms("by").da == "by"
    assert forms("by").en == ""


def test_numbers_hyphens_and_apostrophes_part_words_as_readers_do() -> None:
    assert words("HEAT 4.0 – smart-city's DTU’s 2020-2026, 1.5") == [
        "HEAT", "4.0", "smart", "city's", "DTU’s", "2020", "2026", "1.5",
    ]  # fmt: skip
    assert forms("DTU’s").neutral == "dtu"
    assert forms("4,0") == forms("4.0")


def test_lines_become_one() -> None:
    assert one_line("A sentence.\nAnother\n\nthird\n") == "A sentence. Another · third"
    assert one_line(" \n ") == ""


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_can_be_read(text: str) -> None:
    for word in words(clean(text)):
        found = forms(word)
        assert found.neutral
        assert found.neutral.encode()
    assert "\x00" not in clean(text)
