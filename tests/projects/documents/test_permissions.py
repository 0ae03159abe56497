"""Who may have a document: the question, its SQL and the download agree, for every role and visibility."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import sessions
from portal.accounts.models import AccountSession
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.permissions import VISITOR, Actor, allows
from portal.projects.documents.models import Document
from portal.projects.documents.permissions import documents_seen_by, kept_by, opened_by
from portal.projects.models import Project, Visibility
from tests.make import THEN, Make

WHO = (
    "visitor",
    "member",
    "admin",
    "foreign admin",
    "without a partner",
    "team manager",
    "team contributor",
    "team reader",
    "editor",
    "curator",
    "administrator",
)
INSIDE = {"member", "admin", "team manager", "team contributor", "team reader"}
READS = {
    Visibility.MEMBERS: INSIDE | {"curator"},
    Visibility.PARTNERS: INSIDE | {"curator", "foreign admin"},
    Visibility.PUBLIC: set(WHO),
}


def actor_of(app: Flask, people: SimpleNamespace, who: str) -> Actor:
    if who == "visitor":
        return VISITOR
    with app.app_context(), transaction():
        token = sessions.begin(people.accounts[who], now=clock.now(), with_second_factor=True)
        row = sessions.current(token, now=clock.now())
        assert isinstance(row, AccountSession)
        return sessions.actor_of(row)


def test_question_and_sql_agree(app: Flask, make: Make, people: SimpleNamespace, put: Any) -> None:
    for whole in Visibility:
        project = make.project(visibility=whole, partners=[people.mine], team=people.team)
        for part in Visibility:
            put(project, f"{whole} {part}", part)
        put(project, f"{whole} deleted", Visibility.PUBLIC, deleted_at=THEN)
        put(make.project(visibility=whole), f"{whole} of others", Visibility.PARTNERS)
    actors = {who: actor_of(app, people, who) for who in WHO}
    with app.app_context():
        whole_project = selectinload(Project.participations), selectinload(Project.team)
        documents = db.session.scalars(select(Document).options(joinedload(Document.project).options(*whole_project)))
        known = documents.unique().all()
        for who, actor in actors.items():
            asked = {one.id for one in known if allows(actor, "document.see", one)}
            found = select(Document.id).join(Document.project).where(documents_seen_by(actor))
            assert asked == set(db.session.scalars(found)), who
            projects = {one.project for one in known}
            for action, twin in (("documents.open", opened_by), ("documents.keep", kept_by)):
                asked = {one.id for one in projects if allows(actor, action, one)}
                assert asked == set(db.session.scalars(select(Project.id).where(twin(actor)))), (who, action)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_who_may_fetch_a_document(browsers: Any, project: Project, put: Any, visibility: Visibility) -> None:
    document = put(project, "Minutes", visibility)
    address = f"/en/projects/heat/documents/{document.id}/1"
    for who in WHO:
        expected = 200 if who in READS[visibility] else 404
        browser = browsers(who)
        assert browser.get(address).status_code == expected, who
        assert browser.head(address).status_code == expected, who
        part = browser.get(address, headers={"Range": "bytes=0-3"})
        assert part.status_code == {404: 404, 200: 206}[expected], who


def test_a_refused_file_looks_like_a_missing_one(browsers: Any, project: Project, put: Any) -> None:
    document = put(project, "Minutes")
    refused = browsers("visitor").get(f"/en/projects/heat/documents/{document.id}/1")
    missing = browsers("visitor").get("/en/projects/heat/documents/999/1")
    assert refused.status_code == missing.status_code == 404
    assert refused.text.replace(f"/{document.id}/1", "/999/1") == missing.text
    assert [name for name, _ in refused.headers] == [name for name, _ in missing.headers]


def test_guessed_numbers_lead_nowhere(browsers: Any, make: Make, project: Project, put: Any) -> None:
    document = put(project, "Minutes", Visibility.PUBLIC)
    make.project("Other")
    for guess in (f"heat/documents/{document.id}/2", f"other/documents/{document.id}/1", "heat/documents/0/1"):
        assert browsers("visitor").get(f"/en/projects/{guess}").status_code == 404


def test_staff_who_read_what_is_not_public_leave_a_trace(app: Flask, browsers: Any, project: Project, put: Any) -> None:
    document = put(project, "Minutes")
    address = f"/en/projects/heat/documents/{document.id}/1"
    browsers("member").get(address)
    browsers("curator").get(address)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject_id) == ("document.read", str(project.id))
        assert entry.changes["document"] == ["", "Minutes"]


def test_no_cache_keeps_what_is_not_public(browsers: Any, project: Project, put: Any) -> None:
    private, public = put(project, "Minutes"), put(project, "Report", Visibility.PUBLIC)
    address = "/en/projects/heat/documents/{}/1".format
    assert browsers("member").get(address(private.id)).headers["Cache-Control"] == "private, no-store"
    assert browsers("member").get(address(public.id)).headers["Cache-Control"] == "private, no-store"
    assert browsers("visitor").get(address(public.id)).headers["Cache-Control"].startswith("public")
