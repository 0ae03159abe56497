"""Excerpts with their matches."""

from hypothesis import given
from hypothesis import strategies as st

from portal.search.highlight import EXCERPT, Marker, Piece
from portal.search.query import parse
from portal.search.text import clean


def marked(question: str, text: str) -> list[str]:
    _, pieces = Marker(parse(question)).excerpt([text])
    return [piece.text for piece in pieces if piece.is_match]


def test_words_are_marked_in_either_language_and_spelling() -> None:
    assert marked("aarhus energi", "Energien i Århus, Aarhus' energies") == ["Energien", "Århus", "Aarhus", "energies"]


def test_the_unfinished_word_is_marked_whole() -> None:
    assert marked("fjernv", "Om fjernvarmenettet") == ["fjernvarmenettet"]


def test_the_excerpt_is_cut_around_the_densest_matches() -> None:
    text = "energi " + "intet her " * 80 + "smart energi i byen " + "intet her " * 80
    _, pieces = Marker(parse("smart energi")).excerpt([text])
    shown = "".join(piece.text for piece in pieces)
    assert "smart energi i byen" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= EXCERPT + 4


def test_the_first_text_with_a_match_is_cut_and_named() -> None:
    number, pieces = Marker(parse("vand")).excerpt(["", "Om energi", "Om vand"])
    assert number == 2
    assert Piece("vand", True) in pieces
    number, pieces = Marker(parse("jord")).excerpt(["", "Om energi", "Om vand"])
    assert number == 1
    assert pieces == (Piece("Om energi", False),)


@given(st.text(max_size=1_500), st.text(max_size=60))
def test_pieces_are_the_text_and_nothing_else(text: str, question: str) -> None:
    text = clean(text)
    marker = Marker(parse(question))
    assert "".join(piece.text for piece in marker.whole(text)) == text
    _, pieces = marker.excerpt([text])
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert shown in text
