"""Feeds say the same in three formats, whatever stands in the texts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from portal.core import syndication
from portal.core.syndication import Category, Entry, Feed, tag_id, write

XML = ("atom", "rss")
ADDRESSES: Any = {
    language: {ending: f"https://example.org/{language}/news.{ending}" for ending in syndication.MEDIA_TYPES}
    for language in ("da", "en")
}
ENTRY = Entry(
    id="tag:example.org,2026:da:article:7",
    url="https://example.org/da/news/varme",
    title="Varme & data <i>",
    language="en",
    updated=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    published=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    summary="Sommer i Århus",
    html="<p>Mere <strong>varme</strong></p>",
    source_url="https://source.example/1",
    authors=("Gate 21",),
    categories=(Category("energy", "Energi"),),
)
FEED = Feed(
    id="tag:example.org,2026:da:news",
    title="Nyheder",
    description="Det nyeste",
    publisher="Smart samfund",
    language="da",
    page_url="https://example.org/da/news?theme=energy&year=2026",
    addresses=ADDRESSES,
    entries=(ENTRY,),
)


@pytest.mark.parametrize("ending", XML)
def test_a_reader_of_feeds_finds_everything_that_was_said(ending: str) -> None:
    read = feedparser.parse(write(FEED, ending))
    assert not read.bozo
    assert read.feed.title == "Nyheder"
    assert read.feed.language == "da"
    assert read.feed.link == FEED.page_url
    [entry] = read.entries
    assert entry.id == ENTRY.id
    assert entry.link == ENTRY.url
    assert entry.title.startswith("Varme &")
    assert entry.summary == "Sommer i Århus"
    assert entry.content[0].value == ENTRY.html
    assert entry.author == "Gate 21"
    assert entry.published_parsed[:6] == (2026, 3, 2, 9, 0, 0)
    assert entry.tags[0].get("label") or entry.tags[0].term == "Energi"


def test_atom_tells_its_own_address_and_that_of_the_other_language() -> None:
    links = feedparser.parse(write(FEED, "atom")).feed.links
    assert {(link.rel, link.get("hreflang")): link.href for link in links} == {
        ("self", None): "https://example.org/da/news.atom",
        ("alternate", "da"): FEED.page_url,
        ("related", "en"): "https://example.org/en/news.atom",
    }


def test_an_entry_in_the_other_language_says_so() -> None:
    atom = ElementTree.fromstring(write(FEED, "atom"))
    entry = atom.find(f"{{{syndication.ATOM}}}entry")
    assert entry is not None
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    rss = ElementTree.fromstring(write(FEED, "rss"))
    assert rss.findtext(f"./channel/item/{{{syndication.DUBLIN_CORE}}}language") == "en"
    assert json.loads(write(FEED, "json"))["items"][0]["language"] == "en"


def test_json_feed_has_what_version_1_1_demands() -> None:
    read = json.loads(write(FEED, "json"))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert read["feed_url"] == "https://example.org/da/news.json"
    [item] = read["items"]
    assert item["content_html"] == ENTRY.html
    assert item["external_url"] == ENTRY.source_url
    assert item["authors"] == [{"name": "Gate 21"}]
    assert item["date_published"] == "2026-03-02T10:00:00+01:00"


def test_an_item_without_text_still_has_content() -> None:
    bare = replace(ENTRY, html="", summary="", published=None, authors=(), categories=(), source_url="")
    [item] = json.loads(write(replace(FEED, entries=(bare,)), "json"))["items"]
    assert item["content_text"] == ENTRY.title
    assert "date_published" not in item
    assert "authors" not in item


@pytest.mark.parametrize("ending", XML)
def test_characters_that_xml_forbids_are_left_out(ending: str) -> None:
    odd = replace(ENTRY, title="a\x00b\x0bc\ud800d\ufffee 🙂 \u202e\t]]>", authors=("\x1b[31mGate",))
    read = feedparser.parse(write(replace(FEED, entries=(odd,)), ending))
    assert not read.bozo
    assert read.entries[0].title.startswith("abcde 🙂 \u202e")
    assert read.entries[0].author == "[31mGate"


def test_half_a_character_does_not_stop_the_json_feed() -> None:
    odd = replace(ENTRY, title="half \ud800")
    assert json.loads(write(replace(FEED, entries=(odd,)), "json"))["items"][0]["title"] == "half ?"


@pytest.mark.parametrize("ending", syndication.MEDIA_TYPES)
def test_an_empty_feed_is_a_feed_and_the_same_each_time(ending: str) -> None:
    empty = replace(FEED, entries=())
    assert write(empty, ending) == write(empty, ending)
    if ending in XML:
        assert not feedparser.parse(write(empty, ending)).bozo


def test_a_name_for_ever_holds_no_port_and_no_path() -> None:
    assert tag_id("https://example.org:8000/x", "da", "article", 7) == "tag:example.org,2026:da:article:7"


def test_a_summary_with_signs_of_html_stays_plain_words() -> None:
    said = "Under 5 < 7 & <b>ikke</b> fed"
    feed = replace(FEED, entries=(replace(ENTRY, summary=said, html=""),))
    [item] = ElementTree.fromstring(write(feed, "rss")).iter("item")
    assert item.findtext("description") == "Under 5 &lt; 7 &amp; &lt;b&gt;ikke&lt;/b&gt; fed"
    assert feedparser.parse(write(feed, "atom")).entries[0].summary_detail.value.startswith("Under 5 ")
