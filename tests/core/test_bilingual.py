from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from portal.core import bilingual
from portal.core.bilingual import Bilingual, TextState, choose, chosen, other, pick, speaking

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


class Page(Bilingual):
    """Something with two pairs, as a model has them before it is saved."""

    pairs = ("title", "body")

    def __init__(self) -> None:
        self.title_da = self.title_en = self.body_da = self.body_en = None
        self.revised_da_at = self.revised_en_at = None


@pytest.fixture(autouse=True)
def _danish_again():
    with speaking("da"):
        yield


def test_danish_is_spoken_unless_another_language_is_chosen():
    spoken = []
    thread = Thread(target=lambda: spoken.append(chosen()))
    choose("en")
    thread.start()
    thread.join()
    assert spoken == ["da"]
    assert chosen() == "en"


@pytest.mark.parametrize("word", ["de", "", "DA", "da-DK"])
def test_a_language_that_is_not_ours_is_refused(word):
    with pytest.raises(ValueError, match="no such language"):
        choose(word)
    assert chosen() == "da"


def test_speaking_returns_to_the_language_before_even_after_an_error():
    def fail() -> None:
        with speaking("da"):
            assert chosen() == "da"
            raise KeyError

    with speaking("en"):
        assert chosen() == "en"
        with pytest.raises(KeyError):
            fail()
        assert chosen() == "en"
    assert chosen() == "da"


def test_there_are_two_languages_and_each_has_the_other():
    assert [other(language) for language in bilingual.LANGUAGES] == ["en", "da"]


@pytest.mark.parametrize(
    ("da", "en", "wanted", "text", "language", "is_fallback"),
    [
        ("Hej", "Hello", "da", "Hej", "da", False),
        ("Hej", "Hello", "en", "Hello", "en", False),
        ("Hej", "", "en", "Hej", "da", True),
        ("", "Hello", "da", "Hello", "en", True),
        ("", "", "en", "", "en", False),
    ],
)
def test_a_reader_gets_the_wanted_language_or_the_other(da, en, wanted, text, language, is_fallback):
    shown = pick(da, en, wanted)
    assert (shown.text, shown.language, shown.wanted, shown.is_fallback) == (text, language, wanted, is_fallback)
    assert str(shown) == text
    assert bool(shown) == bool(text)


def test_without_a_wish_the_language_of_the_page_decides():
    with speaking("en"):
        assert pick("Hej", "Hello").text == "Hello"
        assert Page().write(NOW, title_da="Hej").text("title").is_fallback


def test_a_language_without_text_is_missing():
    page = Page().write(NOW, title_da="Hej", title_en="")
    assert page.text_state("da") is TextState.CURRENT
    assert page.text_state("en") is TextState.MISSING


def test_a_language_is_stale_when_only_the_other_was_revised_later():
    page = Page().write(NOW, title_da="Hej", title_en="Hello")
    assert (page.text_state("da"), page.text_state("en")) == (TextState.CURRENT, TextState.CURRENT)
    page.write(LATER, title_da="Goddag")
    assert (page.text_state("da"), page.text_state("en")) == (TextState.CURRENT, TextState.STALE)
    page.write(LATER, body_en="More")
    assert page.text_state("en") is TextState.CURRENT


def test_writing_the_same_text_again_revises_nothing():
    page = Page().write(NOW, title_da="Hej", title_en="Hello")
    page.write(LATER, title_da="Hej", title_en="Hello")
    assert page.revised_da_at == page.revised_en_at == NOW


def test_nothing_instead_of_nothing_is_no_revision():
    page = Page().write(NOW, title_da="Hej", title_en="", body_en="")
    assert page.revised_en_at is None


@pytest.mark.parametrize("column", ["title", "title_de", "slug_da", "revised_da_at"])
def test_only_the_columns_of_a_pair_are_written(column):
    with pytest.raises(AttributeError, match=column):
        Page().write(NOW, **{column: "x"})
