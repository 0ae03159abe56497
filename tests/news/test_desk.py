"""The news desk: an article is written, reviewed, scheduled, published, corrected and withdrawn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role
from portal.news.models import Article, State
from tests.make import Make
from tests.page import Page, filled_in

DESK = "/en/staff/news"


@pytest.fixture
def editor(client: Any, make: Make) -> Any:
    return client.sign_in(make.account("Editor", roles=[Role.EDITOR]))


def _local(moment: Any) -> str:
    return moment.astimezone(clock.COPENHAGEN).strftime("%Y-%m-%dT%H:%M")


def _only(app: Flask) -> Article:
    with app.app_context():
        return db.session.scalars(select(Article)).one()


def _actions(app: Flask) -> list[str]:
    with app.app_context():
        wanted = select(AuditEntry.action).where(AuditEntry.subject_kind == "article")
        return list(db.session.scalars(wanted.order_by(AuditEntry.id)))


def test_an_article_goes_its_way(app: Flask, editor: Any, make: Make) -> None:
    make.project("Warm homes")
    partner = make.partner("Aarhus Vand")
    tomorrow = clock.now() + timedelta(days=1)
    editor.submit(
        f"{DESK}/new",
        title_da="Varme uden røg",
        standfirst_da="Kort.",
        body_da="Det **virker**.",
        themes=["heat", "climate"],
        author_id=str(partner.id),
        **{"partner_ids-find": "Aarhus Vand", "project_ids-find": "Warm homes"},
    )
    desk = f"{DESK}/1"
    visitor = app.test_client()
    assert visitor.get("/en/news/varme-uden-roeg").status_code == 404
    assert "Readers do not see this page" in editor.page("/da/news/varme-uden-roeg".replace("/da/", "/en/")).text
    page = editor.page(desk)
    assert "Not written yet" in page.text
    assert "Still missing: When it comes out, later than now" in page.text
    editor.submit(f"{desk}/edit", publish_at=_local(tomorrow), title_da="Varme helt uden røg")
    editor.submit(f"{desk}/to/in_review")
    editor.submit(f"{desk}/to/scheduled")
    article = _only(app)
    assert article.state is State.SCHEDULED
    assert article.slug == "varme-helt-uden-roeg"
    for path in ("/news", "/news.atom", "/news.csv", "/projects/warm-homes", "/partners/aarhus-vand", "/"):
        assert b"uden r" not in visitor.get(f"/en{path}").data, path
    assert visitor.get(f"/en/news/{article.slug}").status_code == 404
    assert b"uden-roeg" not in visitor.get("/sitemap.xml").data
    editor.submit(f"{desk}/to/published")
    assert "Det virker." in visitor.page(f"/da/news/{article.slug}").text
    editor.submit(f"{desk}/edit", correction_da="Tallet var forkert.", title_en="Heat without smoke")
    assert "Tallet var forkert." in visitor.page(f"/da/news/{article.slug}").text
    editor.submit(f"{desk}/to/withdrawn", status=422, reason="")
    editor.submit(f"{desk}/to/withdrawn", reason="It was not true.")
    assert visitor.get(f"/en/news/{article.slug}").status_code == 410
    editor.submit(f"{desk}/to/published")
    assert visitor.get(f"/en/news/{article.slug}").status_code == 200
    editor.submit(f"{desk}/to/archived")
    assert b"uden r" not in visitor.get("/da/news.atom").data
    assert _actions(app) == [
        "article.created",
        "article.revised",
        "article.moved",
        "article.moved",
        "article.moved",
        "article.revised",
        "article.moved",
        "article.moved",
        "article.moved",
    ]


def test_two_editors_meet_and_nothing_is_lost(app: Flask, editor: Any, make: Make) -> None:
    make.article("Plain title", state=State.DRAFT, publish_at=None)
    address = f"{DESK}/1/edit"
    mine = filled_in(editor.page(address).all("form")[-1])
    editor.submit(address, title_en="Their title", standfirst_en="Theirs.")
    answer = editor.post(address, data={**mine, "title_en": "My title", "body_en": "Mine."})
    assert answer.status_code == 409
    assert "Their title" in answer.text
    sent = filled_in(Page(answer).all("form")[-1])
    assert editor.post(address, data={**sent, "choice-title_en": "mine"}).status_code == 303
    article = _only(app)
    assert (article.title_en, article.standfirst_en, article.body_en) == ("My title", "Theirs.", "Mine.")


def test_what_is_typed_is_kept_until_it_is_saved(editor: Any, make: Make) -> None:
    make.article("Plain title", state=State.DRAFT, publish_at=None)
    address = f"{DESK}/1/edit"
    form = filled_in(editor.page(address).all("form")[-1])
    kept = {"path": address, "fields": "title_en=Half+a+title&version=" + form["version"]}
    assert editor.post("/en/account/drafts", data={**kept, "csrf_token": form["csrf_token"]}).status_code == 204
    assert "You wrote something here that was not saved" in editor.page(address).text
    assert "Half a title" in editor.page(f"{address}?kept=draft").html


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title_en": ""}, "Write a title in Danish or in English"),
        ({"publish_at": "2027-03-28T02:30"}, "This time does not exist"),
        ({"publish_at": "2026-10-25T02:30"}, "twice that night"),
        ({"publish_at": "tomorrow"}, "Write a day and a time"),
        ({"publish_at": "2027-01-02T10:00", "expire_at": "2027-01-02T10:00"}, "expire before it comes out"),
        ({"themes": ["heat", "water", "data", "waste"]}, "at most three"),
        ({"origin_url": "javascript:alert(1)"}, "Write a web address"),
        ({"author_id": "999"}, "Choose one from the list"),
    ],
)
@pytest.mark.sqlite_only
def test_what_cannot_be_taken_is_said_at_its_field(editor: Any, fields: dict[str, Any], reason: str) -> None:
    answer = editor.submit(f"{DESK}/new", status=422, **{"title_en": "Kept title", "body_en": "Kept.", **fields})
    assert reason in answer.text
    assert "Kept." in answer.text


def test_a_time_that_comes_twice_is_told_apart(app: Flask, editor: Any, make: Make) -> None:
    make.article("Night", state=State.DRAFT, publish_at=None)
    address = f"{DESK}/1/edit"
    form = filled_in(editor.page(address).all("form")[-1])
    answer = editor.post(address, data={**form, "publish_at": "2026-10-25T02:30"})
    sent = filled_in(Page(answer).all("form")[-1])
    assert sent["publish_at"] == ["2026-10-25T02:30", "first"]
    editor.post(address, data={**sent, "publish_at": ["2026-10-25T02:30", "second"]})
    assert _only(app).publish_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert filled_in(editor.page(address).all("form")[-1])["publish_at"] == ["2026-10-25T02:30", "second"]


def test_what_readers_have_keeps_its_date(app: Flask, editor: Any, make: Make) -> None:
    make.article("Out", publish_at=clock.now() - timedelta(days=1, seconds=7))
    before = _only(app).publish_at
    later = _local(clock.now() + timedelta(days=2))
    answer = editor.submit(f"{DESK}/1/edit", status=422, publish_at=later)
    assert "Readers have it already" in answer.text
    editor.submit(f"{DESK}/1/edit", title_en="Out now")
    assert _only(app).publish_at == before


def test_work_is_given_to_somebody_who_is_told(editor: Any, make: Make, postbox: Any) -> None:
    make.account("Colleague", roles=[Role.EDITOR])
    stranger = make.account("Stranger")
    make.article("Heat", state=State.DRAFT, publish_at=None, title_da="Varme")
    form = filled_in(next(one for one in editor.page(f"{DESK}/1").all("form") if "assign" in (one.get("action") or "")))
    assert editor.post(f"{DESK}/1/assign", data={**form, "assignee": str(stranger.id)}).status_code == 422
    editor.submit(f"{DESK}/1", f"{DESK}/1/assign", assignee=str(stranger.id - 1))
    assert postbox.link("colleague@example.org") == f"{DESK}/1"
    page = editor.page(f"{DESK}?assignee={stranger.id - 1}")
    assert "Heat" in page.text
    assert "Colleague" in page.text
    assert "Heat" not in editor.page(f"{DESK}?assignee=nobody").text
    assert editor.get(f"{DESK}/all.csv").data.count(b"Heat") == 1


def test_the_list_begins_with_what_was_left_longest(editor: Any, make: Make) -> None:
    now = clock.now()
    make.article("Newer", state=State.DRAFT, publish_at=None, updated_at=now, title_da="Nyere")
    make.article("Older", state=State.IN_REVIEW, publish_at=None, updated_at=now - timedelta(days=2))
    make.article("Out already", title_da="Ude")
    text = editor.page(DESK).text
    assert text.index("Older") < text.index("Newer")
    assert "Out already" not in text
    assert "Out already" in editor.page(f"{DESK}/all").text
    missing = editor.page(f"{DESK}?language=da-missing").text
    assert "Older" in missing
    assert "Newer" not in missing


def test_the_calendar_shows_what_comes_and_what_it_lacks(editor: Any, make: Make) -> None:
    at = datetime(2027, 2, 10, 8, 30, tzinfo=UTC)
    make.article("Winter heat", state=State.SCHEDULED, publish_at=at, expire_at=at + timedelta(days=5))
    make.webinar(
        "Talk", starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=1), zone="Europe/Copenhagen"
    )
    text = editor.page("/en/staff/calendar?month=2027-02").text
    assert "09:30 Article · Scheduled Winter heat Danish is missing" in text
    assert "Expires" in text
    assert "Talk" in text
    assert "Winter heat" not in editor.page("/da/staff/calendar?month=2027-03").text
    assert editor.get("/en/staff/calendar?month=2027-13").status_code == 404
