"""What writers are told of an article: the state of each language, what stood in a revision."""

from datetime import datetime
from typing import Any

from portal.core.bilingual import LANGUAGES, Language, TextState, other
from portal.core.labels import label
from portal.core.templating import day
from portal.core.texts import gettext as _
from portal.editorial import wording
from portal.news.editing.labels import FIELDS
from portal.news.models import Article, Kind
from portal.news.pictures import words as pictures

PAIRS = ("title", "standfirst", "body")
"""What a language is not finished without, where the other one has it."""


def _has(article: Any, pair: str, language: Language) -> bool:
    return bool(getattr(article, f"{pair}_{language}"))


def language_states(article: Any) -> dict[str, str]:
    """What is said of each language of an article: that it is missing, behind since when, or current."""
    return {language: language_state(article, language) for language in LANGUAGES}


def language_state(article: Any, language: Language) -> str:
    state = article.text_state(language)
    if state is TextState.MISSING:
        return _("Not written yet")
    lacking = [pair for pair in PAIRS if not _has(article, pair, language) and _has(article, pair, other(language))]
    if lacking:
        return _("Still missing: %(what)s", what=", ".join(str(FIELDS[pair]).lower() for pair in lacking))
    if state is TextState.STALE:
        since: datetime = getattr(article, f"revised_{other(language)}_at")
        return _("Behind since %(date)s: the other language was revised then", date=day(since))
    return _("Up to date")


def states_of_form(article: Article | None) -> dict[str, str]:
    return language_states(article) if article else {}


def said(name: str, value: Any) -> str:
    """The value of a field of a revision, in words."""
    if name == "pictures":
        return pictures.said(value or [])
    return label(Kind(value)) if name == "kind" and value else wording.said(name, value)
