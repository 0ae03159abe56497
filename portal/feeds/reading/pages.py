"""Which feeds a page names in its head."""

from html.parser import HTMLParser

from portal.feeds.addresses import absolute
from portal.feeds.reading.parsed import Candidate
from portal.feeds.reading.xmlfeed import LONGEST_NAME, words

KINDS = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
}
MOST = 10
LOOKED_AT = 500_000
"""How many characters of a page. The head stands at its beginning."""


class _Head(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = url
        self.found: dict[str, Candidate] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self.base = absolute(given["href"], self.base) or self.base
        elif tag == "link" and len(self.found) < MOST:
            self._take(given)

    handle_startendtag = handle_starttag

    def _take(self, given: dict[str, str]) -> None:
        is_feed = "alternate" in given.get("rel", "").lower().split()
        is_feed = is_feed and given.get("type", "").partition(";")[0].strip().lower() in KINDS
        url = absolute(given.get("href", ""), self.base) if is_feed else ""
        # Comments of a page are a feed of their own in WordPress, and never what is looked for.
        if url and "comments/feed" not in url:
            self.found.setdefault(url, Candidate(url, words(given.get("title", ""), LONGEST_NAME)))


def candidates(html: str, url: str) -> list[Candidate]:
    """The feeds that the page at `url` names, the first the one it means most."""
    head = _Head(url)
    head.feed(html[:LOOKED_AT])
    return list(head.found.values())
