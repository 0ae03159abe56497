"""Results and barriers: what came of a project and what stands in its way."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import uploads
from portal.core.db import db
from portal.core.permissions import Role as Platform
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.models import (
    Barrier,
    BarrierNote,
    Deliverable,
    Project,
    ProjectBarrier,
    Result,
    Role,
    Visibility,
)
from tests.make import THEN, Make
from tests.page import filled_in
from tests.projects.reading import actions, indexed
from tests.uploads import PDF

PROJECT = "/en/projects/warm-homes"
RESULTS = f"{PROJECT}/results"
BARRIERS = f"{PROJECT}/barriers"


@pytest.fixture
def editor(client: Any, make: Make) -> Any:
    """A browser of an admin of the partner that coordinates the project “Warm homes”."""
    lead = make.partner("DTU")
    make.project(
        "Warm homes",
        partners=[(lead, Role.COORDINATOR)],
        barriers=[Barrier.LEGISLATION],
        deliverables=[Deliverable(title_en="Handbook")],
    )
    return client.sign_in(make.account(admin_of=[lead]))


def test_a_result_stands_with_its_figures_and_its_evidence(app: Flask, editor: Any) -> None:
    editor.submit(
        f"{RESULTS}/new",
        claim_en="Less heat is lost",
        indicator_en="Heat lost",
        baseline="20",
        value="-12.5",
        unit="%",
        evidence_url="10.1000/182",
        deliverable_id="1",
    )
    page = app.test_client().page(PROJECT)
    for words in ("Less heat is lost", "Heat lost", "20", "12.5 %", "Handbook"):
        assert words in page.text, words
    assert "https://doi.org/10.1000/182" in page.links
    assert "Less heat is lost" in indexed(app)
    editor.submit(f"{RESULTS}/1/edit", claim_en="Much less heat is lost")
    editor.submit(f"{RESULTS}/1/delete")
    assert "heat is lost" not in app.test_client().page(PROJECT).text
    assert actions(app) == ["result.added", "result.revised", "result.removed"]


def test_a_document_is_evidence_for_those_who_may_read_it(app: Flask, editor: Any, make: Make) -> None:
    project = make.project("Other")
    with make.writing():
        home = db.session.scalars(select(Project.id).where(Project.slug == "warm-homes")).one()
        upload = uploads.put(PDF, "report.pdf")
        uploads.enter(upload, now=THEN)
        for number, (project_id, seen) in enumerate(
            ((home, Visibility.PUBLIC), (home, Visibility.MEMBERS), (project.id, Visibility.PUBLIC)), 1
        ):
            version = DocumentVersion(number=1, digest=upload.digest, name=upload.name, uploaded_at=THEN)
            title = f"Report {number}"
            document = Document(project_id=project_id, title_en=title, visibility=seen, created_at=THEN)
            document.versions = [version]
            db.session.add(document)
            db.session.flush()
    for number in (1, 2):
        editor.submit(f"{RESULTS}/new", claim_en=f"Claim {number}", document_id=str(number))
    editor.submit(f"{RESULTS}/new", status=422, claim_en="Claim 3", document_id="3")
    visitor, mine = app.test_client().page(PROJECT), editor.page(PROJECT)
    shown, hidden = f"{PROJECT}/documents/1/1", f"{PROJECT}/documents/2/1"
    assert visitor.links.count(shown) == 2  # among the documents, and beside the result
    assert hidden not in visitor.links
    assert mine.links.count(hidden) == 2
    assert f"{PROJECT}/documents/2" in editor.page(RESULTS).links
    with make.writing():
        db.session.delete(db.session.get(Document, 1))
    assert "Claim 1" in app.test_client().page(PROJECT).text


def test_zero_is_a_figure_and_nothing_is_not(editor: Any) -> None:
    editor.submit(f"{RESULTS}/new", claim_en="No accidents", value="0", unit="accidents")
    text = editor.page(RESULTS).text
    assert "before not reported, after 0 accidents" in text


def test_results_change_places(app: Flask, editor: Any) -> None:
    for claim in ("One", "Two"):
        editor.submit(f"{RESULTS}/new", claim_en=claim)
    editor.submit(RESULTS, f"{RESULTS}/2/move-up")
    with app.app_context():
        assert db.session.scalars(select(Result.claim_en).order_by(Result.position)).all() == ["Two", "One"]


def test_inner_results_are_nowhere_for_a_visitor(app: Flask, editor: Any) -> None:
    editor.submit(f"{RESULTS}/new", claim_en="Innerclaim", visibility="members")
    assert "Innerclaim" not in app.test_client().page(PROJECT).html
    assert "Innerclaim" not in indexed(app)
    assert "Innerclaim" in editor.page(PROJECT).text


def test_evidence_that_a_reader_may_not_see_is_not_named(app: Flask, editor: Any, make: Make) -> None:
    editor.submit(f"{PROJECT}/plan/deliverables/1/edit", visibility="members")
    editor.submit(f"{RESULTS}/new", claim_en="Less heat is lost", deliverable_id="1")
    assert "Handbook" not in app.test_client().page(PROJECT).html
    assert "Handbook" in editor.page(PROJECT).text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"claim_en": ""}, "Write it in Danish or in English"),
        ({"value": "much"}, "Write a number"),
        ({"value": "1.23456"}, "at most 4 decimals"),
        ({"evidence_url": "javascript:alert(1)"}, "Write a web address"),
        ({"deliverable_id": "9"}, "Choose one from the list"),
    ],
)
def test_a_wrong_result_is_told_at_its_field(app: Flask, editor: Any, fields: dict[str, str], reason: str) -> None:
    answer = editor.submit(f"{RESULTS}/new", status=422, **{"claim_en": "Kept", "unit": "kept", **fields})
    assert reason in answer.text
    assert 'value="kept"' in answer.text
    assert actions(app) == []


def test_a_result_sent_twice_is_added_once(app: Flask, editor: Any) -> None:
    sent = {**filled_in(editor.page(f"{RESULTS}/new").all("form")[-1]), "claim_en": "Once"}
    assert {editor.post(f"{RESULTS}/new", data=sent).location for _ in range(2)} == {f"{RESULTS}#result-1"}
    assert editor.get(f"{RESULTS}/7/edit").status_code == 404


def test_a_chosen_barrier_is_described_and_stands_on_the_public_page(app: Flask, editor: Any) -> None:
    editor.submit(f"{BARRIERS}/legislation/edit", note_en="The law forbids sharing heat.", severity="high")
    text = app.test_client().page(PROJECT).text
    assert "The law forbids sharing heat." in text
    assert "Stops us" in text
    editor.submit(f"{BARRIERS}/legislation/edit", state="removed")
    assert "Removed" in app.test_client().page(PROJECT).text
    assert actions(app) == ["barrier.added", "barrier.revised"]
    with app.app_context():
        assert len(db.session.scalars(select(BarrierNote)).all()) == 1


def test_a_barrier_that_is_not_chosen_is_not_found_and_its_note_waits(app: Flask, editor: Any, make: Make) -> None:
    assert editor.get(f"{BARRIERS}/citizens/edit").status_code == 404
    assert editor.get(f"{BARRIERS}/nonsense/edit").status_code == 404
    editor.submit(f"{BARRIERS}/legislation/edit", note_en="The law forbids it.")
    with make.writing():
        db.session.delete(db.session.scalars(select(ProjectBarrier)).one())
    assert "The law forbids it." not in app.test_client().page(PROJECT).text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"note_en": ""}, "Write it in Danish or in English"),
        ({"note_en": "x" * 301}, "at most 300 characters"),
        ({"severity": "huge"}, "Choose one from the list"),
        ({"state": ""}, "Choose one from the list"),
    ],
)
def test_a_wrong_description_is_told(app: Flask, editor: Any, fields: dict[str, str], reason: str) -> None:
    answer = editor.submit(f"{BARRIERS}/legislation/edit", status=422, **{"note_en": "Kept", **fields})
    assert reason in answer.text
    assert actions(app) == []


@pytest.mark.parametrize("who", ["visitor", "foreign admin", "member", "platform editor"])
def test_who_may_not_write_results_and_barriers(app: Flask, make: Make, who: str) -> None:
    lead, foreign = make.partner("DTU"), make.partner("Elsewhere")
    people = {
        "visitor": None,
        "foreign admin": make.account(admin_of=[foreign]),
        "member": make.account(editor_of=[lead]),
        "platform editor": make.account(roles=[Platform.EDITOR]),
    }
    make.project(
        "Warm homes",
        partners=[(lead, Role.COORDINATOR)],
        barriers=[Barrier.LEGISLATION],
        results=[Result(claim_en="Theirs")],
    )
    browser = app.test_client()
    if people[who] is not None:
        browser.sign_in(people[who])
    token = filled_in(browser.page("/en/about").all("form")[-1]).get("csrf_token") if people[who] else ""
    for method, address in (
        ("GET", RESULTS),
        ("GET", BARRIERS),
        ("POST", f"{RESULTS}/new"),
        ("POST", f"{RESULTS}/1/edit"),
        ("POST", f"{RESULTS}/1/delete"),
        ("POST", f"{RESULTS}/1/move-up"),
        ("POST", f"{BARRIERS}/legislation/edit"),
    ):
        data = {"csrf_token": token, "claim_en": "Mine", "note_en": "Mine"}
        answer = browser.open(address, method=method, data=data)
        assert answer.status_code == (303 if who == "visitor" else 404), (method, address)
    assert actions(app) == []
