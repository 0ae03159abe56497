"""JSON Feed 1 and 1.1, read leniently: what has the wrong kind counts as not said."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.feeds.addresses import absolute
from portal.feeds.reading import xmlfeed
from portal.feeds.reading.parsed import MOST_CATEGORIES, Item, Parsed, Unreadable
from portal.feeds.reading.xmlfeed import LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE, cut, excerpt, guid, joined, words

VERSION = "jsonfeed.org/version/"


def read(text: str, url: str) -> Parsed:
    """The feed in a JSON text."""
    try:
        feed = json.loads(text)
    except RecursionError:
        raise Unreadable("dangerous", "brackets within brackets without end") from None
    except ValueError as error:
        raise Unreadable("broken", f"not JSON: {error}"[:200]) from error
    if not isinstance(feed, dict) or VERSION not in _words(feed, "version") or not isinstance(feed.get("items"), list):
        raise Unreadable("not_a_feed", "JSON, but no feed")
    items = [one for one in feed["items"] if isinstance(one, dict)]
    language = _words(feed, "language")[:20]
    return Parsed(
        kind="json" + _words(feed, "version").rpartition("/")[2][:6],
        title=words(_words(feed, "title"), LONGEST_TITLE),
        link=absolute(_words(feed, "home_page_url"), url),
        language=language,
        found=len(items),
        items=xmlfeed.newest(_item(one, url) for one in items),
    )


def _item(item: Mapping[str, Any], url: str) -> Item:
    text = excerpt(_words(item, "summary") or _words(item, "content_html"))
    text = text or cut(" ".join(_words(item, "content_text").split()), LONGEST_TEXT)
    tags = _list(item, "tags")
    published, updated = (_moment(_words(item, name)) for name in ("date_published", "date_modified"))
    return Item(
        link=absolute(_words(item, "url") or _words(item, "external_url"), url),
        guid=guid(_identifier(item)),
        title=words(_words(item, "title"), LONGEST_TITLE) or cut(text, 80),
        text=text,
        author=words(joined(_authors(item)), LONGEST_NAME),
        categories=tuple(words(str(tag), 100) for tag in tags[:MOST_CATEGORIES] if isinstance(tag, str) and tag),
        language=_words(item, "language")[:20],
        published=published or updated,
        updated=updated,
    )


def _authors(item: Mapping[str, Any]) -> list[str]:
    """Of 1.1, or the one author of 1."""
    several = _list(item, "authors") or [item.get("author")]
    return [_words(one, "name") for one in several[:5] if isinstance(one, dict)]


def _identifier(item: Mapping[str, Any]) -> str:
    given = item.get("id")
    # A number is no valid identifier, and common.
    return str(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""


def _list(item: Mapping[str, Any], name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []


def _words(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name)
    return value if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if moment.year >= xmlfeed.FIRST_YEAR else None
