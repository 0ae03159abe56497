"""Links to drafts for people without an account; versions of a text; what the hours bring."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, strangers
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.generations import Generation
from portal.core.permissions import SYSTEM, Role
from portal.core.themes import Theme
from portal.editorial import operations as editorial
from portal.editorial import queries as drafts
from portal.editorial.models import DraftLink
from portal.news.editing.operations import subject
from portal.news.linking import operations as linking
from portal.news.models import Article, State
from portal.news.publishing import operations as publishing
from portal.news.search import source
from tests.make import Make

DESK = "/en/staff/news"


@pytest.fixture
def editor(app: Flask, make: Make) -> Any:
    return app.test_client().sign_in(make.account("Editor", roles=[Role.EDITOR]))


@pytest.fixture
def draft(make: Make) -> Article:
    return make.article(
        "Secret plans", state=State.IN_REVIEW, publish_at=None, body_en="Nobody **knows**.", themes=["heat"]
    )


def test_a_reviewer_reads_and_comments_by_a_link(
    app: Flask, editor: Any, draft: Article, postbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers.Pace, "least_s", 0.0)
    readers = f"{DESK}/{draft.id}/readers"
    editor.submit(readers, name="Rie Reviewer", email="rie@example.org", language="en")
    link = postbox.link("rie@example.org")
    visitor = app.test_client()
    page = visitor.page(link)
    assert "Nobody knows." in page.text
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert not page.all("script")[-1].get("type")
    visitor.submit(link, status=422, body="")
    visitor.submit(link, name="Rie Reviewer", body="The <second> line is wrong.")
    assert "The <second> line is wrong." in visitor.page(link).text
    assert "Rie Reviewer (by link)" in editor.page(f"{DESK}/{draft.id}/talk").text
    assert "last opened" in editor.page(readers).text
    # One object and one purpose; nothing lists it, and what was revoked leads nowhere.
    assert visitor.get(link.replace("/review/", "/preview/")).status_code == 410
    assert visitor.get("/en/news/secret-plans").status_code == 404
    assert b"Secret" not in visitor.get("/en/news").data
    editor.submit(readers, f"{readers}/1/revoke")
    assert visitor.get(link).status_code == 410
    assert visitor.get(link[:-3] + "abc").status_code == 410


def test_a_preview_link_holds_seven_days_and_only_while_it_is_a_draft(app: Flask, make: Make, editor: Any) -> None:
    draft = make.article("Secret plans", state=State.IN_REVIEW, publish_at=None, body_en="Nobody knows.")
    readers = f"{DESK}/{draft.id}/readers"
    editor.submit(readers, f"{readers}/preview")
    shown = editor.page(readers).text
    link = shown[shown.index("/en/news/preview/") :].split()[0]
    visitor = app.test_client()
    assert "This is a draft" in visitor.page(link).text
    assert "What do you think" not in visitor.page(link).text
    with make.writing():
        db.session.scalars(select(DraftLink)).one().expires_at = clock.now()
    assert visitor.get(link).status_code == 410
    with make.writing():
        db.session.scalars(select(DraftLink)).one().expires_at = clock.now() + timedelta(days=1)
        db.session.get_one(Article, draft.id).state = State.REFUSED
    assert visitor.get(link).status_code == 410
    with make.writing():
        article = db.session.get_one(Article, draft.id)
        article.state = State.PUBLISHED
    assert visitor.get(link).location == "/en/news/secret-plans"
    with app.app_context():
        sweep_at = clock.now() + timedelta(days=40)
        with transaction():
            editorial.sweep(sweep_at)
        assert db.session.scalars(select(DraftLink)).all() == []


def test_versions_show_what_changed_and_can_be_brought_back(app: Flask, editor: Any, draft: Article) -> None:
    desk = f"{DESK}/{draft.id}"
    assert "has not been changed here yet" in editor.page(f"{desk}/versions").text
    editor.submit(f"{desk}/edit", body_en="Nobody **knew** then.")
    editor.submit(f"{desk}/edit", body_en="Everybody knew.", kind="analysis")
    editor.submit(f"{desk}/edit")  # nothing changed, no version
    page = editor.page(f"{desk}/versions")
    assert [e.text for e in page.all("h2")] or page.text.count("Version") >= 3
    assert "[gone] Nobody" in page.text
    assert "Version 4" not in page.text
    editor.submit(f"{desk}/versions/1", f"{desk}/versions/1/bring-back")
    with app.app_context():
        article = db.session.get_one(Article, draft.id)
        assert (article.body_en, article.kind.value) == ("Nobody **knows**.", "news")
    assert "Version 4" in editor.page(f"{desk}/versions").text
    for path in ("versions/9", "versions/999999999999", "talk/7/settle"):
        assert editor.get(f"{desk}/{path}").status_code in (404, 405)


def _number(app: Flask) -> int:
    return db.session.scalars(
        select(Generation.number).where(Generation.kind == "article").execution_options(populate_existing=True)
    ).one()


def test_the_worker_keeps_the_hours(app: Flask, make: Make) -> None:
    now = clock.now()
    coming = make.article("Coming", state=State.SCHEDULED, publish_at=now + timedelta(minutes=1))
    going = make.article("Going", publish_at=now - timedelta(days=1), expire_at=now + timedelta(minutes=1))
    make.article("Staying")
    with app.app_context():
        before = _number(app)
        with transaction():
            publishing.keep_hours(now)
        assert _number(app) == before
        with transaction():
            publishing.keep_hours(now + timedelta(minutes=1))
        states = dict(db.session.execute(select(Article.id, Article.state)).all())
        assert (states[coming.id], states[going.id]) == (State.PUBLISHED, State.ARCHIVED)
        assert _number(app) == before + 2
        trace = db.session.execute(select(AuditEntry.action, AuditEntry.subject_id).order_by(AuditEntry.id)).all()
        assert [tuple(one) for one in trace] == [
            ("article.came_out", str(coming.id)),
            ("article.expired", str(going.id)),
        ]
        with transaction():
            publishing.keep_hours(now + timedelta(minutes=2))
        assert _number(app) == before + 2
    with make.writing():
        db.session.get_one(Article, coming.id).state = State.SCHEDULED
        db.session.get_one(Article, coming.id).publish_at = now - timedelta(seconds=1)
    app.extensions["queue"].sweep()
    with app.app_context():
        assert db.session.get_one(Article, coming.id).state is State.PUBLISHED
        db.session.get_one(Article, going.id)
    # Readers go by the time itself.
    visitor = app.test_client()
    assert visitor.get("/en/news/coming").status_code == 200


def test_an_entry_of_a_feed_is_taken_once(app: Flask, make: Make) -> None:
    partner = make.partner("Energinet")
    now = clock.now()
    entry_id = make.entry(make.feed(partner_id=partner.id)).id
    brought = linking.Source(
        entry_id, "Nyt kabel", "Kort.", "da", "https://example.org/kabel", partner.id, now, themes=(Theme.ENERGY,)
    )
    with make.writing():
        notice = linking.take(brought, publish=True, actor=SYSTEM, now=now)
        again = linking.take(brought, publish=False, actor=SYSTEM, now=now)
        assert again is notice
        assert notice.publish_at == now
        assert drafts.last_revision(subject(notice)) is not None
    with app.app_context():
        assert [one.title_da for one in source.documents([notice.id])] == ["Nyt kabel"]
    page = app.test_client().page("/da/news/nyt-kabel")
    assert "https://example.org/kabel" in page.links
