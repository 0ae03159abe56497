"""The news desk: an article is written, reviewed, scheduled, published, corrected and withdrawn."""

from datetime import timedelta
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
