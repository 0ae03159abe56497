"""The interface's texts in the page's language.

Flask-Babel looks up the request, the locale and the catalogue anew for each text, and a page has
a hundred of them: templates and whatever else is busy use these.
"""

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.support import Translations

from portal.core.bilingual import LANGUAGES, Language, chosen

FOLDER = Path(__file__).resolve().parent.parent / "translations"


def gettext(msgid: str, **values: Any) -> str:
    """A text in the page's language, its `%(name)s` filled in."""
    words = _catalogue(chosen()).gettext(msgid)
    return words % values if values else words


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The form of a text that goes with a number, which fills `%(num)d`."""
    return _catalogue(chosen()).ngettext(singular, plural, num) % {"num": num, **values}


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: Language) -> NullTranslations:
    return Translations.load(str(FOLDER), [language])
