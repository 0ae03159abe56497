"""The people of a project talk to each other, and nobody else reads it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.accounts.notices.models import Notice
from portal.core.db import db
from portal.projects.discussion import queries
from portal.projects.discussion.models import Post
from portal.projects.models import Project
from portal.search import indexer
from tests.page import filled_in

LIST = "/en/projects/heat/discussion"
NEW = f"{LIST}/new"


@pytest.fixture
def thread(browsers: Any, project: Project) -> str:
    """The address of a thread that the manager began."""
    return str(browsers("team manager").submit(NEW, title="Budget", body="What do we *think*?").location)


def told(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        return [(one.account_id, one.kind.value) for one in db.session.scalars(select(Notice).order_by(Notice.id))]


@pytest.mark.parametrize("who", ["team contributor", "member", "admin"])
def test_somebody_of_the_project_answers(browsers: Any, thread: str, who: str) -> None:
    browser = browsers(who)
    answer = browser.submit(thread, body="I **agree**")
    assert answer.location.startswith(f"{thread}?page=1#post-")
    page = browser.page(thread)
    assert "<strong>agree</strong>" in page.html
    assert "2 posts" in browser.page(LIST).text


@pytest.mark.parametrize("who", ["foreign admin", "without a partner", "editor", "curator", "administrator"])
def test_nobody_else_reads_it(browsers: Any, thread: str, who: str) -> None:
    for address in (LIST, thread, NEW):
        assert browsers(who).get(address).status_code == 404


def test_a_visitor_is_asked_to_sign_in(browsers: Any, thread: str) -> None:
    assert browsers("visitor").get(thread).status_code == 303


def test_who_reads_along_does_not_write(browsers: Any, thread: str) -> None:
    reader = browsers("team reader")
    assert "Answer" not in reader.page(thread).text
    assert reader.get(NEW).status_code == 404


def test_an_empty_post_is_told_and_the_title_kept(browsers: Any, project: Project) -> None:
    answer = browsers("admin").submit(NEW, status=422, title="Typed", body="")
    assert "Write something." in answer.text
    assert 'value="Typed"' in answer.text


def test_what_is_not_there_is_not_found(browsers: Any, thread: str) -> None:
    for address in (f"{LIST}/999", f"{thread}/999/edit", f"{LIST}?page=2", f"{LIST}?page=x"):
        assert browsers("admin").get(address).status_code == 404


def test_sent_twice_it_is_said_once(app: Flask, browsers: Any, thread: str) -> None:
    browser = browsers("admin")
    sent = {**filled_in(browser.page(thread).all("form")[-1]), "body": "Once"}
    for _ in range(2):
        assert browser.post(thread, data=sent).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Post).where(Post.body == "Once")).all()) == 1


def test_a_preview_saves_nothing(app: Flask, browsers: Any, thread: str) -> None:
    answer = browsers("admin").submit(thread, status=200, body="Will it be **bold**?", preview="1")
    assert "<strong>bold</strong>" in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Post)).all()) == 1


def test_markup_of_others_is_only_words(browsers: Any, thread: str) -> None:
    browsers("admin").submit(thread, body="<script>alert(1)</script> [x](javascript:alert(1))")
    page = browsers("member").page(thread)
    assert "<script>alert" not in page.html


def test_who_is_named_is_told_and_who_wrote_before_hears_of_the_answer(
    app: Flask, browsers: Any, people: SimpleNamespace, thread: str
) -> None:
    browsers("admin").submit(thread, body="@Member look, and @Foreign, @Nobody, @Admin too")
    assert told(app) == [
        (people.accounts["member"].id, "mention"),
        (people.accounts["team manager"].id, "answer"),
    ]


def test_own_words_can_be_changed_for_a_day_and_readers_see_it(
    app: Flask, browsers: Any, people: SimpleNamespace, project: Project
) -> None:
    with time_machine.travel("2026-11-25 10:00", tick=False) as clock:
        manager = browsers("team manager")
        thread = manager.submit(NEW, title="Budget", body="Frist").location
        manager.submit(f"{thread}/1/edit", body="First, @Member")
        page = browsers("member").page(thread)
        assert "First, @Member" in page.text
        assert "changed" in page.text
        assert told(app) == [(people.accounts["member"].id, "mention")]
        assert browsers("admin").get(f"{thread}/1/edit").status_code == 404
        clock.shift(timedelta(hours=25))
        assert browsers("team manager").get(f"{thread}/1/edit").status_code == 404


@pytest.mark.parametrize(("who", "may"), [("team contributor", True), ("team manager", True), ("admin", False)])
def test_the_author_and_the_manager_remove_a_post(app: Flask, browsers: Any, thread: str, who: str, may: bool) -> None:
    browsers("team contributor").submit(thread, body="Better not")
    remover = browsers(who)
    token = filled_in(remover.page(thread).all("form")[-1])
    remover.post(f"{thread}/2/remove", data={"csrf_token": token["csrf_token"], "once": "key"})
    page = browsers("member").page(thread)
    assert ("removed" in page.text) == may
    assert ("Better not" in page.text) != may


def test_long_threads_have_pages(app: Flask, browsers: Any, make: Any, thread: str) -> None:
    with make.writing():
        for number in range(queries.POSTS):
            db.session.add(Post(thread_id=1, body=f"Post {number}", posted_at=make.partner().created_at))
    browser = browsers("admin")
    assert "Post 28" in browser.page(thread).text
    assert "Post 29" in browser.page(f"{thread}?page=2").text
    assert browser.submit(thread, body="The last").location.startswith(f"{thread}?page=2#post-")


def test_it_is_in_no_search_feed_or_public_page(app: Flask, browsers: Any, thread: str) -> None:
    with app.app_context():
        indexer.sync()
    assert "Heat" not in browsers("visitor").page("/en/search?q=budget").text
    for address in ("/en/projects/heat", "/en/projects.csv", "/sitemap.xml"):
        assert "Budget" not in browsers("visitor").get(address).text
