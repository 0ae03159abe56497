"""Chapters of a recording as people write them: a line each, the time and then what it is called."""

import re
from collections.abc import Iterable

from portal.core.captions import clock_of
from portal.webinars.models import NAME, Chapter

MOST = 100
_LINE = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)\s+(?:[-–—]\s+)?(\S.*)")


def read(text: str) -> dict[int, str]:
    """Second → title. ValueError with the line that is none, or whose time stands there twice."""
    found: dict[int, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None or len(match[4]) > NAME:
            raise ValueError(line)
        at = (int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3])
        if at in found:
            raise ValueError(line)
        found[at] = match[4]
    return found


def written(chapters: Iterable[Chapter], language: str) -> str:
    """The lines that `read` reads, in one language."""
    titles = [(one.at_s, getattr(one, f"title_{language}")) for one in chapters]
    return "\n".join(f"{clock_of(at * 1000)} {title}" for at, title in titles if title)


def seconds(text: str) -> int | None:
    """How long 1:02:03 or 62:03 is; none for anything else."""
    match = re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", text.strip())
    return (int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3]) if match else None
