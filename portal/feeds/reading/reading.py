"""What the reading process does with one body."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from portal.feeds.reading import bodies, jsonfeed, pages, xmlfeed
from portal.feeds.reading.parsed import Parsed, Unreadable

_JSON = re.compile(r"\s*\{")


def read(body: bytes, url: str, charset: str = "") -> Parsed:
    """The feed in a body, or `Unreadable`. What the server calls its type is not asked: it is wrong too often."""
    text = bodies.text_of(body, charset)
    if not text.strip():
        raise Unreadable("broken", "the answer is empty")
    if _JSON.match(text):
        return jsonfeed.read(text, url)
    if bodies.is_html(text):
        raise Unreadable("not_a_feed", "a page", pages.candidates(text, url))
    disarmed, items = bodies.disarmed(text)
    parsed = xmlfeed.read(disarmed, url)
    return parsed if items <= parsed.found else Parsed(**{**_fields(parsed), "found": items})


def _fields(parsed: Parsed) -> dict[str, Any]:
    return {name: getattr(parsed, name) for name in Parsed.__slots__}


def answer(body: bytes, asked: Mapping[str, Any]) -> dict[str, Any]:
    """`read` as a message: the feed, or why there is none."""
    try:
        return {"parsed": read(body, str(asked["url"]), str(asked["charset"])).plain()}
    except Unreadable as why:
        return {"trouble": why.trouble, "detail": why.detail, "candidates": [asdict(one) for one in why.candidates]}
    except MemoryError:
        return {"trouble": "too_costly", "detail": "out of memory", "candidates": []}
    except RecursionError:
        return {"trouble": "dangerous", "detail": "elements within elements without end", "candidates": []}
    except Exception as error:  # noqa: BLE001  a library's fault in a stranger's text is the text's
        return {"trouble": "broken", "detail": f"{type(error).__name__}: {error}"[:200], "candidates": []}
