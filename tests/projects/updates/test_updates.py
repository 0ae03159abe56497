"""News from a project: signed by a partner, read by those it is for, withdrawn without a trace on any page."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Role as Platform
from portal.projects.models import Role, TeamRole, Update, Visibility
from tests.make import Make
from tests.page import filled_in
from tests.projects.reading import actions, indexed

UPDATES = "/en/projects/warm-homes/updates"


@pytest.fixture
def editor(client: Any, make: Make) -> Any:
    """A browser of an admin of the partner that coordinates the project “Warm homes”."""
    lead, other = make.partner("DTU"), make.partner("Vejle")
    make.project("Warm homes", partners=[(lead, Role.COORDINATOR), other])
    return client.sign_in(make.account("Ann Author", admin_of=[lead]))


def write(browser: Any, title: str, body: str = "", **fields: Any) -> None:
    browser.submit(f"{UPDATES}/new", title_en=title, body_en=body, **fields)


def test_news_is_dated_signed_by_the_partner_and_on_the_public_page(app: Flask, editor: Any) -> None:
    write(editor, "First house", "It is **warm** now.")
    visitor = app.test_client()
    page = visitor.page("/en/projects/warm-homes")
    assert "First house" in page.text
    assert "It is warm now." in page.text
    own = visitor.page(f"{UPDATES}/1")
    assert own.h1 == "First house"
    assert "DTU" in own.text
    assert "<strong>warm</strong>" in own.html
    assert "Ann Author" not in own.html + page.html
    with app.app_context():
        assert db.session.scalars(select(Update.dated)).one() == clock.today()
    assert actions(app) == ["update.added"]
    assert "It is warm now" in indexed(app)


def test_news_can_be_read_in_one_language_and_says_so(app: Flask, editor: Any) -> None:
    write(editor, "First house", "It is warm.")
    assert "kun på engelsk" in app.test_client().page(f"{UPDATES.replace('/en/', '/da/')}/1").text
    assert "Not written yet" in editor.page(f"{UPDATES}/1/edit").text
    editor.submit(f"{UPDATES}/1/edit", title_da="Vi begyndte", title_en="We began", body_da="Det virker.", body_en="")
    assert "Not all of it is written yet" in editor.page(f"{UPDATES}/1/edit").text


@pytest.mark.parametrize("visibility", ["partners", "members"])
def test_inner_news_is_on_no_page_in_no_list_search_feed_or_export(app: Flask, editor: Any, visibility: str) -> None:
    write(editor, "Innerword", "Innertext", visibility=visibility)
    for address in ("", "/updates/archive", "/updates/1"):  # those it is for are told that others do not see it
        assert "For: " in editor.page(f"/en/projects/warm-homes{address}").text
    visitor = app.test_client()
    for address in ("/projects/warm-homes", "/projects", "/projects.csv", "/search?q=innerword", "/news.atom", "/"):
        assert b"Inner" not in visitor.get(f"/en{address}").data, address
    assert visitor.get(f"{UPDATES}/1").status_code == 404
    assert "Inner" not in indexed(app)
    assert "Innerword" in editor.page("/en/projects/warm-homes").text


def test_who_reads_which_news(app: Flask, make: Make) -> None:
    mine, foreign = make.partner("DTU"), make.partner("Elsewhere")
    today = clock.today()
    updates = [Update(title_en=f"For {one.value}", dated=today, visibility=one) for one in Visibility]
    make.project("Warm homes", partners=[mine], updates=updates)
    readers = {
        "visitor": (None, [200, 404, 404]),
        "foreign member": (make.account(editor_of=[foreign]), [200, 200, 404]),
        "member": (make.account(editor_of=[mine]), [200, 200, 200]),
        "platform editor": (make.account(roles=[Platform.EDITOR]), [200, 200, 200]),
    }
    for name, (account, wanted) in readers.items():
        browser = app.test_client()
        if account:
            browser.sign_in(account)
        assert [browser.get(f"{UPDATES}/{number}").status_code for number in (1, 2, 3)] == wanted, name


def test_withdrawn_news_is_gone_everywhere_and_comes_back_when_restored(app: Flask, editor: Any) -> None:
    write(editor, "Premature", "Not yet.")
    editor.submit(UPDATES, f"{UPDATES}/1/withdraw")
    visitor = app.test_client()
    assert visitor.get(f"{UPDATES}/1").status_code == 410
    assert b"Premature" not in visitor.get("/en/projects/warm-homes").data
    assert "Premature" not in indexed(app)
    assert "Withdrawn" in editor.page(UPDATES).text
    editor.submit(UPDATES, f"{UPDATES}/1/restore")
    assert visitor.get(f"{UPDATES}/1").status_code == 200
    assert actions(app) == ["update.added", "update.withdrawn", "update.restored"]


def test_withdrawn_inner_news_is_not_even_gone_for_those_it_was_not_for(app: Flask, editor: Any) -> None:
    write(editor, "Inner", visibility="members")
    editor.submit(UPDATES, f"{UPDATES}/1/withdraw")
    assert app.test_client().get(f"{UPDATES}/1").status_code == 404


HOSTILE = " ".join(
    (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [go](javascript:alert(1))",
        "![spy](https://spy.example/p.png) [data](data:text/html,x)",
    )
)


def test_markdown_brings_nothing_that_runs_or_tells_others(app: Flask, editor: Any) -> None:
    write(editor, "Hostile <b>title</b>", HOSTILE)
    page = app.test_client().page(f"{UPDATES}/1")
    assert page.h1 == "Hostile <b>title</b>"
    assert not [one for one in page.all("script") if not one.get("src")]
    assert page.all("img") == []
    assert not [link for link in page.links if link.startswith(("javascript:", "data:"))]
    for html in (
        app.test_client().page("/en/projects/warm-homes").html,
        editor.page(f"{UPDATES}/1/edit").html,
        preview(editor, HOSTILE).get_data(as_text=True),
    ):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html
        assert "spy.example" not in html or "<textarea" in html


def preview(browser: Any, text: str) -> Any:
    token = filled_in(browser.page(f"{UPDATES}/new").all("form")[-1])["csrf_token"]
    return browser.post(f"{UPDATES}/preview", data={"csrf_token": token, "text": text})


def test_a_preview_shows_what_readers_will_see_and_saves_nothing(app: Flask, editor: Any) -> None:
    answer = preview(editor, "It is *warm*.")
    assert answer.get_data(as_text=True).strip() == "<p>It is <em>warm</em>.</p>"
    assert answer.headers["Cache-Control"] == "no-store"
    page = editor.page(f"{UPDATES}/new")
    sent = {**filled_in(page.all("form")[-1]), "title_en": "Kept", "body_en": "It is *warm*.", "preview": "1"}
    answer = editor.post(f"{UPDATES}/new", data=sent)
    assert answer.status_code == 200
    assert "<em>warm</em>" in answer.text
    assert 'value="Kept"' in answer.text
    assert actions(app) == []


def test_news_is_written_in_the_name_of_ones_own_partner_only(editor: Any) -> None:
    answer = editor.submit(f"{UPDATES}/new", status=422, title_en="In their name", partner_id="2")
    assert "Choose one from the list" in answer.text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title_en": ""}, "Write it in Danish or in English"),
        ({"dated": ""}, "Write the day"),
        ({"dated": "31-02-2026"}, "Write a day"),
        ({"body_en": "x" * 20_001}, "at most 20000 characters"),
    ],
)
def test_wrong_news_is_told_at_its_field(app: Flask, editor: Any, fields: dict[str, str], reason: str) -> None:
    answer = editor.submit(f"{UPDATES}/new", status=422, **{"title_en": "Kept", **fields})
    assert reason in answer.text
    assert actions(app) == []


def test_news_sent_twice_is_told_once(app: Flask, editor: Any) -> None:
    sent = {**filled_in(editor.page(f"{UPDATES}/new").all("form")[-1]), "title_en": "Once"}
    assert {editor.post(f"{UPDATES}/new", data=sent).location for _ in range(2)} == {f"{UPDATES}#update-1"}
    assert actions(app) == ["update.added"]


@pytest.mark.parametrize("who", ["visitor", "foreign admin", "member", "reader", "platform editor"])
def test_who_may_not_write(app: Flask, make: Make, who: str) -> None:
    lead, foreign = make.partner("DTU"), make.partner("Elsewhere")
    people = {
        "visitor": None,
        "foreign admin": make.account(admin_of=[foreign]),
        "member": make.account(editor_of=[lead]),
        "reader": make.account("Reader"),
        "platform editor": make.account(roles=[Platform.EDITOR]),
    }
    make.project(
        "Warm homes",
        partners=[(lead, Role.COORDINATOR)],
        team={TeamRole.READER: people["reader"]},
        updates=[Update(title_en="Theirs", dated=clock.today())],
    )
    browser = app.test_client()
    if people[who] is not None:
        browser.sign_in(people[who])
    token = filled_in(browser.page("/en/about").all("form")[-1]).get("csrf_token") if people[who] else ""
    for method, rest in (
        ("GET", ""),
        ("GET", "/new"),
        ("POST", "/new"),
        ("POST", "/1/edit"),
        ("POST", "/1/withdraw"),
        ("POST", "/1/restore"),
        ("POST", "/preview"),
    ):
        answer = browser.open(f"{UPDATES}{rest}", method=method, data={"csrf_token": token, "title_en": "Mine"})
        assert answer.status_code == (303 if who == "visitor" else 404), (method, rest)
    with app.app_context():
        assert db.session.scalars(select(Update.title_en)).all() == ["Theirs"]


def test_unknown_news_is_not_found(editor: Any, make: Make) -> None:
    make.project("Other", updates=[Update(title_en="Theirs", dated=clock.today())])
    for rest in ("/1", "/1/edit", "/7", "/99999999999999999999"):
        assert editor.get(f"{UPDATES}{rest}").status_code == 404
