"""Sifting what feeds bring: a story once, with whom it names; taken, published as a link, passed over, blocked."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import Role
from portal.feeds.models import EntryState, FeedEntry, Passed
from portal.news.models import Article, State
from tests.make import Make
from tests.page import filled_in

ENTRIES = "/en/staff/entries"


@pytest.fixture
def editor(client: Any, make: Make) -> Any:
    client.sign_in(make.account(roles=[Role.EDITOR]))
    return client


def stored(app: Flask, entry: FeedEntry) -> FeedEntry:
    with app.app_context():
        found = db.session.get(FeedEntry, entry.id)
        assert found is not None
        return found


def articles(app: Flask) -> list[Article]:
    with app.app_context():
        return list(db.session.scalars(select(Article)))


def test_a_story_of_two_feeds_stands_once_with_whom_it_names(app: Flask, make: Make, editor: Any) -> None:
    make.partner("Ørsted")
    make.partner("Nordhavn Energi")
    first, second = make.feed("Havnenyt", themes=["energy"]), make.feed("Fjernvarme i dag")
    entry = make.entry(first, "Ørsteds nye varmepumpe", excerpt="Nordhavn Energi er med.", language="da")
    make.entry(second, "Ny varmepumpe fra Ørsted", story_id=entry.story_id, language="da")
    make.entry(second, "Something else", language="en")
    page = editor.page(ENTRIES)
    assert page.text.count("Ørsteds nye varmepumpe") >= 1
    assert "Ny varmepumpe fra Ørsted" not in page.text
    assert "Also told by" in page.text
    assert "2 stories wait" in page.text
    names = [e.get("value") for e in page.all("input") if e.get("name") == "partner_ids"]
    assert len(names) == 2
    assert "Something else" not in editor.page(f"{ENTRIES}?language=da").text
    assert editor.get(f"{ENTRIES}?language=xx").status_code == 404
    assert editor.get(f"{ENTRIES}?feed=x").status_code == 404
    assert "News from feeds" in editor.page("/en/staff").text


def test_its_link_is_published_at_once_and_found_under_its_theme(app: Flask, make: Make, editor: Any) -> None:
    partner = make.partner("Nordhavn Energi")
    feed = make.feed("Havnenyt", themes=["energy"], partner_id=partner.id)
    entry = make.entry(feed, "Varmepumpen er i drift", excerpt="Den første vinter.", language="da")
    [form] = [one for one in editor.page(ENTRIES).all("form") if one.get("action") == f"{ENTRIES}/{entry.id}/take"]
    sent = {**filled_in(form), "how": "notice"}
    answer = editor.post(f"{ENTRIES}/{entry.id}/take", data=sent)
    assert answer.status_code == 303
    assert answer.location == ENTRIES
    [article] = articles(app)
    assert (article.title_da, article.standfirst_da, article.state) == (entry.title, entry.excerpt, State.PUBLISHED)
    assert (article.origin_url, article.author_id, article.publish_at) == (entry.url, partner.id, entry.published_at)
    assert stored(app, entry).state is EntryState.TAKEN
    shown = app.test_client().page(f"/da/news/{article.slug}")
    assert entry.url in [one.get("href") for one in shown.all("a")]
    # A second click, and a colleague who comes late, make no second one.
    for once, status in ((sent["once"], 303), ("another", 409)):
        assert editor.post(f"{ENTRIES}/{entry.id}/take", data={**sent, "once": once}).status_code == status
    assert len(articles(app)) == 1


def test_a_link_needs_a_theme_and_a_feed_of_titles_shows_no_more(app: Flask, make: Make, editor: Any) -> None:
    feed = make.feed("Pressen", title_only=True)
    entry = make.entry(feed, "Ny lov om energidata", excerpt="Hele historien.", language="da")
    page = f"{ENTRIES}/{entry.id}"
    assert "Only its title is ours to show" in editor.page(page).text
    editor.submit(page, f"{page}/take", status=422, how="notice")
    editor.submit(page, f"{page}/take", how="notice", themes=["data"])
    [article] = articles(app)
    assert (article.title_da, article.standfirst_da) == (entry.title, "")


def test_a_draft_is_written_on(app: Flask, make: Make, editor: Any) -> None:
    entry = make.entry(make.feed("State of things"), "A heat pump", excerpt="In the harbour.", language="en")
    page = f"{ENTRIES}/{entry.id}"
    answer = editor.submit(page, f"{page}/take", how="draft")
    [article] = articles(app)
    assert answer.location.endswith(f"/staff/news/{article.id}/edit")
    assert (article.title_en, article.state) == ("A heat pump", State.DRAFT)
    assert "The article that was made of it" in editor.page(page).text


def test_a_story_in_two_languages_becomes_an_article_in_both(app: Flask, make: Make, editor: Any) -> None:
    partner = make.partner("Havnen")
    danish = make.feed("Havnen", partner_id=partner.id, themes=["energy"])
    english = make.feed("The port", partner_id=partner.id)
    entry = make.entry(danish, "Landstrøm", excerpt="Til færgerne.", language="da")
    make.entry(english, "Shore power", excerpt="For the ferries.", language="en", story_id=entry.story_id)
    page = editor.page(ENTRIES)
    assert "In English: Shore power" in page.text
    [form] = [one for one in page.all("form") if one.get("action") == f"{ENTRIES}/{entry.id}/take"]
    editor.post(f"{ENTRIES}/{entry.id}/take", data={**filled_in(form), "how": "notice"})
    [article] = articles(app)
    assert (article.title_da, article.title_en) == ("Landstrøm", "Shore power")
    assert (article.standfirst_da, article.standfirst_en) == ("Til færgerne.", "For the ferries.")


def test_what_is_passed_over_can_wait_again(app: Flask, make: Make, editor: Any) -> None:
    feed = make.feed("Havnenyt")
    entry = make.entry(feed, "Julefrokost")
    twin = make.entry(make.feed("Anden"), "Julefrokosten", story_id=entry.story_id)
    editor.submit(f"{ENTRIES}/{entry.id}", f"{ENTRIES}/{entry.id}/pass")
    assert stored(app, entry).passed is Passed.EDITOR
    assert stored(app, twin).state is EntryState.PASSED_OVER
    assert "Nothing waits." in editor.page(ENTRIES).text
    editor.submit(f"{ENTRIES}/{entry.id}", f"{ENTRIES}/{entry.id}/put-back")
    assert stored(app, entry).state is EntryState.WAITING
    assert stored(app, twin).state is EntryState.WAITING


def test_a_pattern_of_a_feed_is_blocked_from_now_on(app: Flask, make: Make, editor: Any) -> None:
    feed = make.feed("Kommunen")
    job, news = make.entry(feed, "Stillingsopslag: ingeniør"), make.entry(feed, "Nyt fra havnen")
    page = f"{ENTRIES}/{job.id}/block"
    editor.submit(page, status=422, pattern=" ")
    editor.submit(page, field="title", pattern="stillingsopslag*")
    assert stored(app, job).passed is Passed.RULE
    assert stored(app, news).state is EntryState.WAITING


def test_curators_publish_links_and_write_no_drafts(app: Flask, make: Make, client: Any) -> None:
    feed = make.feed("Havnenyt", themes=["energy"])
    entry, other = make.entry(feed, "Varmepumpen er i drift"), make.entry(feed, "Endnu en")
    client.sign_in(make.account(roles=[Role.CURATOR]))
    page = f"{ENTRIES}/{entry.id}"
    client.submit(page, f"{page}/take", how="notice")
    assert [one.state for one in articles(app)] == [State.PUBLISHED]
    page = f"{ENTRIES}/{other.id}"
    assert client.submit(page, f"{page}/take", how="draft", status=404)
    assert stored(app, other).state is EntryState.WAITING


def test_who_may_not_sift(make: Make, client: Any) -> None:
    entry = make.entry(make.feed("Havnenyt"), "Varmepumpen")
    assert client.get(ENTRIES).status_code == 303
    partner = make.partner("Nordhavn Energi")
    client.sign_in(make.account(admin_of=[partner]))
    for path in (ENTRIES, f"{ENTRIES}/{entry.id}", f"{ENTRIES}/{entry.id}/block"):
        assert client.get(path).status_code in (403, 404)
    client.sign_in(make.account(roles=[Role.EDITOR]))
    assert client.get(f"{ENTRIES}/99999").status_code == 404
