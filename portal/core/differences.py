"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)
MOST_WORDS = 4000


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


def words(before: str, after: str) -> list[tuple[Change, str]]:
    """The text as pieces that stayed, went and came, in order. Texts of book length are told as a whole."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return [(Change.GONE, before), (Change.NEW, after)]
    found: list[tuple[Change, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append((Change.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append((Change.GONE, "".join(old[a:b])))
        if d > c:
            found.append((Change.NEW, "".join(new[c:d])))
    return _joined(found)


def _joined(pieces: list[tuple[Change, str]]) -> list[tuple[Change, str]]:
    """Changes with nothing but a space between them read better as one."""
    found: list[tuple[Change, str]] = []
    for index, (what, text) in enumerate(pieces):
        is_gap = what is Change.SAME and text.isspace() and 0 < index < len(pieces) - 1
        if is_gap:
            found += [(Change.GONE, text), (Change.NEW, text)]
        else:
            found.append((what, text))
    runs: list[tuple[Change, str]] = []
    gone = new = ""
    for what, text in [*found, (Change.SAME, "")]:
        if what is Change.GONE:
            gone += text
        elif what is Change.NEW:
            new += text
        else:
            runs += [(kind, run) for kind, run in ((Change.GONE, gone), (Change.NEW, new)) if run]
            gone = new = ""
            if text:
                runs.append((what, text))
    return runs
