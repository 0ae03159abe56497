"""The addresses of the other pages of a list that is shown a page at a time."""

from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from portal.core.paging import Part


def filtered_url(number: int = 1, ending: str = "") -> str:
    """This list with its filters: another page of it, or as a file."""
    asked = [(name, value) for name, value in request.args.items() if value and name != "page"]
    pairs = asked + ([("page", str(number))] if number > 1 else [])
    here = request.view_args or {}
    base = url_for(".export", ending=ending, **here) if ending else url_for(str(request.endpoint), **here)
    return f"{base}?{urlencode(pairs)}" if pairs else base


def steps(part: Part) -> dict[str, Any]:
    """What the macro `pagination` wants to know of a list."""
    return {"page": part.page, "pages": part.pages, "page_url": filtered_url}
