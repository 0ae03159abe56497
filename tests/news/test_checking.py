"""What a careful reader says of an article that is being written."""

import pytest

from portal.news.checking import Fault, check, reading_of, sentences_of

BODY = "# Begyndelsen\n\nEn tekst med [kommunens plan](https://example.org).\n\n## Mere\n\nSlut."
WHOLE = {
    "title_da": "Nyt net i havnen",
    "standfirst_da": "Havnens varmenet er færdigt og sænker regningen for 400 boliger.",
    "body_da": BODY,
    "title_en": "New network in the harbour",
    "standfirst_en": "The harbour's heat network is ready and lowers the bill of 400 homes.",
    "body_en": "The network is ready.",
}


def _faults(**changes: str) -> list[tuple[str, str, str]]:
    return [(one.fault.value, one.language, one.words) for one in check({**WHOLE, **changes}).findings]


def test_there_is_nothing_to_say_of_a_sound_article_or_of_none() -> None:
    assert _faults() == []
    assert check({}).findings == ()
    assert check({}).reading == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title_en": "", "standfirst_en": "", "body_en": " "}, [("language_missing", "en", "")]),
        ({"title_en": ""}, [("title_missing", "en", "")]),
        ({"standfirst_da": ""}, [("standfirst_missing", "da", "")]),
        ({"standfirst_da": "Kort."}, [("standfirst_short", "da", "Kort.")]),
        ({"body_en": ""}, [("body_missing", "en", "")]),
        # Headings
        ({"body_da": "## Først\n\nTekst"}, [("heading_first", "da", "Først")]),
        ({"body_da": "# En\n\n### Tre\n\n# Igen"}, [("heading_skipped", "da", "Tre")]),
        ({"body_da": "#\n\nTekst"}, [("heading_empty", "da", "")]),
        ({"body_da": "# En\n\n## To\n\n### Tre\n\n# Igen\n\n## To"}, []),
        ({"body_da": "```\n### kode\n```"}, []),
        # Links
        ({"body_da": "Se [her](https://example.org)"}, [("link_words", "da", "her")]),
        (
            {"body_da": "[Læs mere »](/da/news) og [**klik her**](/x)"},
            [("link_words", "da", "Læs mere »"), ("link_words", "da", "klik her")],
        ),
        ({"body_en": "[](https://example.org/a)"}, [("link_words", "en", "https://example.org/a")]),
        (
            {"body_en": "[This page](/x) [HERE.](/y) [The plan here](/z)"},
            [("link_words", "en", "This page"), ("link_words", "en", "HERE.")],
        ),
        ({"body_en": "Look at https://example.org/a"}, [("bare_address", "en", "https://example.org/a")]),
        ({"body_en": "<https://example.org/a>"}, [("bare_address", "en", "https://example.org/a")]),
        ({"body_en": "[www.example.org](https://www.example.org)"}, [("bare_address", "en", "www.example.org")]),
        # Pictures in the text are left out by the page
        ({"body_en": "![A tower](https://example.org/a.png)"}, [("picture_in_text", "en", "A tower")]),
        # Sentences
        ({"body_en": " ".join(["word"] * 31) + "."}, [("sentence_long", "en", "word " * 11 + "word…")]),
        ({"body_en": " ".join(["Word"] * 30) + ". " + " ".join(["Word"] * 30)}, []),
        ({"body_en": "- " + "\n- ".join(["a few words"] * 20)}, []),
    ],
)
def test_what_may_be_better_is_said(changes: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    assert _faults(**changes) == expected


def test_pictures_without_words_are_counted_by_language() -> None:
    found = check(WHOLE, {"da": 0, "en": 2}).findings
    assert [(one.fault, one.language) for one in found] == [(Fault.PICTURE_WORDS, "en")] * 2


@pytest.mark.parametrize(
    ("prose", "number"),
    [
        ("Det koster ca. 5 mio. kr. om året, bl.a. til drift. Slut.", 2),
        ("Mødet er den 12. oktober kl. 10.30. Alle kan komme!", 2),
        ("What is it? It is e.g. a network. “Good.” Done", 4),
        ("En linje\nen til", 2),
        ("...", 0),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_pauses(prose: str, number: int) -> None:
    assert len(sentences_of(prose)) == number


def test_lix_and_minutes() -> None:
    # Björnsson's measure: words a sentence, and long words in a hundred.
    text = ("Det er en kort tekst om vand. " * 10).strip()
    assert reading_of(text, "da").lix == 7
    hard = "Kommunernes energiplanlægning forudsætter tværkommunale samarbejdsaftaler vedrørende varmeforsyningen. " * 9
    reading = reading_of(hard, "da")
    assert (reading.words, reading.minutes, reading.lix) == (63, 1, 107)
    assert reading_of(hard, "en").lix is None
    assert reading_of("Kort.", "da").lix is None
    assert reading_of("word " * 401, "en").minutes == 3
    assert reading_of("", "da").minutes == 0
    assert ("hard_to_read", "da", "100") in _faults(body_da=hard)
