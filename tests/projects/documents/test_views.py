"""People add documents, send new versions, go back, delete and bring back."""

from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.projects.documents.models import Document
from portal.projects.models import Project, Visibility
from portal.search import indexer
from tests.make import Make
from tests.page import Page, filled_in, names_of
from tests.projects.reading import actions
from tests.uploads import PDF, chosen, office

LIST = "/en/projects/heat/documents"
NEW = f"{LIST}/new"


@pytest.mark.parametrize("who", ["team contributor", "team manager", "admin"])
def test_somebody_of_the_project_adds_a_document(app: Flask, browsers: Any, project: Project, who: str) -> None:
    browser = browsers(who)
    answer = browser.submit(
        NEW, title_en="Minutes", title_da="Referat", visibility="members", note="First", file=chosen(PDF, "m.pdf")
    )
    page = browser.page(answer.location)
    assert page.h1 == "Minutes"
    assert "Version 1: m.pdf" in page.text
    assert "First" in page.text
    assert "Minutes" in browser.page(LIST).text
    assert browser.get(f"{answer.location}/1").data == PDF
    assert actions(app) == ["document.added"]


def test_without_a_title_it_is_called_what_its_file_is_called(browsers: Any, project: Project) -> None:
    browser = browsers("team manager")
    answer = browser.submit(NEW, visibility="members", file=chosen(PDF, "Budget 2027.pdf"))
    assert browser.page(answer.location).h1 == "Budget 2027"


@pytest.mark.parametrize("who", ["member", "foreign admin", "team reader", "editor", "curator", "without a partner"])
def test_others_may_not_add_one(browsers: Any, project: Project, who: str) -> None:
    assert browsers(who).get(NEW).status_code == 404


def test_a_visitor_is_asked_to_sign_in(browsers: Any, project: Project) -> None:
    assert browsers("visitor").get(LIST).location == f"/en/account/sign-in?next={LIST}"


def test_a_file_that_is_refused_keeps_what_was_typed(app: Flask, browsers: Any, project: Project) -> None:
    answer = browsers("admin").submit(
        NEW, status=422, title_en="Typed", visibility="members", file=chosen(b"<html>", "plan.pdf")
    )
    assert 'value="Typed"' in answer.text
    assert "Web pages" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Document)).all() == []


def test_a_document_is_never_seen_by_more_than_its_project(browsers: Any, make: Make, people: SimpleNamespace) -> None:
    make.project("Quiet", visibility=Visibility.MEMBERS, team=people.team)
    browser = browsers("team manager")
    page = browser.page("/en/projects/quiet/documents/new")
    assert [one.get("value") for one in page.all("input") if one.get("name") == "visibility"] == ["members"]
    sent = {**filled_in(page.all("form")[-1]), "visibility": "public", "file": chosen(PDF, "plan.pdf")}
    assert browser.post("/en/projects/quiet/documents/new", data=sent).status_code == 422


def test_sent_twice_it_is_added_once(app: Flask, browsers: Any, project: Project) -> None:
    browser = browsers("admin")
    sent = {**filled_in(browser.page(NEW).all("form")[-1]), "visibility": "members"}
    places = {browser.post(NEW, data={**sent, "file": chosen(PDF, "plan.pdf")}).location for _ in range(2)}
    assert len(places) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Document)).all()) == 1


def test_a_new_version_comes_first_and_the_old_one_stays(app: Flask, browsers: Any, project: Project, put: Any) -> None:
    document = put(project, "Minutes")
    browser, address = browsers("team contributor"), f"{LIST}/{document.id}"
    browser.submit(f"{address}/new-version", note="Decided", file=chosen(office("docx"), "minutes.docx"))
    page = browser.page(address)
    assert page.text.index("Version 2: minutes.docx") < page.text.index("Version 1: Minutes.pdf")
    assert browser.get(f"{address}/1").data == PDF
    browser.submit(address, f"{address}/1/go-back")
    assert "Version 3: Minutes.pdf" in browser.page(address).text
    assert browser.get(f"{address}/3").data == PDF
    assert actions(app) == ["document.version_sent", "document.version_restored"]


