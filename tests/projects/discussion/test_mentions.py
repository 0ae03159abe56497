"""Whom a text names."""

import pytest

from portal.projects.discussion.mentions import found

pytestmark = pytest.mark.sqlite_only

ANNA, ANNA_HOLM, SOEREN, AASE = 1, 2, 3, 4
PEOPLE = {ANNA: "Anna", ANNA_HOLM: "Anna Holm", SOEREN: "Søren Ærø", AASE: "Åse Ibsen"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Hi @Søren Ærø, look", {SOEREN}),
        ("@søren: look", {SOEREN}),
        ("@A\u030ase?", {AASE}),  # å as two characters, as some keyboards send it
        ("(@Anna Holm) and @Anna.", {ANNA, ANNA_HOLM}),
        ("@Anna\nHolm", {ANNA_HOLM}),
        ("@Annabel", set()),
        ("soeren@søren.dk", set()),
        ("@nobody @ @@", set()),
        ("Søren", set()),
    ],
)
def test_a_name_after_an_at_names_somebody(text: str, named: set[int]) -> None:
    assert found(text, PEOPLE) == named


def test_two_of_one_name_cannot_be_told_apart_by_it() -> None:
    assert found("@Bo @Bo Lund", {1: "Bo Lund", 2: "Bo Holm", 3: "Bo Lund"}) == set()
    assert found("@Bo Holm", {1: "Bo Lund", 2: "Bo Holm"}) == {2}
