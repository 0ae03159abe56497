"""What is to be done with what a feed brought: known again, blocked, repaired, and once only."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.core.languages import written_in
from portal.feeds import addresses
from portal.feeds.decide import Finder, Known, Pattern, Place, Plan, Sought, Source, is_blocked, plan
from portal.feeds.models import EntryState, Passed, RuleField, RuleKind
from portal.feeds.reading.parsed import Item, Parsed

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOURCE = Source(1)
ITEM = Item(link="https://news.example/a", guid="a", title="Landstrøm til færgerne", text="Havnen får landstrøm.")


def nothing_else(_sought: Collection[Sought]) -> Finder:
    return lambda _sought, _told: None


def decided(*items: Item, known: list[Known] | None = None, source: Source = SOURCE, language: str = "") -> Plan:
    return plan(Parsed(items=items, language=language), source, known or [], nothing_else, NOW)


def known_from(made: Plan, state: EntryState = EntryState.WAITING) -> list[Known]:
    """What a plan stored, as it is read again."""
    return [
        Known(n, new.values["key"], new.values["guid"], state, new.values["content_digest"])
        for n, new in enumerate(made.new, start=1)
    ]


def values(item: Item, **more: Any) -> dict[str, Any]:
    return decided(item, **more).new[0].values


def test_a_new_item_waits() -> None:
    made = decided(ITEM)
    assert made.waiting == 1
    assert made.new[0].values["title"] == "Landstrøm til færgerne"
    assert made.new[0].values["fetched_at"] == NOW


@pytest.mark.parametrize(
    "again",
    [
        ITEM,
        replace(ITEM, guid="another"),
        replace(ITEM, published=NOW - timedelta(days=1), updated=NOW),
        replace(ITEM, link="http://www.news.example/a/?utm_source=rss&fbclid=x#top"),
        replace(ITEM, link="https://news.example/moved-to-another-place"),
    ],
    ids=["unchanged", "another guid", "another date", "the link in another spelling", "another link"],
)
def test_an_item_that_is_known_does_not_come_again(again: Item) -> None:
    made = decided(again, known=known_from(decided(ITEM)))
    assert (made.new, made.seen) == ([], [1])


def test_an_item_that_waits_is_refreshed_and_one_that_was_taken_is_left() -> None:
    edited = replace(ITEM, title="Landstrøm til alle færger", updated=NOW, published=NOW)
    first = decided(ITEM)
    made = decided(edited, known=known_from(first))
    [(id, refreshed)] = made.refreshed
    assert (id, refreshed["title"], refreshed["refreshed_at"]) == (1, "Landstrøm til alle færger", NOW)
    assert "published_at" not in refreshed
    # One that has moved is known by its new address from now on.
    moved = replace(ITEM, link="https://news.example/moved")
    [(_, refreshed)] = decided(moved, known=known_from(first)).refreshed
    assert refreshed["key"] == decided(moved).new[0].values["key"]
    for state in (EntryState.TAKEN, EntryState.PASSED_OVER):
        assert decided(edited, known=known_from(first, state)).refreshed == []


def test_who_an_item_is() -> None:
    bare = Item(title="Afbrydelse i Havnegade")
    assert decided(bare, known=known_from(decided(bare))).new == []
    assert decided(replace(bare, title="Afbrydelse i Nygade"), known=known_from(decided(bare))).waiting == 1
    front = replace(ITEM, link="https://news.example/")
    made = decided(front, replace(front, guid="b", title="Another"), replace(front, guid="a", title="A again"))
    assert (len(made.new), made.doubled) == (2, 1)
    shared = replace(ITEM, link="https://news.example/all")
    assert len(decided(shared, replace(shared, guid="b", title="Another")).new) == 2


def test_of_items_with_one_guid_each_is_its_own() -> None:
    items = [replace(ITEM, link=f"https://news.example/{n}", guid="0", title=f"Story {n}") for n in range(3)]
    first = decided(*items)
    assert len(first.new) == 3
    made = decided(*items, replace(items[0], link="https://news.example/new", title="New"), known=known_from(first))
    assert (len(made.new), len(made.seen)) == (1, 3)


def test_dates_are_clamped_and_none_is_invented() -> None:
    future = values(replace(ITEM, published=NOW + timedelta(days=400), updated=NOW + timedelta(hours=1)))
    assert (future["published_at"], future["updated_at"]) == (NOW, NOW)
    assert values(ITEM)["published_at"] is None


@pytest.mark.parametrize(
    ("item", "declared", "usual", "language"),
    [
        (ITEM, "da-DK", "", "da"),
        (ITEM, "", "en", "da"),
        (replace(ITEM, title="Fem kommuner deler data om deres bygninger, og det er nyt"), "en-US", "", "da"),
        (replace(ITEM, title="The city", text=""), "da", "", "da"),
        (replace(ITEM, title="The city shows how it will use its data", text="This is new."), "da", "", "en"),
        (replace(ITEM, title="Die neue Leitung ist fertig", text="", language="de"), "", "da", "de"),
        (replace(ITEM, title="COP31", text=""), "", "en", "en"),
        (replace(ITEM, title="COP31", text=""), "", "", ""),
    ],
)
def test_the_language(item: Item, declared: str, usual: str, language: str) -> None:
    assert values(item, language=declared, source=Source(1, language=usual))["language"] == language


def test_neighbours_of_danish_are_not_taken_for_it() -> None:
    assert written_in("Och det är inte för att de har en ny plan som också är från i år") == (None, False)
    assert written_in("Die Stadt und das Wasser sind nicht von der Hafen") == (None, False)
    assert written_in("Byen og dens data er nu for alle") == ("da", True)
    assert written_in("") == (None, False)


def test_a_feed_that_may_be_shown_by_its_titles_keeps_no_text() -> None:
    assert values(ITEM, source=Source(1, title_only=True))["excerpt"] == ""


def test_rules_keep_and_block() -> None:
    def blocked(*rules: tuple[RuleKind, RuleField, str], **more: str) -> bool:
        texts = {"title": "", "excerpt": "", "author": "", "categories": "", "url": ""} | more
        return is_blocked([Pattern(*rule) for rule in rules], texts)

    block, keep = RuleKind.BLOCK, RuleKind.KEEP
    job = (block, RuleField.ANYWHERE, "stillingsopslag")
    assert blocked(job, title="Stillingsopslag: projektleder")
    assert not blocked(job, title="Om et stillingsopslags form")
    assert blocked((block, RuleField.ANYWHERE, "stilling*"), excerpt="Se alle stillingerne her")
    energy = (keep, RuleField.AUTHOR, "Energistyrelsen")
    assert not blocked(energy, author="Energistyrelsen", title="Høring")
    assert blocked(energy, author="Miljøstyrelsen", title="Energistyrelsen nævnes")
    assert not blocked(energy, (keep, RuleField.TITLE, "energi*"), title="Energien")
    assert blocked(energy, job, author="Energistyrelsen", title="stillingsopslag")
    assert blocked((block, RuleField.ADDRESS, "/job/"), url="https://x.example/da/job/7")
    assert blocked((block, RuleField.TITLE, "a b"), title="A\n  B")
    assert not blocked((block, RuleField.TITLE, "a.c"), title="abc")
    assert not blocked()


def test_what_a_rule_blocks_is_passed_over_not_lost() -> None:
    source = Source(1, rules=(Pattern(RuleKind.BLOCK, RuleField.TITLE, "landstrøm"),))
    made = decided(ITEM, source=source)
    assert made.waiting == 0
    assert made.new[0].values["passed"] is Passed.RULE


def test_what_is_told_elsewhere_joins_its_story() -> None:
    def find(places: dict[str, Place]) -> Plan:
        def opened(sought: Collection[Sought]) -> Finder:
            assert {one.url_digest for one in sought} == {addresses.digest("https://news.example/a")}
            return lambda sought, _told: places.get(sought.url_digest)

        return plan(Parsed(items=(ITEM,)), SOURCE, [], opened, NOW)

    digest = addresses.digest("https://news.example/a")
    assert find({digest: Place(7)}).new[0].values["state"] is EntryState.WAITING
    for passed in (Passed.OURS, Passed.SAME_STORY):
        new = find({digest: Place(7, passed)}).new[0]
        assert (new.values["state"], new.values["passed"]) == (EntryState.PASSED_OVER, passed)


def test_two_items_of_one_feed_may_tell_one_story() -> None:
    text = "Anlægget er bygget sammen med forsyningen og tages i brug i maj, når de første skibe lægger til ved kajen."
    items = [replace(ITEM, link=f"https://news.example/{n}", guid=str(n), text=text) for n in range(3)]
    made = decided(*items, replace(items[0], link="https://news.example/x", guid="x", title="Noget andet", text=""))
    assert [new.like for new in made.new] == [None, 0, 0, None]


def test_of_a_new_feed_the_newest_wait_and_nothing_that_is_old() -> None:
    items = [replace(ITEM, link=f"https://news.example/{n}", guid=str(n), title=f"Nyt {n}", text="") for n in range(30)]
    recent = [replace(item, published=NOW - timedelta(days=n)) for n, item in enumerate(items)]
    first = decided(*recent)
    assert [new.values["passed"] for new in first.new] == [None] * 20 + [Passed.OLD] * 10
    old = [replace(item, published=NOW - timedelta(days=80 + n)) for n, item in enumerate(items)]
    made = decided(*old)
    assert made.waiting == 11  # those of the last 90 days
    assert decided(*items).waiting == 20  # without dates, the first
    # From then on everything new waits, whatever its date.
    later = replace(ITEM, link="https://news.example/old", guid="old", published=NOW - timedelta(days=400))
    assert decided(*recent, later, known=known_from(first)).waiting == 1


def test_the_same_in_another_language_is_one_story() -> None:
    texts = {
        "da": "Havnen i Aarhus får landstrøm til færgerne.",
        "en": "Aarhus port gets power for all ferries.",
    }
    danish = replace(ITEM, link="https://havn.example/da/nyt/7", title="Landstrøm", text=texts["da"], guid="1")
    english = replace(ITEM, link="https://havn.example/en/nyt/7", title="Shore power", text=texts["en"], guid="2")
    other = replace(english, link="https://havn.example/en/nyt/8", guid="3", title="Another story")
    again = replace(danish, link="https://havn.example/nyt/7", guid="4", title="Landstrøm til kajen")
    made = decided(danish, english, other, again)
    assert [new.like for new in made.new] == [None, 0, None, 1]
    # What is the same in both would be in one language: two pages that differ in their address alone are two.
    assert [new.like for new in decided(danish, replace(again, title="Færgerne")).new] == [None, None]
    named = replace(other, link="https://port.example/shore-power", translations=("https://havn.example/da/nyt/7",))
    assert [new.like for new in decided(danish, named).new] == [None, 0]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://x.example/da/nyt/7", "https://www.x.example/en/nyt/7/", True),
        ("https://x.example/nyt/7", "https://x.example/en-gb/nyt/7", True),
        ("https://x.example/?lang=da&p=7", "https://x.example/?p=7&lang=en", True),
        ("https://x.example/nyt/7", "https://x.example/news/7", False),
        ("https://x.example/da/", "https://x.example/en/", False),
        ("https://x.example/da/en/7", "https://x.example/en/da/7", False),
        ("https://x.example/da/nyt/7", "https://y.example/en/nyt/7", False),
    ],
)
def test_an_address_whatever_its_language(one: str, other: str, is_same: bool) -> None:
    said = addresses.either(one), addresses.either(other)
    assert (said[0] == said[1] != "") == is_same


def test_an_identifier_whatever_its_language() -> None:
    assert addresses.either_tag("tag:x.example,2026:da:article:7") == addresses.either_tag(
        "tag:x.example,2026:en:article:7"
    )
    for other in ("tag:x.example,2026:article:7", "tag:x.example,2026:da", "urn:da:7", ""):
        assert addresses.either_tag(other) == ""


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&id=7&FBCLID=1#top", "https://news.example/a?id=7"),
        ("https://news.example", "https://news.example/"),
        ("http://news.example:8080/a?b=%C3%A6", "http://news.example:8080/a?b=%C3%A6"),
        ("https://news.example/?p=7&mc_cid=1", "https://news.example/?p=7"),
        ("https://[::1]:80/", "https://[::1]:80/"),
        ("javascript:alert(1)", ""),
        ("https://user@news.example/", ""),
        ("https://news.example:no/", ""),
        ("https://", ""),
    ],
)
def test_a_canonical_address(url: str, clean: str) -> None:
    assert addresses.canonical(url) == clean


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("www.gate.example", "https://www.gate.example/"),
        (" http://gate.example/rss ", "http://gate.example/rss"),
        ("gate", ""),
        ("javascript:alert(1)", ""),
        ("mailto:a@b.example", ""),
        ("", ""),
    ],
)
def test_an_address_that_somebody_typed(text: str, url: str) -> None:
    assert addresses.typed(text) == url
