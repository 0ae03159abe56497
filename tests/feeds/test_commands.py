"""`flask feeds` and the sources of feeds.csv."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.themes import Theme
from portal.feeds import addresses
from portal.feeds.models import Feed, FeedEntry, FeedState, Standing
from tests.feeds.test_fetching import DANISH, all_due
from tests.hostile import Server, answer, by_path
from tests.make import Make

Serve = Callable[..., Server]


def run(app: Flask, *arguments: str, code: int = 0) -> str:
    done = app.test_cli_runner().invoke(args=["feeds", *arguments])
    assert done.exit_code == code, done.output
    return str(done.output)


def test_feeds_are_added_shown_and_fetched(app: Flask, make: Make, serve: Serve) -> None:
    server = serve(
        by_path({"/feed": answer(DANISH), "/bad": answer(b"<html>", "200 OK"), "/gone": answer(status="404 No")})
    )
    make.partner("Gate 21")
    assert "There is no partner" in run(app, "add", server.url, "--partner", "nobody", code=1)
    said = run(app, "add", server.url, "--partner", "gate-21")
    assert "2026-11-26  Kommuner får fælles platform" in said
    assert "2 entries, 2 would wait" in said
    assert "is a feed of ours already" in run(app, "add", server.url, "--partner", "gate-21", code=1)
    assert "is not the address of a page" in run(app, "add", "gate", "--partner", "gate-21", code=1)
    assert "not_a_feed" in run(app, "add", f"http://{server.pair}/bad", "--partner", "gate-21", code=1)
    # Nothing is fetched before it is approved.
    assert "0 feeds fetched" in run(app, "fetch", "--all")
    with app.app_context():
        feed = db.session.scalars(select(Feed).where(Feed.state == FeedState.TESTED)).one()
        assert db.session.scalar(select(func.count()).select_from(FeedEntry)) == 0
    assert "only feeds that a curator has approved" in run(app, "fetch", "--feed", str(feed.id), code=1)
    assert "There is no feed 999" in run(app, "fetch", "--feed", "999", code=1)
    with make.writing():
        db.session.get_one(Feed, feed.id).state = FeedState.ACTIVE
    broken = make.feed("Broken", url=f"http://{server.pair}/gone")
    said = run(app, "fetch", "--all")
    assert "refused: HTTP 404" in said
    assert "2 feeds fetched" in said
    all_due(make)
    assert "2 feeds fetched" in run(app, "fetch")
    assert "0 feeds fetched" in run(app, "fetch")
    assert "refused" in run(app, "fetch", "--feed", str(broken.id), code=1)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FeedEntry)) == 2


def test_the_feed_of_a_site_that_names_none_is_looked_for_where_it_usually_is(
    app: Flask, make: Make, serve: Serve
) -> None:
    page = answer(b"<html><title>Nyt</title></html>")
    server = serve(by_path({"/nyt": page, "/feed": page, "/rss.xml": answer(DANISH)}))
    make.partner("Gate 21")
    said = run(app, "add", f"http://{server.pair}/nyt", "--partner", "gate-21")
    assert f"http://{server.pair}/rss.xml" in said
    assert "2 entries, 2 would wait" in said
    with app.app_context():
        feed = db.session.scalars(select(Feed)).one()
        assert (feed.state, feed.url) == (FeedState.TESTED, f"http://{server.pair}/rss.xml")


def test_the_45_sources_are_there_each_with_its_honest_state(reference: Flask) -> None:
    with reference.app_context():
        feeds = db.session.scalars(select(Feed).options(selectinload(Feed.themes))).all()
        assert len(feeds) == 45
        assert {feed.state for feed in feeds} == {FeedState.SUGGESTED}
        counts = {standing: sum(feed.standing is standing for feed in feeds) for standing in Standing}
        assert counts == {Standing.ADDED: 0, Standing.IN_USE: 15, Standing.UNVERIFIED: 5, Standing.NO_FEED: 25}
        assert not [feed for feed in feeds if feed.next_fetch_at or feed.test_asked_at or feed.approved_at]
        by_key = {feed.import_key: feed for feed in feeds}
        assert by_key["f01"].partner_id is not None
        assert {one.theme for one in by_key["f01"].themes} == {Theme.ENERGY, Theme.MOBILITY, Theme.GOVERNANCE}
        assert (by_key["f07"].owner, by_key["f07"].partner_id) == (
            "Høringsportalen (public consultations of the state)",
            None,
        )
        assert "filter after fetching" in by_key["f07"].source_note
        assert [key for key, feed in by_key.items() if feed.title_only] == ["f13", "f14", "f15"]


HEAD = "feed_id,partner_id,owner,url,kind,language,theme,status,note,source_url,retrieved\n"


def load(app: Flask, folder: Path, rows: str, code: int = 0) -> str:
    (folder / "feeds.csv").write_text(HEAD + rows, encoding="utf-8")
    done: Any = app.test_cli_runner().invoke(args=["data", "load", str(folder)])
    assert done.exit_code == code, done.output
    return str(done.output)


def test_loading_again_keeps_what_was_decided_here(app: Flask, make: Make, tmp_path: Path) -> None:
    row = "f1,gate,Gate,https://gate.example/rss,rss,da,energy,in_use_2026-10,,,\n"
    assert "unknown partner 'gate'" in load(app, tmp_path, row, code=1)
    make.partner("Gate")
    load(app, tmp_path, row)
    with make.writing():
        feed = db.session.scalars(select(Feed)).one()
        feed.state, feed.title = FeedState.ACTIVE, "Edited here"
    load(app, tmp_path, row)
    load(app, tmp_path, row.replace("energy", "water; odd words"))
    with app.app_context():
        feed = db.session.scalars(select(Feed).options(selectinload(Feed.themes))).one()
        assert (feed.state, feed.title, feed.subject) == (FeedState.ACTIVE, "Edited here", "water; odd words")
        assert [one.theme for one in feed.themes] == [Theme.WATER]


def test_a_source_is_loaded_once(app: Flask, make: Make, tmp_path: Path) -> None:
    make.feed(url="https://b.example/rss", url_digest=addresses.digest("https://b.example/rss"))
    rows = (
        "f1,,A,https://a.example/rss,rss,da,,in_use_2026-10,,,\n"
        "f2,,A again,http://www.a.example/rss/,rss,da,,in_use_2026-10,,,\n"
        "f3,,B,https://b.example/rss,rss,da,,in_use_2026-10,,,\n"
        "f4,,C,https://c.example/rss,rss,da,,no such word,,,\n"
    )
    said = load(app, tmp_path, rows, code=1)
    for line in (3, 4):
        assert f"feeds.csv:{line}: url: is the address of another feed" in said
    assert "feeds.csv:5: status" in said
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Feed)) == 2
