"""What readers call the words of the domain's lists, in both languages.

A slice names its enumerations in its own `labels.py` and enters them here.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal.core.bilingual import LANGUAGES, Language, chosen, speaking
from portal.core.themes import Theme

_labels: dict[type[StrEnum], Mapping[Any, Any]] = {}


def enter(words: type[StrEnum], labels: Mapping[Any, Any]) -> None:
    """Name every word of an enumeration. ValueError when one is forgotten."""
    if forgotten := set(words) - set(labels):
        raise ValueError(f"{words.__name__} has no label for {sorted(forgotten)}")
    _labels[words] = labels


def label(word: StrEnum) -> str:
    """The reader's name for a word, in the page's language."""
    return _label(type(word), str(word), chosen())


@lru_cache(maxsize=1024)
def _label(words: type[StrEnum], word: str, _language: Language) -> str:
    return str(_labels[words][words(word)])


def labels_of(words: type[StrEnum], values: Iterable[str]) -> dict[str, str]:
    """Value → label of those values that are words of the enumeration, in its order."""
    wanted = set(values)
    return {word.value: label(word) for word in words if word.value in wanted}


_actions: dict[str, Any] = {}


def name_actions(labels: Mapping[str, Any]) -> None:
    """Say what the trace calls what was done: action → words, e.g. `"project.revised"` → “Texts revised”."""
    _actions.update(labels)


def action_label(action: str) -> str:
    """What was done, in the page's language; the action itself where nobody has named it."""
    return str(_actions.get(action, action))


def is_named(action: str) -> bool:
    """Whether somebody has said what the trace calls it."""
    return action in _actions


enter(
    Theme,
    {
        Theme.ENERGY: _l("Energy"),
        Theme.HEAT: _l("Heat"),
        Theme.MOBILITY: _l("Mobility"),
        Theme.WATER: _l("Water"),
        Theme.BUILDINGS: _l("Buildings"),
        Theme.WASTE: _l("Waste"),
        Theme.DATA: _l("Data"),
        Theme.HEALTH: _l("Health"),
        Theme.GOVERNANCE: _l("Governance"),
        Theme.PLANNING: _l("Planning"),
        Theme.CLIMATE: _l("Climate"),
    },
)


def in_each(text: Any) -> dict[Language, str]:
    """What a translated text is in each language, whatever the page's own is."""
    said = {}
    for language in LANGUAGES:
        with speaking(language), force_locale(language):  # Flask-Babel remembers the language of the request
            said[language] = str(text)
    return said
