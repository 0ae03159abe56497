"""The pages of the desk's filtered lists: which one is asked for, and the addresses of the others."""

from urllib.parse import urlencode

from flask import request, url_for

from portal.core.errors import NotFound


def filtered_url(number: int = 1, ending: str = "") -> str:
    """This list with its filters: another page of it, or as a file."""
    asked = [(name, value) for name, value in request.args.items() if value and name != "page"]
    pairs = asked + ([("page", str(number))] if number > 1 else [])
    base = url_for(".export", ending=ending) if ending else url_for(".index")
    return f"{base}?{urlencode(pairs)}" if pairs else base


def page_number() -> int:
    """The page that the address asks for. `NotFound` for what cannot be one."""
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 0 < int(given[:9]) <= 1_000_000):
        raise NotFound("page", given)
    return int(given[:9])
