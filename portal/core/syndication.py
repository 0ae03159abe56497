"""Feeds of what is new: the same entries as Atom 1.0, RSS 2.0 and JSON Feed 1.1.

A slice says what its feed holds in neutral words; how each format spells that is known here only.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from portal.core import clock
from portal.core.bilingual import Language

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
MEDIA = "http://search.yahoo.com/mrss/"
JSON_FEED = "https://jsonfeed.org/version/1.1"
MEDIA_TYPES: Mapping[str, str] = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
FORMAT_NAMES: Mapping[str, str] = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}

NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without entries was last updated: a fixed moment, so that its bytes stay the same."""

SINCE = 2026
"""The year from which we own our host name, as a `tag:` address wants it (RFC 4151)."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Category:
    """What an entry is about: our word for it and what readers call it."""

    term: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that stands with an entry, at its full address."""

    url: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One new thing. `language` is that of its text, which need not be the feed's."""

    id: str
    url: str
    title: str
    language: Language
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    html: str = ""
    source_url: str = ""
    authors: Sequence[str] = ()
    categories: Sequence[Category] = ()
    image: Image | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says, whatever its format. `addresses` are its own, by ending, in each language."""

    id: str
    title: str
    description: str
    publisher: str
    language: Language
    page_url: str
    addresses: Mapping[Language, Mapping[str, str]]
    entries: Sequence[Entry] = ()
    hub: str = ""

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NEVER)

    def address(self, ending: str) -> str:
        return self.addresses[self.language][ending]


def tag_id(base_url: str, *parts: object) -> str:
    """A name for ever (RFC 4151) that no change of address touches: `tag:example.org,2026:da:article:7`."""
    return ":".join([f"tag:{urlsplit(base_url).hostname},{SINCE}", *map(str, parts)])


def legible(text: str) -> str:
    """The text without the characters that no XML document may hold."""
    return _NOT_XML.sub("", text)


def write(feed: Feed, ending: str) -> bytes:
    """The feed in the format with that ending: `atom`, `rss` or `json`."""
    return _WRITERS[ending](feed)


def _atom(feed: Feed) -> bytes:
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _danish(feed.updated).isoformat())
    _add(_add(root, "author"), "name", feed.publisher)
    _add(root, "link", rel="self", type=MEDIA_TYPES["atom"], href=feed.address("atom"))
    _add(root, "link", rel="alternate", type="text/html", hreflang=feed.language, href=feed.page_url)
    if feed.hub:
        _add(root, "link", rel="hub", href=feed.hub)
    for language, addresses in feed.addresses.items():
        if language != feed.language:
            # Not "alternate": readers take the last of these, whatever its type, for the site of the feed.
            _add(root, "link", rel="related", type=MEDIA_TYPES["atom"], hreflang=language, href=addresses["atom"])
    for entry in feed.entries:
        _atom_entry(_add(root, "entry", **{"xml:lang": entry.language}), entry)
    return _bytes(root)


def _atom_entry(element: Element, entry: Entry) -> None:
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _danish(entry.updated).isoformat())
    if entry.published:
        _add(element, "published", _danish(entry.published).isoformat())
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.source_url:
        _add(element, "link", rel="via", href=entry.source_url)
    if image := entry.image:
        _add(element, "link", rel="enclosure", type=image.media_type, href=image.url)
    for author in entry.authors:
        _add(_add(element, "author"), "name", author)
    for category in entry.categories:
        _add(element, "category", term=category.term, label=category.label)
    if entry.summary:
        _add(element, "summary", entry.summary)
    if entry.html:
        _add(element, "content", entry.html, type="html")


def _rss(feed: Feed) -> bytes:
    namespaces = {"xmlns:atom": ATOM, "xmlns:dc": DUBLIN_CORE, "xmlns:content": CONTENT, "xmlns:media": MEDIA}
    root = Element("rss", {"version": "2.0", **namespaces})
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page_url)
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(_danish(feed.updated)))
    _add(channel, "atom:link", rel="self", type=MEDIA_TYPES["rss"], href=feed.address("rss"))
    if feed.hub:
        _add(channel, "atom:link", rel="hub", href=feed.hub)
    for entry in feed.entries:
        _rss_item(_add(channel, "item"), entry)
    return _bytes(root)


def _rss_item(element: Element, entry: Entry) -> None:
    _add(element, "title", entry.title)
    _add(element, "link", entry.url)
    _add(element, "guid", entry.id, isPermaLink="false")
    if entry.published:
        _add(element, "pubDate", format_datetime(_danish(entry.published)))
    # RSS itself knows neither an author without an e-mail address nor the language of one item.
    for author in entry.authors:
        _add(element, "dc:creator", author)
    _add(element, "dc:language", entry.language)
    for category in entry.categories:
        _add(element, "category", category.label)
    if image := entry.image:
        # RSS's own enclosure wants the length in bytes, which a size has only once it is made.
        size = {"width": str(image.width), "height": str(image.height)}
        _add(element, "media:content", url=image.url, type=image.media_type, medium="image", **size)
    # Readers take it for HTML, and a summary is plain words.
    _add(element, "description", escape(entry.summary, quote=False))
    if entry.html:
        _add(element, "content:encoded", entry.html)


def _json(feed: Feed) -> bytes:
    document = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.address("json"),
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.publisher}],
        "items": [_json_item(entry) for entry in feed.entries],
        **({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}),
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def _json_item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.source_url,
        "title": entry.title,
        "summary": entry.summary,
        "image": entry.image.url if entry.image else "",
        "date_published": _danish(entry.published).isoformat() if entry.published else "",
        "date_modified": _danish(entry.updated).isoformat(),
        "authors": [{"name": author} for author in entry.authors],
        "tags": [category.label for category in entry.categories],
        "language": entry.language,
    }
    # The format demands one of the two, even where all we have is a summary.
    content = {"content_html": entry.html} if entry.html else {"content_text": entry.summary or entry.title}
    return {name: value for name, value in item.items() if value} | content


def _danish(moment: datetime) -> datetime:
    """The moment on Danish clocks, so that the date it shows is the date we print."""
    return moment.astimezone(clock.COPENHAGEN)


def _add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    element = SubElement(parent, tag, {name: legible(value) for name, value in attributes.items()})
    element.text = legible(text) or None
    return element


def _bytes(root: Element) -> bytes:
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


_WRITERS: Mapping[str, Callable[[Feed], bytes]] = {"atom": _atom, "rss": _rss, "json": _json}
