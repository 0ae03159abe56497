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
from portal.projects.models import Participation, Project
from portal.search import indexer
from tests.make import THEN
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


def test_own_words_changed_in_two_windows_are_both_shown(browsers: Any, thread: str) -> None:
    manager, address = browsers("team manager"), f"{thread}/1/edit"
    sent = filled_in(manager.page(address).all("form")[-1])
    manager.submit(address, body="On the train")
    answer = manager.post(address, data={**sent, "body": "At the desk"})
    assert answer.status_code == 409
    assert "On the train" in answer.text
    assert "At the desk" in answer.text
    assert "On the train" in browsers("member").page(thread).text


def test_people_of_a_partner_that_has_left_are_neither_offered_nor_told(
    app: Flask, browsers: Any, make: Any, people: SimpleNamespace, project: Project, thread: str
) -> None:
    with make.writing():
        gone = Participation(project_id=project.id, partner_id=people.foreign.id, left_at=THEN)
        db.session.add(gone)
    browsers("admin").submit(thread, body="@Foreign, are you still there?")
    assert told(app) == [(people.accounts["team manager"].id, "answer")]
    [names] = [
        box.get("data-mentions") for box in browsers("admin").page(thread).all("div") if box.get("data-mentions")
    ]
    assert "Member" in names
    assert "Foreign" not in names


def test_what_is_being_written_is_kept_on_every_form_of_the_project(
    browsers: Any, project: Project, put: Any, thread: str
) -> None:
    document = put(project, "Minutes")
    manager = browsers("team manager")
    for path in (
        "plan/work-packages/new",
        "plan/milestones/new",
        "plan/deliverables/new",
        "updates/new",
        "results/new",
    ):
        assert "data-autosave=" in manager.page(f"/en/projects/heat/{path}").html
    for path in ("money/funding/new", "money/costs", "edit", "lessons", "facts", "state", "partners/invite"):
        assert "data-autosave=" in manager.page(f"/en/projects/heat/{path}").html
    for path in ("documents/new", f"documents/{document.id}/edit", f"documents/{document.id}/new-version"):
        assert "data-autosave=" in manager.page(f"/en/projects/heat/{path}").html
    for address in (NEW, thread, f"{thread}/1/edit"):
        assert "data-autosave=" in manager.page(address).html
    manager.post(
        "/en/account/drafts", data={"path": thread, "fields": "body=Half+a+thought", **token_of(manager, thread)}
    )
    assert "You wrote something here that was not saved" in manager.page(thread).text
    assert "Half a thought" in manager.page(f"{thread}?kept=draft").html
    manager.submit(thread, body="A whole thought")
    assert "You wrote something here" not in manager.page(thread).text


def token_of(browser: Any, address: str) -> dict[str, str]:
    return {"csrf_token": filled_in(browser.page(address).all("form")[-1])["csrf_token"]}


@pytest.mark.parametrize(("who", "may"), [("team contributor", True), ("team manager", True), ("admin", False)])
def test_the_author_and_the_manager_remove_a_post(app: Flask, browsers: Any, thread: str, who: str, may: bool) -> None:
    browsers("team contributor").submit(thread, body="Better not")
    remover = browsers(who)
    if may:
        assert "Better not" in remover.page(f"{thread}/2/remove").text  # it asks first
        sent = filled_in(remover.page(f"{thread}/2/remove").all("form")[-1])
        answers = [remover.post(f"{thread}/2/remove", data=sent) for _click in range(2)]
        assert {answer.location for answer in answers} == {f"{thread}?page=1#post-2"}
    else:
        assert remover.get(f"{thread}/2/remove").status_code == 404
        token = filled_in(remover.page(thread).all("form")[-1])
        assert remover.post(f"{thread}/2/remove", data=token).status_code == 404
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
