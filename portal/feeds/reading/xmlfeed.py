"""RSS and Atom of every age, through feedparser, to plain words."""

import calendar
import io
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import feedparser

from portal.core import richtext
from portal.feeds.addresses import absolute
from portal.feeds.reading.dates import danish
from portal.feeds.reading.parsed import MOST_CATEGORIES, MOST_ITEMS, MOST_TRANSLATIONS, Item, Parsed, Unreadable

LONGEST_GUID = 400
LONGEST_TITLE = 300
LONGEST_TEXT = 600
LONGEST_NAME = 200
CLEANED = 20_000
"""How many characters of a text are looked at: an excerpt needs a few hundred, and the cleaner's time grows faster."""

FIRST_YEAR = 1990
LONGEST_TTL_S = 7 * 24 * 3600

feedparser.registerDateHandler(danish)


def read(text: str, url: str) -> Parsed:
    """The feed in an XML text that was disarmed. What feedparser can make nothing of is `Unreadable`."""
    # Neither cleaned nor resolved there: our own allow-list does the one, and links are resolved one by one.
    found = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.version and not found.entries:
        raise Unreadable("broken" if found.bozo else "not_a_feed", _complaint(found))
    feed = found.feed
    return Parsed(
        kind=found.version or "rss",
        title=words(_get(feed, "title"), LONGEST_TITLE),
        link=absolute(_get(feed, "link"), url),
        language=_get(feed, "language")[:20],
        ttl_s=_ttl(feed),
        found=len(found.entries),
        complaint=_complaint(found),
        items=newest(_item(entry, url) for entry in found.entries),
    )


def newest(items: Any) -> tuple[Item, ...]:
    """The newest of the items; in the feed's own order where one of them has no date."""
    items = list(items)
    if all(item.published for item in items):
        items.sort(key=lambda item: item.published, reverse=True)
    return tuple(items[:MOST_ITEMS])


def _item(entry: dict[str, Any], url: str) -> Item:
    html = _get(entry, "summary") or next((part.get("value") or "" for part in entry.get("content") or ()), "")
    text = excerpt(html)
    published = _moment(entry, "published_parsed") or _moment(entry, "created_parsed")
    updated = _moment(entry, "updated_parsed")
    return Item(
        link=absolute(_link(entry), url),
        guid=guid(_get(entry, "id")),
        title=words(_get(entry, "title"), LONGEST_TITLE) or cut(text, 80),
        text=text,
        author=words(_get(entry, "author"), LONGEST_NAME),
        categories=tuple(
            name for tag in (entry.get("tags") or ())[:MOST_CATEGORIES] if (name := words(_term(tag), 100))
        ),
        language=str((entry.get("title_detail") or {}).get("language") or "")[:20],
        published=published or updated,
        updated=updated,
        translations=_translations(entry, url),
    )


def _translations(entry: dict[str, Any], url: str) -> tuple[str, ...]:
    """Where the entry says that it stands in another language: links to pages (RFC 4287, 4.2.7)."""
    named = (
        absolute(str(one.get("href") or ""), url)
        for one in entry.get("links") or ()
        if one.get("rel") == "alternate" and one.get("hreflang") and "html" in (one.get("type") or "html")
    )
    own = absolute(_link(entry), url)
    return tuple(dict.fromkeys(one for one in named if one and one != own))[:MOST_TRANSLATIONS]


def _link(entry: dict[str, Any]) -> str:
    """Where the story stands. feedparser takes an identifier for it where there is nothing else."""
    return _get(entry, "link") or next(
        (one.get("href") or "" for one in entry.get("links") or () if one.get("rel") == "alternate"), ""
    )


def _term(tag: dict[str, Any]) -> str:
    return str(tag.get("label") or tag.get("term") or "")


def _get(thing: dict[str, Any], name: str) -> str:
    # Not `get`: feedparser's answers for a missing name with another's value.
    return str(dict.get(thing, name) or "")


def _moment(entry: dict[str, Any], name: str) -> datetime | None:
    parts = dict.get(entry, name)
    if not isinstance(parts, time.struct_time):
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= FIRST_YEAR else None


def _ttl(feed: dict[str, Any]) -> int:
    """How long the feed asks to be left alone, in seconds; zero where it does not say."""
    minutes = _get(feed, "ttl").strip()
    if minutes.isascii() and minutes.isdecimal() and len(minutes) < 8:
        return min(int(minutes) * 60, LONGEST_TTL_S)
    return 0


def _complaint(found: Any) -> str:
    error = found.get("bozo_exception") if found.get("bozo") else None
    return f"{type(error).__name__}: {error}"[:200] if error else ""


# --- Words, shared with JSON Feed


def words(html: str, limit: int) -> str:
    """The plain words of a text from elsewhere, cut between words."""
    html = html[:CLEANED]
    plain = richtext.foreign_plain(html) if "<" in html or "&" in html else " ".join(html.split())
    return cut(plain, limit)


def excerpt(html: str) -> str:
    """The beginning of a text from elsewhere, without what WordPress writes under each."""
    return cut(_DOTS.sub("", _FOOTER.sub("", words(html, 2 * LONGEST_TEXT))), LONGEST_TEXT)


_FOOTER = re.compile(
    r"\b(?:The post|Indlægget)\b.{0,400}?\b(?:appeared first on|blev først udgivet på|dukkede først op på)\b.*$"
)
_DOTS = re.compile(r"\s*\[?…\]?\s*$")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending between two words."""
    if len(text) <= limit:
        return text
    whole, space, _ = text[: limit - 1].rpartition(" ")
    return (whole if space else text[: limit - 1]).rstrip(" ,;:–-") + "…"


def guid(identifier: str) -> str:
    """An identifier that fits its column; a longer one ends in its digest."""
    identifier = "".join(sign for sign in identifier.strip()[:CLEANED] if sign.isprintable())
    if len(identifier) <= LONGEST_GUID:
        return identifier
    return f"{identifier[:LONGEST_GUID]}#{sha256(identifier.encode('utf-8', 'replace')).hexdigest()}"


def joined(names: Sequence[str]) -> str:
    return ", ".join(name for name in names if name)
