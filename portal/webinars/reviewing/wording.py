"""What stood in the fields of a webinar's versions, in words."""

from typing import Any

from babel import Locale

from portal.core.bilingual import chosen
from portal.editorial import wording
from portal.webinars.series import queries as series


def said(name: str, value: Any) -> str:
    """The value of a field of a revision, in words."""
    if name == "series_id" and value:
        return series.title_of(value)
    if name == "languages" and value:
        return ", ".join(Locale(chosen()).languages.get(code, code) for code in value)
    return wording.said(name, value)
