"""Danish and English: the only place that knows there are two."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self

from sqlalchemy import ColumnElement, case, or_
from sqlalchemy.orm import Mapped, mapped_column

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")
DEFAULT: Language = "da"

_chosen: ContextVar[Language] = ContextVar("language", default=DEFAULT)


class TextState(StrEnum):
    """What a reader is told about one language of an object."""

    MISSING = "missing"
    STALE = "stale"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Shown:
    """The text a reader gets, the language it really is in, and why."""

    text: str
    language: Language
    wanted: Language

    @property
    def is_fallback(self) -> bool:
        return self.language != self.wanted

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def chosen() -> Language:
    """The language of the page being made."""
    return _chosen.get()


def choose(language: str) -> None:
    """Make `language` the page's; ValueError when it is not one of ours."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}")
    _chosen.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use a language for the length of a block, e.g. for a mail or a search document."""
    before = chosen()
    choose(language)
    try:
        yield
    finally:
        _chosen.set(before)


def other(language: Language) -> Language:
    return "en" if language == "da" else "da"


def pick(da: str, en: str, language: Language | None = None) -> Shown:
    """The text in the wanted language, or in the other when there is none."""
    wanted = language or chosen()
    texts: dict[Language, str] = {"da": da, "en": en}
    shown = wanted if texts[wanted] or not texts[other(wanted)] else other(wanted)
    return Shown(texts[shown], shown, wanted)


def text_of(row: Any, pair: str, language: Language | None = None) -> Shown:
    """A pair of anything that has `<pair>_da` and `<pair>_en`: a model, or a row of selected columns."""
    wanted = language or chosen()
    if text := getattr(row, f"{pair}_{wanted}"):
        return Shown(text, wanted, wanted)
    there = other(wanted)
    if text := getattr(row, f"{pair}_{there}"):
        return Shown(text, there, wanted)
    return Shown("", wanted, wanted)


def is_stale(row: Any, language: Language | None = None) -> bool:
    """Whether a model's or row's other language was revised later than this one (default: the page's)."""
    wanted = language or chosen()
    mine, theirs = getattr(row, f"revised_{wanted}_at"), getattr(row, f"revised_{other(wanted)}_at")
    return mine is not None and theirs is not None and theirs > mine


def text_state_in(model: type["Bilingual"], language: Language) -> ColumnElement[str]:
    """`Bilingual.text_state`, said in SQL."""
    is_there = or_(*(getattr(model, f"{pair}_{language}") != "" for pair in model.pairs))
    mine, theirs = getattr(model, f"revised_{language}_at"), getattr(model, f"revised_{other(language)}_at")
    return case((~is_there, TextState.MISSING), (theirs > mine, TextState.STALE), else_=TextState.CURRENT)


class Bilingual:
    """Mixin of models with da/en pairs. Name the pairs in `pairs`, the title first.

    Each pair is two columns, `title_da` and `title_en`; each language also remembers when
    it was last revised, which is what makes the other one stale.
    """

    pairs: ClassVar[tuple[str, ...]] = ()

    revised_da_at: Mapped[datetime | None] = mapped_column(default=None)
    revised_en_at: Mapped[datetime | None] = mapped_column(default=None)

    def text(self, pair: str, language: Language | None = None) -> Shown:
        """The pair's text as a reader of `language` (default: the page's) gets it."""
        return text_of(self, pair, language)

    def text_state(self, language: Language) -> TextState:
        """`missing` when no pair has text in it, `stale` when only the other was revised later."""
        if not any(getattr(self, f"{pair}_{language}") for pair in self.pairs):
            return TextState.MISSING
        return TextState.STALE if is_stale(self, language) else TextState.CURRENT

    def write(self, now: datetime, /, **texts: Any) -> Self:
        """Set pair columns by name (`title_da=…`) and remember which languages changed."""
        for column, value in texts.items():
            pair, _, language = column.rpartition("_")
            if pair not in self.pairs or language not in LANGUAGES:
                raise AttributeError(f"{type(self).__name__} has no pair column {column!r}")
            # A new thing has None until it is saved: an empty text instead is no revision.
            if (getattr(self, column) or "") != (value or ""):
                setattr(self, f"revised_{language}_at", now)
            setattr(self, column, value)
        return self
