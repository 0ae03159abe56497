"""Partners propose articles: members write and hand in, staff take, return with a word or refuse with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.notices import operations as notices
from portal.core import clock
from portal.core.db import db
from portal.core.mail import Mail
from portal.core.permissions import Role
from portal.news.models import Article, State
from tests.make import Make
from tests.page import filled_in

MINE, DESK = "/en/my/news", "/en/staff/news"
TEXT = {"title_en": "A warm house", "standfirst_en": "It is warm.", "body_en": "Really *warm*.", "themes": ["heat"]}


@pytest.fixture
def member(app: Flask, make: Make) -> Any:
    partner = make.partner("DTU")
    return app.test_client().sign_in(make.account("Member", editor_of=[partner]))


@pytest.fixture
def editor(app: Flask, make: Make) -> Any:
    return app.test_client().sign_in(make.account("Editor", roles=[Role.EDITOR]))


def _state(app: Flask) -> State:
    with app.app_context():
        return db.session.scalars(select(Article.state)).one()


def test_a_proposal_is_returned_worked_over_and_taken(app: Flask, member: Any, editor: Any, postbox: Any) -> None:
    member.submit(f"{MINE}/new", title_en="A warm house")
    page = member.page(f"{MINE}/1")
    assert "Before you can hand it in" in page.text
    member.submit(f"{MINE}/1/edit", **TEXT)
    assert "warm house" in member.page(MINE).text
    member.submit(f"{MINE}/1", f"{MINE}/1/submit")
    assert _state(app) is State.SUBMITTED
    assert member.get(f"{MINE}/1/edit").status_code == 404
    member.submit(f"{MINE}/1", f"{MINE}/1/take-back")
    member.submit(f"{MINE}/1", f"{MINE}/1/submit")
    assert "Submitted articles" in editor.page("/en/staff").text
    assert "A warm house" in editor.page(f"{DESK}?state=submitted").text
    assert editor.get(f"{DESK}/submitted").location.endswith("?state=submitted")
    # Editors are told: in their session what was proposed, by mail only that something was.
    told = editor.page("/en/account/notices")
    assert "A warm house" in told.text
    assert f"{DESK}/1" in told.links
    with app.app_context():
        assert notices.send_digests(clock.now() + timedelta(days=8)) == 1
        [mail] = [one for one in db.session.scalars(select(Mail)) if one.kind == "digest"]
        assert f"{DESK}/1" in mail.text
        assert "A warm house" not in mail.text + mail.subject
    assert "A warm house" not in member.page("/en/account/notices").text

    editor.submit(f"{DESK}/1/return", status=422, reason="")
    editor.submit(f"{DESK}/1/return", reason="Say where the house is.")
    assert "Say where the house is." in postbox.fetch("member@example.org")[-1].get_content()
    assert postbox.link("member@example.org") == f"{MINE}/1"
    assert "Say where the house is." in member.page(f"{MINE}/1").text
    assert "Article to work over" in member.page("/en/my").text
    member.submit(f"{MINE}/1/edit", body_en="In Vejle it is really *warm*.")
    member.submit(f"{MINE}/1", f"{MINE}/1/submit")

    editor.submit(f"{DESK}/1", f"{DESK}/1/take")
    assert _state(app) is State.IN_REVIEW
    with app.app_context():
        article = db.session.scalars(select(Article)).one()
        assert article.assignee_id is not None
        assert article.author_id is not None
    assert member.get(f"{MINE}/1/edit").status_code == 404
    editor.submit(f"{DESK}/1/to/published")
    assert "In Vejle" in app.test_client().page("/en/news/a-warm-house").text
    assert "Published" in member.page(f"{MINE}/1").text


def test_a_refusal_has_a_reason_that_is_mailed(app: Flask, member: Any, editor: Any, postbox: Any) -> None:
    member.submit(f"{MINE}/new", **TEXT)
    member.submit(f"{MINE}/1", f"{MINE}/1/submit")
    editor.submit(f"{DESK}/1/refuse", reason="This is an advertisement.")
    assert _state(app) is State.REFUSED
    assert "advertisement" in postbox.fetch("member@example.org")[-1].get_content()
    assert editor.get(f"{DESK}/1/refuse").status_code == 404
    assert app.test_client().get("/en/news/a-warm-house").status_code == 404
    member.submit(f"{MINE}/1/delete")
    assert member.get(f"{MINE}/1").status_code == 404


def test_talking_about_a_proposal(member: Any, editor: Any) -> None:
    member.submit(f"{MINE}/new", **TEXT)
    member.submit(f"{MINE}/1", f"{MINE}/1", body="Is <b>this</b> long enough?")
    assert "Is <b>this</b> long enough?" in editor.page(f"{DESK}/1/talk").text
    editor.submit(f"{DESK}/1/talk", body="Quite.")
    assert "Quite." in member.page(f"{MINE}/1").text
    editor.submit(f"{DESK}/1/talk", f"{DESK}/1/talk/1/settle")
    assert "dealt with" in editor.page(f"{DESK}/1/talk").text
    editor.submit(f"{DESK}/1/talk", status=422, body="")


def test_who_may_not(app: Flask, make: Make, member: Any) -> None:
    member.submit(f"{MINE}/new", **TEXT)
    partner = make.partner("Elsewhere")
    with app.app_context():
        ours = db.session.scalars(select(Article.author_id)).one()
    people = {
        "visitor": None,
        "foreign admin": make.account(admin_of=[partner]),
        "without a partner": make.account(),
        "curator": make.account(roles=[Role.CURATOR]),
        "administrator": make.account(roles=[Role.ADMINISTRATOR]),
    }
    for name, account in people.items():
        browser = app.test_client()
        if account:
            browser.sign_in(account)
        token = filled_in(browser.page("/en/about").all("form")[-1]).get("csrf_token", "") if account else ""
        for path in (
            f"{MINE}/1/edit",
            f"{MINE}/1/delete",
            f"{DESK}/1/edit",
            f"{DESK}/1/to/published",
            f"{DESK}/1/readers",
        ):
            for method in ("GET", "POST"):
                answer = browser.open(path, method=method, data={"csrf_token": token, **TEXT, "author_id": str(ours)})
                assert answer.status_code == (303 if account is None else 404), (name, method, path)
        for path in (f"{MINE}/1/submit", f"{MINE}/1/take-back", f"{DESK}/1/take", f"{DESK}/preview"):
            answer = browser.post(path, data={"csrf_token": token})
            assert answer.status_code == (303 if account is None else 404), (name, path)
        wanted = 200 if name == "curator" else 303 if account is None else 404
        assert browser.get(f"{DESK}/1").status_code == wanted, name
        assert browser.get("/en/news/a-warm-house").status_code == (200 if name == "curator" else 404), name
    assert _state(app) is State.DRAFT


def test_a_member_writes_for_their_own_partner_alone(app: Flask, make: Make, member: Any) -> None:
    foreign = make.partner("Elsewhere")
    answer = member.submit(f"{MINE}/new", status=422, **TEXT, author_id=str(foreign.id))
    assert "Choose one from the list" in answer.text
    assert "A warm house" in answer.text
    sent = {**filled_in(member.page(f"{MINE}/new").all("form")[-1]), **TEXT}
    places = {member.post(f"{MINE}/new", data=sent).location for _ in range(2)}
    assert places == {f"{MINE}/1"}
