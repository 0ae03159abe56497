"""Whom a text names: `@` and the name of somebody in the project."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

_AT = re.compile(r"(?<![\w@.])@")


def found(text: str, people: Mapping[int, str]) -> set[int]:
    """The people whom the text names by their whole name, or by a first name that only one of them has.

    Small and large letters are the same; the longest name counts, so that “@Anna Holm” is not also “@Anna”. Two
    people of the same name cannot be told apart and neither is meant.
    """
    names = _names(people)
    said = _plain(text)
    longest_first = sorted(names, key=len, reverse=True)
    mentioned = set()
    for at in _AT.finditer(said):
        rest = said[at.end() :]
        name = next((one for one in longest_first if rest.startswith(one) and not _goes_on(rest, len(one))), None)
        if name is not None:
            mentioned.add(names[name])
    return mentioned


def _names(people: Mapping[int, str]) -> dict[str, int]:
    """Each name that means one person → that person."""
    whole = [(_plain(name), one) for one, name in people.items() if name.strip()]
    first = [(name.split()[0], one) for name, one in whole if " " in name]
    for names in (whole, first):
        number = Counter(name for name, _one in names)
        names[:] = [(name, one) for name, one in names if number[name] == 1]
    # A first name that is somebody else's whole name is nobody's short one.
    taken = {name for name, _one in whole}
    return {**{name: one for name, one in first if name not in taken}, **dict(whole)}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).casefold()).strip()


def _goes_on(text: str, end: int) -> bool:
    return end < len(text) and (text[end].isalnum() or text[end] == "_")