def test_two_who_describe_it_anew_meet(browsers: Any, project: Project, put: Any) -> None:
    document = put(project, "Minutes")
    address = f"{LIST}/{document.id}/edit"
    late = browsers("admin")
    sent = filled_in(late.page(address).all("form")[-1])
    browsers("team manager").submit(address, title_en="Theirs", description_en="Only theirs")
    answer = late.post(address, data={**sent, "title_en": "Mine", "visibility": "partners"})
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text
    [chosen] = [filled_in(one) for one in Page(answer).all("form") if "choice-title_en" in names_of(one)]
    assert late.post(address, data={**chosen, "choice-title_en": "theirs"}).status_code == 303
    page = late.page(f"{LIST}/{document.id}").text
    assert ("Theirs" in page, "Only theirs" in page, "Signed-in partners" in page) == (True, True, True)


def test_a_title_is_needed_once_the_document_is_there(browsers: Any, project: Project, put: Any) -> None:
    document = put(project, "Minutes")
    answer = browsers("admin").submit(f"{LIST}/{document.id}/edit", status=422, title_en="")
    assert "Write a title in Danish or in English" in answer.text


def test_a_deleted_document_is_gone_and_can_be_brought_back_for_thirty_days(
    browsers: Any, project: Project, put: Any
) -> None:
    document = put(project, "Agreement", Visibility.PUBLIC)
    address = f"{LIST}/{document.id}"
    with time_machine.travel("2026-11-25 10:00", tick=False) as clock:
        manager = browsers("team manager")
        manager.submit(address, f"{address}/delete")
        assert browsers("visitor").get(f"{address}/1").status_code == 404
        assert "Agreement" not in browsers("visitor").page("/en/projects/heat").text
        manager.submit(LIST, f"{address}/restore")
        assert browsers("visitor").get(f"{address}/1").status_code == 200
        manager.submit(address, f"{address}/delete")
        clock.shift(31 * 24 * 3600)
        assert "Agreement" not in browsers("team manager").page(LIST).text


@pytest.mark.parametrize(
    ("who", "visibility", "may"),
    [
        ("admin", Visibility.MEMBERS, True),
        ("team contributor", Visibility.MEMBERS, False),
        ("member", Visibility.MEMBERS, False),
        ("curator", Visibility.MEMBERS, False),
        ("curator", Visibility.PUBLIC, True),
        ("editor", Visibility.PUBLIC, False),
    ],
)
def test_who_may_delete(
    app: Flask, browsers: Any, project: Project, put: Any, who: str, visibility: Visibility, may: bool
) -> None:
    document = put(project, "Minutes", visibility)
    browser = browsers(who)
    token = filled_in(browser.page("/en/my").all("form")[-1])
    browser.post(f"{LIST}/{document.id}/delete", data={"csrf_token": token["csrf_token"], "once": "key"})
    with app.app_context():
        assert (db.session.get(Document, document.id).deleted_at is not None) == may


def test_public_documents_stand_on_the_public_page_and_are_found(
    app: Flask, browsers: Any, project: Project, put: Any
) -> None:
    put(project, "Yearly report", Visibility.PUBLIC)
    put(project, "Secret minutes")
    page = browsers("visitor").page("/en/projects/heat")
    assert "Yearly report (PDF, 1 kB)" in page.text
    assert "Secret minutes" not in page.text
    assert "Secret minutes" in browsers("member").page("/en/projects/heat").text
    with app.app_context():
        indexer.sync()
    assert "Heat" in browsers("visitor").page("/en/search?q=yearly").text
    assert "Heat" not in browsers("visitor").page("/en/search?q=secret").text


def test_staff_read_the_list_but_find_nothing_to_change(browsers: Any, project: Project, put: Any) -> None:
    document = put(project, "Minutes")
    page = browsers("curator").page(f"{LIST}/{document.id}")
    assert "Upload a new version" not in page.text
    assert browsers("editor").get(LIST).status_code == 404
