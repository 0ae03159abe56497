"""The pages on which feeds are entered, looked at, approved, paused and sifted: by curators and by partners' admins."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import Role
from portal.feeds.models import EntryState, Feed, FeedEntry, FeedState, FeedTheme, Trouble
from tests.make import Make

STAFF, MINE = "/en/staff/feeds", "/en/my/feeds"
REPORT = {
    "at": "2026-03-02T09:00:00+00:00",
    "url": "https://havn.example/feed",
    "new": 2,
    "entries": [{"title": "Varmepumpen", "url": "https://havn.example/1", "excerpt": "Den første vinter."}],
}


@pytest.fixture
def curator(client: Any, make: Make) -> Any:
    return client.sign_in(make.account(roles=[Role.CURATOR]))


def only_feed(app: Flask) -> Feed:
    with app.app_context():
        found = db.session.scalars(select(Feed)).all()
        assert len(found) == 1
        return found[0]


def themes(app: Flask) -> list[str]:
    with app.app_context():
        return [tie.theme.value for tie in db.session.scalars(select(FeedTheme))]


def test_a_curator_enters_approves_pauses_and_retires_a_feed(app: Flask, make: Make, curator: Any) -> None:
    partner = make.partner("Nordhavn Energi")
    answer = curator.submit(f"{STAFF}/new", url="havn.example/feed", **{"partner_ids-find": "Nordhavn Energi"})
    feed = only_feed(app)
    page = f"{STAFF}/{feed.id}"
    assert answer.location.endswith(page)
    assert (feed.url, feed.state, feed.partner_id) == ("https://havn.example/feed", FeedState.SUGGESTED, partner.id)
    assert "It is being looked at" in curator.page(page).text
    assert "already" in curator.submit(f"{STAFF}/new", url="https://havn.example/feed", status=422).text
    with make.writing():  # as the worker does once it has looked
        tested = db.session.get_one(Feed, feed.id)
        tested.state, tested.test_asked_at, tested.test_report = FeedState.TESTED, None, REPORT
        tested.tested_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert "Feeds to approve" in curator.page("/en/staff").text
    shown = curator.page(page).text
    assert "2 new entries would come." in shown
    assert "Varmepumpen" in shown
    curator.submit(page, f"{page}/approve")
    assert only_feed(app).state is FeedState.ACTIVE
    curator.submit(page, f"{page}/fetch")
    curator.submit(f"{page}/suspend", status=422, reason="")
    curator.submit(f"{page}/suspend", reason="Only press releases")
    assert only_feed(app).state is FeedState.SUSPENDED
    assert "Only press releases" in curator.page(page).text
    curator.submit(page, f"{page}/resume")
    curator.submit(f"{page}/edit", title="Havnenyt", themes=["energy"])
    assert (only_feed(app).title, only_feed(app).state) == ("Havnenyt", FeedState.ACTIVE)
    curator.submit(f"{page}/edit", title="Havnens nyheder")
    assert themes(app) == ["energy"], "what is not touched stays"
    curator.submit(f"{page}/retire", reason="The site is closed")
    curator.submit(page, f"{page}/reopen")
    assert only_feed(app).state is FeedState.SUGGESTED


def test_trouble_is_told_and_rules_sift_what_waits(app: Flask, make: Make, curator: Any) -> None:
    feed = make.feed("Havnenyt", state=FeedState.FAILING, trouble=Trouble.TIMED_OUT, failing_since=datetime.now(UTC))
    job, news = make.entry(feed, "Stillingsopslag: ingeniør"), make.entry(feed, "Nyt fra havnen")
    assert "Havnenyt" in curator.page(f"{STAFF}?state=failing").text
    assert curator.get(f"{STAFF}?state=odd").status_code == 404
    page = f"{STAFF}/{feed.id}"
    assert "The answer was not complete in time." in curator.page(page).text
    curator.submit(page, f"{page}/rules", status=422, pattern="")
    curator.submit(page, f"{page}/rules", kind="block", field="title", pattern="stillingsopslag*")
    with app.app_context():
        states = {one.id: one.state for one in db.session.scalars(select(FeedEntry))}
    assert states == {job.id: EntryState.PASSED_OVER, news.id: EntryState.WAITING}
    rules = [e.get("action") for e in curator.page(page).all("form") if (e.get("action") or "").endswith("/remove")]
    curator.submit(page, rules[0])
    assert "Everything it brings waits for the editors." in curator.page(page).text


def test_admins_look_after_the_feeds_of_their_partner_and_approve_none(app: Flask, make: Make, client: Any) -> None:
    ours, theirs = make.partner("Nordhavn Energi"), make.partner("Fjernvarmen")
    foreign = make.feed("Foreign", partner_id=theirs.id)
    client.sign_in(make.account(admin_of=[ours]))
    answer = client.submit(f"{MINE}/new", url="https://havn.example/feed")
    with app.app_context():
        feed = db.session.scalars(select(Feed).where(Feed.partner_id == ours.id)).one()
    assert answer.location.endswith(f"{MINE}/{feed.id}")
    listed = client.page(MINE).text
    assert "havn.example" in listed
    assert "Foreign" not in listed
    assert client.get(f"{MINE}/{foreign.id}").status_code == 404
    assert client.get(STAFF).status_code in (403, 404)
    with make.writing():
        db.session.get_one(Feed, feed.id).state = FeedState.TESTED
    page = client.page(f"{MINE}/{feed.id}")
    assert "Approve" not in [e.text for e in page.all("button")]
    client.submit(f"{MINE}/{feed.id}/retire", reason="We moved")
    client.sign_in(make.account("A member", editor_of=[ours]))
    assert "havn.example" in client.page(MINE).text
    assert client.get(f"{MINE}/new").status_code == 404
    assert client.get(f"{MINE}/{feed.id}/edit").status_code in (403, 404)
