"""Feeds of every age and language, read from files; and what no parser gets to see."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.feeds.reader import Cost, Reader
from portal.feeds.reading import bodies
from portal.feeds.reading.dates import danish
from portal.feeds.reading.parsed import MOST_ITEMS, Candidate, Parsed, Unreadable
from portal.feeds.reading.reading import read
from portal.feeds.reading.xmlfeed import excerpt

SAMPLES = Path(__file__).with_name("samples")
URL = "https://host.example/feed"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as kept:
        yield kept


def sample(name: str) -> Parsed:
    return read((SAMPLES / name).read_bytes(), URL)


@pytest.mark.parametrize(
    ("name", "kind", "title", "titles"),
    [
        (
            "rss-0.91-netscape.xml",
            "rss091u",
            "Vandforsyningen",
            ["Nye målere i 4.000 hjem", "Lækager findes om natten"],
        ),
        (
            "rss-0.92-categories.xml",
            "rss092",
            "City data notes",
            [
                "Parking data are open",
                "An item without title or link: only a sentence about street lights, which is…",
            ],
        ),
        (
            "rss-1.0-rdf.xml",
            "rss10",
            "Forskning i energi",
            ["Varmepumper kan flytte forbruget", "Batterier i etageejendomme"],
        ),
        (
            "rss-2.0-wordpress-da.xml",
            "rss20",
            "Klynge for energi",
            [
                "Kommuner får fælles platform for energidata – nu med åbne grænseflader",
                "Stillingsopslag: projektleder til havnens energiforsyning",
            ],
        ),
        (
            "rss-2.0-umbraco-da.xml",
            "rss20",
            "Nyheder",
            ["Fjernvarmen når de nordlige kvarterer", "Nyt vandtårn"],
        ),
        (
            "rss-2.0-sitecore-windows-1252.xml",
            "rss20",
            "Kommunens pressemeddelelser",
            ["Borgere måler luften – sammen med skolerne"],
        ),
        ("rss-2.0-utf-8-called-latin-1.xml", "rss20", "Havnen", ["Landstrøm til færgerne på Ærø"]),
        ("rss-2.0-utf-16.xml", "rss20", "Trafik", ["Grøn bølge for cykler"]),
        ("rss-2.0-bom-and-blank-line.xml", "rss20", "Blanke linjer", ["Begynder for sent"]),
        (
            "rss-2.0-broken-xml.xml",
            "rss20",
            "Smart & simpel",
            ["Research & development of sensors", "The second one is read as well"],
        ),
        (
            "rss-2.0-no-guids-no-links.xml",
            "rss20",
            "Driftsinfo",
            ["Afbrydelse af vandet i Havnegade", "Afbrydelse af vandet i Nygade"],
        ),
        ("rss-2.0-podcast-media.xml", "rss20", "Byens lyd", ["Afsnit 12: Varmen under gaden"]),
        ("rss-2.0-empty.xml", "rss20", "Nothing yet", []),
        ("rss-2.0-prefixed.xml", "rss20", "News of a programme", ["Second call is open"]),
        ("atom-0.3.xml", "atom03", "Old blog of a laboratory", ["Sensors on bicycles"]),
        ("atom-1.0-en.xml", "atom10", "Cities together", ["Heat plans for every city", "Only updated"]),
        (
            "atom-1.0-hearings-da.xml",
            "atom10",
            "Høringer",
            ["Udkast til bekendtgørelse om data fra fjernaflæste målere", "Ændring af bekendtgørelse om jagttider"],
        ),
        ("json-1.0.json", "json1", "Gadens data", ["Lyset slukker, når ingen går forbi"]),
        (
            "json-1.1.json",
            "json1.1",
            "Lab notes",
            [
                "A note without a title about a sensor that survived the winter in the harbour…",
                "A link of the wrong kind",
            ],
        ),
    ],
)
def test_a_feed_is_read(name: str, kind: str, title: str, titles: list[str]) -> None:
    feed = sample(name)
    assert (feed.kind, feed.title, [item.title for item in feed.items]) == (kind, title, titles)
    assert feed.found == len(titles)


def test_what_an_item_says_of_itself() -> None:
    first = sample("rss-2.0-wordpress-da.xml").items[0]
    assert first.text == (
        "Fem kommuner går sammen om en platform, hvor deres bygninger og forsyninger kan dele data om forbruget time "
        "for time."
    )
    assert (first.author, first.categories) == ("Redaktionen", ("Data", "Energi & forsyning"))
    assert first.published == datetime(2026, 11, 26, 8, 10, tzinfo=UTC)
    heat, updated = sample("atom-1.0-en.xml").items
    assert heat.link == "https://cities.example/news/heat-plans?fbclid=abc&page=2"
    assert (heat.published, heat.updated) == (
        datetime(2026, 11, 24, 8, tzinfo=UTC),
        datetime(2026, 11, 26, 12, tzinfo=UTC),
    )
    assert updated.published == updated.updated == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert sample("rss-2.0-umbraco-da.xml").ttl_s == 6 * 3600
    assert [sample(name).language for name in ("rss-0.91-netscape.xml", "rss-1.0-rdf.xml")] == ["da", "da-DK"]
    lamp = sample("json-1.0.json").items[0]
    assert (lamp.guid, lamp.author, lamp.categories) == ("7", "Vej og Park", ("lys", "data"))


def test_dates_are_read_and_none_is_made_up() -> None:
    dates = {item.link.rpartition("/")[2]: item.published for item in sample("rss-2.0-dates.xml").items}
    assert dates == {
        "future": datetime(2038, 1, 1, tzinfo=UTC),  # clamped when it is taken in
        "none": None,
        "words": None,
        "1970": None,
        "zone": datetime(2026, 11, 24, 15, tzinfo=UTC),
        "danish": datetime(2026, 11, 24, 9, 15, tzinfo=UTC),
        "february": None,
    }
    pairs = {
        "fr, 27 nov 2026 10:00:00 +0100": (2026, 11, 27, 9, 0),
        "3. oktober 2026 kl. 14.30": (2026, 10, 3, 12, 30),
        "den 1. maj 2026": (2026, 4, 30, 22, 0),
        "27.11.2026": (2026, 11, 26, 23, 0),
        "31.02.2026": None,
        "05/11/2026": None,
        "3. brumaire 2026": None,
        "1. maj 99999999999": None,
    }
    for text, moment in pairs.items():
        found = danish(text)
        assert (tuple(found[:5]) if found else None) == moment, text


def test_nothing_hostile_comes_through() -> None:
    feed = sample("rss-2.0-hostile-html.xml")
    assert (feed.title, feed.link) == ("Fjendtlig", "")
    first = feed.items[0]
    assert (first.title, first.text, first.link) == ("Overskrift", "Tekst her", "")
    assert [item.link for item in feed.items] == ["", "", "", "https://cdn.example/story"]
    assert sample("json-1.1.json").items[1].link == ""


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("entity-bomb.xml", "dangerous"),
        ("external-entity.xml", "dangerous"),
        ("page-without-feed.html", "not_a_feed"),
        ("sitemap.xml", "not_a_feed"),
    ],
)
def test_what_is_no_feed_says_so(name: str, trouble: str) -> None:
    with pytest.raises(Unreadable) as why:
        sample(name)
    assert (why.value.trouble, why.value.candidates) == (trouble, ())


def test_a_page_names_its_feeds() -> None:
    with pytest.raises(Unreadable) as why:
        sample("page-with-feeds.html")
    assert why.value.candidates == (
        Candidate("https://host.example/nyheder/feed/", "Nyheder"),
        Candidate("https://kommune.example/hoeringer.atom", "Høringer"),
    )


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"", "broken"),
        (b" \n", "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "broken"),
        (b"{", "broken"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b"[" * 100_000, "broken"),
        (b'{"version": ' + b"[" * 100_000, "dangerous"),
        (b"<rss><channel><!ENTITY x 'y'><item/></channel></rss>", "dangerous"),
        (b"<!DOCTYPE rss SYSTEM 'x' [ <!-- --> ]><rss/>", "dangerous"),
        ("﻿<!doctype rss [<!entity a 'b'>]><rss/>".encode("utf-16-le"), "dangerous"),
        (b"<rss><item" + b" a=''" * 20_000 + b"/></rss>", "too_costly"),
        (b"just words", "broken"),
    ],
)
def test_what_cannot_be_read_says_why(reader: Reader, body: bytes, trouble: str) -> None:
    with pytest.raises(Unreadable) as why:
        reader.read(body, URL)
    assert why.value.trouble == trouble


def feed_of(*items: str, start: str = '<rss version="2.0"><channel><title>x</title>') -> bytes:
    return f"{start}{''.join(items)}</channel></rss>".encode()


def test_declarations_in_texts_are_texts() -> None:
    words = "<![CDATA[How <!DOCTYPE html [<!ENTITY x 'y'>]> is written]]>"
    parsed = read(feed_of(f"<!-- <!ENTITY a 'b'> --><item><title>{words}</title><link>/a</link></item>"), URL)
    assert parsed.items[0].link == "https://host.example/a"


def test_of_very_many_items_the_first_are_read_and_all_counted() -> None:
    begun = time.process_time()
    parsed = read(feed_of(*(f"<item><title>{n}</title><link>/{n}</link></item>" for n in range(50_000))), URL)
    assert (parsed.found, len(parsed.items)) == (50_000, MOST_ITEMS)
    assert time.process_time() - begun < 8
    assert parsed.items[0].title == "0"


def test_the_newest_are_read_of_a_feed_that_begins_with_the_oldest() -> None:
    items = (
        f"<item><title>{n}</title><pubDate>{1 + n % 28} Jan {2000 + n // 28} 10:00:00 GMT</pubDate></item>"
        for n in range(400)
    )
    parsed = read(feed_of(*items), URL)
    assert (parsed.found, parsed.items[0].title, parsed.items[-1].title) == (400, "399", "200")


def test_long_things_are_cut() -> None:
    huge = "x" * 3_000_000
    item = f"<item><title>{huge}</title><link>/{huge}</link><guid isPermaLink='false'>{huge}</guid></item>"
    first = read(feed_of(item), URL).items[0]
    assert (len(first.title), first.link, len(first.guid)) == (300, "", 465)


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("æ".encode(), "", "æ"),
        ("æ".encode(), "iso-8859-1", "æ"),
        ("æ – ø".encode("windows-1252"), "", "æ – ø"),
        ("æ – ø".encode("windows-1252"), "utf-8", "æ – ø"),
        ("я".encode("koi8-r"), "koi8-r", "я"),
        ("字".encode("iso-2022-jp"), "iso-2022-jp", "字"),
        ("<?xml version='1.0' encoding='utf-16'?>".encode("utf-16-be"), "", "<?xml version='1.0' encoding='utf-16'?>"),
        (b"+ADw-rss+AD4-", "utf-7", "+ADw-rss+AD4-"),
        (b"\xff", "unicode_escape", "ÿ"),
        (b"\x81", "no such coding", "�"),
    ],
)
def test_a_text_is_decoded(body: bytes, charset: str, text: str) -> None:
    assert bodies.text_of(body, charset) == text


def test_an_excerpt_is_words() -> None:
    assert (
        excerpt("<p>One.</p><p>Two [&hellip;]</p><p>The post <a>One</a> appeared first on <a>Site</a>.</p>")
        == "One. Two"
    )
    assert excerpt("Indlægget Et blev først udgivet på To.") == ""
    assert len(excerpt("word " * 1000)) <= 600


# The process apart


def test_a_process_reads_one_body_after_the_other() -> None:
    with Reader() as reader:
        body = (SAMPLES / "rss-2.0-sitecore-windows-1252.xml").read_bytes()
        parsed = reader.read(body, URL, "text/xml; charset=windows-1252")
        assert parsed == read(body, URL)
        first = reader.pid
        with pytest.raises(Unreadable):
            reader.read(b"words", URL)
        assert reader.read(body, URL) == parsed
        assert reader.pid == first
        environment = Path(f"/proc/{first}/environ").read_bytes()
        assert b"PORTAL" not in environment
    assert not Path(f"/proc/{first}").exists()


def test_a_process_is_changed_after_so_many_bodies() -> None:
    with Reader(Cost(bodies=1)) as reader:
        reader.read(feed_of(), URL)
        assert reader.pid is None
        assert reader.read(feed_of(), URL).kind == "rss20"


def costly(items: int = 400) -> bytes:
    """Within every limit of size, and quadratic where it hurts."""
    attributes = " ".join(f"a{n}=''" for n in range(3_000))
    return feed_of(*(f"<item {attributes}/>" for _ in range(items)))


@pytest.mark.parametrize(("cpu_s", "wait"), [(0, None), (60, 0.5)], ids=["computing", "waiting"])
def test_a_body_that_costs_too_much_ends_its_process_and_the_next_is_read(cpu_s: int, wait: float | None) -> None:
    with Reader(Cost(cpu_s=cpu_s, wall_s=60)) as reader:
        reader.read(feed_of(), URL)
        with pytest.raises(Unreadable) as why:
            reader.read(costly(), URL, seconds=wait)
        assert why.value.trouble == "too_costly"
        assert reader.read(feed_of("<item><title>a</title></item>"), URL).items[0].title == "a"


def test_a_body_that_needs_too_much_memory_is_given_up() -> None:
    with Reader(Cost(memory=120 * 1024 * 1024)) as reader:
        with pytest.raises(Unreadable) as why:
            reader.read(b'{"items": [' + b"{}," * 2_000_000 + b"{}]}", URL)
        assert why.value.trouble == "too_costly"
        assert reader.read(feed_of(), URL).kind == "rss20"
