"""The right of reply: staff send a municipality its cells, it confirms or disputes them by a mailed link."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import mail
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.labels import is_named
from portal.core.mail import Mail
from portal.core.permissions import Role
from portal.municipalities.models import Municipality
from portal.municipalities.search import source
from portal.partners.models import ContactPoint, Partner, PartnerType
from portal.progress.models import Assessment, Dimension, ReplyRequest, State
from portal.progress.reply import operations
from tests.files import Files, load
from tests.make import Make
from tests.page import filled_in
from tests.postbox import text_of
from tests.progress.test_progress import small

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ROOM = "/en/staff/assessments/koebenhavn"
PUBLIC = "/en/municipalities/koebenhavn"
ADDRESS = "climate@kk.example.org"


@pytest.fixture(autouse=True)
def clock_stands() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(app: Flask, tmp_path: Any, make: Make) -> int:
    """Copenhagen as registers tell of it: a climate plan and membership of a partnership."""
    load(app, small(Files(tmp_path), "climate_alliance,yes,2024-02", "networks,Loop City,2025-01"))
    with make.writing():
        partner = db.session.scalars(select(Partner).where(Partner.type == PartnerType.MUNICIPALITY)).one()
        db.session.add(ContactPoint(partner_id=partner.id, email=ADDRESS, name="", function_en="Climate"))
        return db.session.scalars(select(Municipality.id)).one()


@pytest.fixture
def curator(app: Flask, make: Make) -> Any:
    return app.test_client().sign_in(make.account("Curator", roles=[Role.CURATOR]))


def cell(app: Flask, dimension: str) -> Assessment:
    """The last assessment of a dimension."""
    with app.app_context():
        mine = select(Assessment).join(Assessment.dimension).where(Dimension.slug == dimension)
        return db.session.scalars(mine.order_by(Assessment.id.desc())).first()


def judge(curator: Any, app: Flask, dimension: str, stage: str, **given: str) -> str:
    """A draft with evidence; returns its address."""
    curator.submit(f"{ROOM}/{dimension}/new", stage=stage, **given)
    draft = f"/en/staff/assessments/cells/{cell(app, dimension).id}"
    curator.submit(f"{draft}/evidence", kind="url", sentence_en="The council’s plan", url="https://kk.example.org/plan")
    return draft


def test_a_municipality_confirms_and_disputes_its_cells_by_a_mailed_link(
    app: Flask, place: int, curator: Any, make: Make, postbox: Any, clock_stands: Any
) -> None:
    draft = judge(curator, app, "data", "2", remark_en="Open data since 2014.")
    assert "Send to the municipality" in curator.page(draft).text
    page = curator.page(f"{ROOM}/send")
    assert ADDRESS in page.html
    curator.submit(f"{ROOM}/send", status=422, email="nowhere", cells=[])
    curator.submit(f"{ROOM}/send", email=ADDRESS, language="en", message="With thanks from the centre.")
    assert cell(app, "data").state is State.SENT
    letter = postbox.fetch(ADDRESS)[-1]
    assert "With thanks from the centre." in text_of(letter)
    assert "in 3 dimensions" in text_of(letter)
    link = postbox.link(ADDRESS)

    visitor = app.test_client()
    page = visitor.page(link)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Open data since 2014." in page.text
    assert "It stands on your public page today." in page.text
    assert visitor.page(link.replace("/en/", "/da/")).response.status_code == 200
    assert "Open data since 2014." not in visitor.page(PUBLIC).text

    data, climate, partnership = (cell(app, one).id for one in ("data", "energy-climate", "collaboration"))
    kept = visitor.submit(
        link, status=422, **{f"answer_{climate}": "no", f"urls_{climate}": "not an address", "name": "A. Adviser"}
    )
    assert "not an address" in kept.get_data(as_text=True)
    said = {f"answer_{climate}": "no", f"reason_{climate}": "Planen er <vedtaget> og i gang.", f"stage_{climate}": "3"}
    sources = {f"urls_{climate}": "https://kk.example.org/klima\nhttps://kk.example.org/status"}
    visitor.submit(
        link.replace("/en/", "/da/"), **{f"answer_{data}": "yes"}, **said, **sources, name="A. Adviser, Climate"
    )

    # What was confirmed holds; what was disputed stands with the municipality's own words beside it.
    assert (cell(app, "data").state, cell(app, "data").reply) == (State.PUBLISHED, "confirmed")
    assert cell(app, "energy-climate").state is State.PUBLISHED
    page = visitor.page(PUBLIC)
    for told in ("Open data since 2014.", "Planen er <vedtaget> og i gang.", "at stage 3, Follow up", "Version 2026-1"):
        assert told in page.text
    assert 'lang="da"' in page.html.partition('class="dispute__said"')[2][:40]
    assert "A. Adviser" not in page.text
    assert "A. Adviser, Climate" in curator.page(ROOM).text
    with app.app_context():
        document = next(iter(source.documents([place])))
    assert "Open data since 2014." in document.body_en

    rows = visitor.get("/en/municipalities/stages.csv").get_data(as_text=True)
    assert "Disputed by the municipality,Planen er <vedtaget> og i gang." in rows

    # Answered cells are shown and asked no more; the third still waits, and closes what was sent.
    page = visitor.page(link)
    assert f"answer_{data}" not in page.html
    visitor.submit(link, **{f"answer_{partnership}": "yes"}, name="A. Adviser")
    assert "You have answered. Thank you." in visitor.page(link).text
    assert visitor.get(link[:-3] + "xxx").status_code == 410

    # Whoever acts for the municipality finds what was sent in their workspace as well.
    with make.writing():
        city = db.session.scalars(select(Partner).where(Partner.type == PartnerType.MUNICIPALITY)).one()
    clock_stands.shift(60)
    curator.submit(f"{ROOM}/send", cells=[str(data)], email=ADDRESS, language="en")
    member = app.test_client().sign_in(make.account("Member", editor_of=[city]))
    mine = member.page("/en/my")
    assert "Stages to confirm or dispute" in mine.text
    assert "about to say" in member.page(next(one for one in mine.links if "/reply/" in one)).text

    # The dispute waits at the desk until it is answered, in public.
    assert "Stages that municipalities dispute" in curator.page("/en/staff").text
    queue = curator.page("/en/staff/assessments?what=disputed")
    assert "1 cell" in queue.text
    answer = f"/en/staff/assessments/cells/{climate}/answer"
    curator.submit(answer, status=422, note_da="", note_en="")
    curator.submit(answer, note_en="The plan’s follow-up has not been published yet.")
    assert "The plan’s follow-up has not been published yet." in visitor.page(PUBLIC).text
    assert "No cell matches" in curator.page("/en/staff/assessments?what=disputed").text
    with app.app_context():
        actions = set(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "assessment")))
    assert {"assessment.sent", "assessment.confirmed", "assessment.disputed", "assessment.dispute_answered"} <= actions
    assert [one for one in actions if not is_named(one)] == []


def test_what_was_disputed_before_it_held_is_kept_with_a_note_or_judged_anew(
    app: Flask, place: int, curator: Any, postbox: Any
) -> None:
    judge(curator, app, "data", "1")
    disputed = cell(app, "data").id
    curator.submit(f"{ROOM}/send", cells=[str(disputed)], email=ADDRESS, language="da")
    visitor = app.test_client()
    link = postbox.link(ADDRESS)
    said = {f"answer_{disputed}": "no", f"reason_{disputed}": "Data er åbne."}
    form = next(one for one in visitor.page(link).all("form") if one.get("method") == "post")
    sent = {**filled_in(form), **said, "name": "En rådgiver"}
    for _twice in range(2):
        assert visitor.post(link, data=sent).status_code == 303
    assert cell(app, "data").state is State.DISPUTED
    assert "Data er åbne." not in visitor.page(PUBLIC).text

    # The municipality was right: the next one says so, and the series shows both.
    judge(curator, app, "data", "2")
    curator.submit(f"{ROOM}/send", cells=[str(cell(app, "data").id)], email=ADDRESS, language="da")
    visitor.submit(postbox.link(ADDRESS), **{f"answer_{cell(app, 'data').id}": "yes"}, name="En rådgiver")
    with app.app_context():
        states = [one.state for one in db.session.scalars(select(Assessment).order_by(Assessment.id))][-2:]
    assert states == [State.SUPERSEDED, State.PUBLISHED]
    page = visitor.page(PUBLIC)
    assert "Data er åbne." in page.text
    assert page.html.index("Some data sets are open") < page.html.index("Data er åbne.")
    # The first link was closed with its only cell.
    assert visitor.page(link).text.count("Data er åbne.") == 1


def test_without_a_reply_it_says_so_after_a_reminder(
    app: Flask, place: int, curator: Any, make: Make, postbox: Any, clock_stands: Any
) -> None:
    judge(curator, app, "data", "2")
    # A mail that comes back has asked nobody: it waits at the desk, and is sent anew.
    curator.submit(f"{ROOM}/send", email="Nobody@kk.example.org", language="en")
    with app.app_context(), transaction():
        returned = db.session.scalars(select(Mail).where(Mail.address == "Nobody@kk.example.org")).one()
        assert mail.take_back(returned.message_id, "550 no such mailbox", now=NOW)
    assert "The mail to the municipality came back" in curator.page(ROOM).text
    assert "3 cells" in curator.page("/en/staff/assessments?what=returned").text
    curator.submit(f"{ROOM}/send", email=ADDRESS, language="en")
    assert "No cell matches" in curator.page("/en/staff/assessments?what=returned").text
    link = postbox.link(ADDRESS)
    clock_stands.move_to(NOW + operations.ANSWER_WITHIN - operations.REMIND_BEFORE)
    for _twice in range(2):
        worker_sweeps(app)
    reminders = [one for one in postbox.fetch(ADDRESS) if one["Subject"].startswith("Reminder")]
    assert len(reminders) == 1
    assert postbox.link(ADDRESS) == link
    clock_stands.move_to(NOW + operations.ANSWER_WITHIN + timedelta(days=1))
    worker_sweeps(app)
    assert cell(app, "data").state is State.NO_REPLY
    visitor = app.test_client()
    assert "The time to answer ended" in visitor.page(link).text
    assert "No reply from the municipality" in visitor.page(PUBLIC).text
    curator = app.test_client().sign_in(make.account("Colleague", roles=[Role.CURATOR]))
    assert "1 cell" in curator.page("/en/staff/assessments?what=no_reply").text
    waiting = f"/en/staff/assessments/cells/{cell(app, 'data').id}"
    curator.submit(waiting, f"{waiting}/publish")
    assert (cell(app, "data").state, cell(app, "data").reply) == (State.PUBLISHED, "none")

    clock_stands.move_to(NOW + timedelta(days=500))
    with app.app_context():
        with transaction():
            operations.sweep(NOW + timedelta(days=500))
        assert {(one.email, one.replied_by) for one in db.session.scalars(select(ReplyRequest))} == {("", "")}


def worker_sweeps(app: Flask) -> None:
    app.extensions["queue"].sweep()


def test_who_may_not(app: Flask, place: int, curator: Any, make: Make) -> None:
    draft = judge(curator, app, "data", "2")
    editor = app.test_client().sign_in(make.account("Editor", roles=[Role.EDITOR]))
    for page in (ROOM, "/en/staff/assessments", draft):
        assert editor.page(page).response.status_code == 200
    for page in (f"{ROOM}/send", f"{ROOM}/data/new", f"{draft}/edit"):
        assert editor.get(page).status_code == 404
    member = app.test_client().sign_in(make.account("Member", editor_of=[make.partner()]))
    for page in (ROOM, draft, "/en/my/stages/koebenhavn"):
        assert member.get(page).status_code == 404
    for page in ("/en/staff/assessments/nowhere", "/en/staff/assessments/cells/999999", f"{ROOM}/nothing/new"):
        assert curator.get(page).status_code == 404
