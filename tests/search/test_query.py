"""What is read into what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.query import MAX_WORDS, corrected, parse


def demanded(text: str) -> list[str]:
    return [word.written for word in parse(text).words if word.required]


def test_words_are_read_once_and_stop_words_are_not_demanded() -> None:
    assert demanded("smart og smart energi for the smart") == ["smart", "energi"]
    assert "for" not in [word.written for word in parse("smart for smart").words], "a stop word of both languages"


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert demanded("for over under") == ["for", "over", "under"]


def test_a_word_that_only_one_language_stops_helps_but_is_not_demanded() -> None:
    assert [(word.written, word.required) for word in parse("smart by").words] == [("smart", True), ("by", False)]
    assert parse("by").words[0].required


def test_the_last_word_may_be_unfinished() -> None:
    assert [word.is_prefix for word in parse("smart fjernv").words] == [False, True]
    assert not parse('"grøn energi"').words[-1].is_prefix
    assert not parse("x").words[0].is_prefix


def test_quoted_words_are_a_phrase() -> None:
    assert [[form.neutral for form in phrase] for phrase in parse('data "open data" “grøn energi”').phrases] == [
        ["open", "data"],
        ["groen", "energi"],
    ]


@pytest.mark.parametrize("text", ['"', '"unbalanced', 'un"balanced', '""', '"one"', '" "'])
def test_stray_quotes_ask_for_nothing_special(text: str) -> None:
    assert parse(text).phrases == ()


@pytest.mark.parametrize(
    "text", ["AND", "a OR NOT b", "title:energy", "en*rgy", "(((", "a^2~3", "[x TO y]", "-minus +plus"]
)
def test_operators_are_words(text: str) -> None:
    query = parse(text)
    assert query.phrases == ()
    assert all(word.written.isalnum() for word in query.words)


@pytest.mark.parametrize("text", ["", " ", "\x00", ":::", "🙂🙃", "\ud800", "\u202e\u200f"])
def test_a_question_without_a_word_has_none(text: str) -> None:
    assert not parse(text)


def test_a_very_long_question_is_cut() -> None:
    assert len(parse(" ".join(f"word{n}" for n in range(2_000))).words) == MAX_WORDS
    assert len(parse("x" * 10_240).words) == 1


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_any_text_is_a_question(text: str) -> None:
    query = parse(text)
    assert len(query.words) <= MAX_WORDS
    query.text.encode()
    assert corrected(query, {}) == query.text


def test_a_correction_keeps_the_rest_as_typed() -> None:
    assert corrected(parse('Smrt "Energi", tak'), {"Smrt": "Smart"}) == 'Smart "Energi", tak'
