"""One step ahead: who has come further, by what, and a question to them that nobody's address is given away for."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, generations
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import VISITOR, Role
from portal.core.strangers import Pace
from portal.municipalities.models import Municipality
from portal.partners.models import Consent, ContactPoint, Partner
from portal.progress.ahead import queries
from portal.progress.asking import operations
from portal.progress.models import Assessment, Basis, Dimension, Evidence, EvidenceKind, State
from tests.make import THEN, Make
from tests.page import filled_in
from tests.postbox import mail_server

VEJLE = "/en/municipalities/vejle"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "least_s", 0.0)


def person_of(partner: str, name: str, consent: Consent = Consent.PUBLIC) -> ContactPoint:
    partner_id = db.session.scalars(select(Partner.id).where(Partner.slug == partner)).one()
    address = f"{name.partition(' ')[0].lower()}@example.org"
    return ContactPoint(partner_id=partner_id, name=name, email=address, consent=consent, consent_given_at=THEN)


def judged(place: str, dimension: str, stage: int | None, *, project: str = "") -> None:
    """An assessment by the editors, by which a municipality has come so far."""
    municipality = db.session.scalars(select(Municipality.id).where(Municipality.slug == place)).one()
    about = db.session.scalars(select(Dimension.id).where(Dimension.slug == dimension)).one()
    evidence = [Evidence(position=0, kind=EvidenceKind.PROJECT, value=project, sentence_en="Led it.")]
    db.session.add(
        Assessment(
            municipality_id=municipality,
            dimension_id=about,
            stage=stage,
            basis=Basis.STAFF,
            state=State.PUBLISHED,
            assessed_on=THEN.date(),
            published_at=THEN,
            evidence=evidence if project else [],
        )
    )


def steps_of(app: Flask, slug: str) -> dict[str, Any]:
    with app.test_request_context("/en/"):
        place = db.session.scalars(select(Municipality.id).where(Municipality.slug == slug)).one()
        return {step.dimension.slug: step for step in queries.steps(place, clock.today(), VISITOR)}


def named(step: Any) -> list[tuple[str, int]]:
    return [(one.place.slug, one.assessment.stage) for one in step.ahead]


def test_the_most_alike_who_have_come_further_with_what_took_them_there(reference: Flask) -> None:
    make = Make(reference)
    found = steps_of(reference, "vejle")
    assert (found["data"].stage, named(found["data"])) == (1, [("aeroe", 2)])
    assert named(found["energy-climate"]) == [("randers", 2), ("naestved", 2)]
    assert (found["mobility"].ahead, found["mobility"].known) == ([], 0)
    with make.writing():
        judged("kolding", "mobility", 1)
        judged("esbjerg", "mobility", 3)
        judged("randers", "mobility", 2, project="dk2020")
        judged("horsens", "mobility", None)
        judged("vejle", "mobility", 1)
        generations.bump("assessment")
    found = steps_of(reference, "vejle")
    # Kolding is nearest but no further; of Horsens it was judged that nobody knows.
    assert (named(found["mobility"]), found["mobility"].known) == ([("esbjerg", 3), ("randers", 2)], 3)
    assert [one.slug for one in found["mobility"].ahead[1].projects] == ["dk2020"]  # on another subject, but named
    page = reference.test_client().page(VEJLE)
    assert "Compare with the three nearest" in page.text
    assert "Nobody has agreed to be named here yet." in page.text
    assert "Of no municipality is it known yet how far it has come in Strategy and governance" in page.text
    further = reference.test_client().page("/en/municipalities/esbjerg")
    assert "Nobody is known to have come further in Mobility" in further.text


def test_a_question_reaches_them_and_only_its_number_stays(reference: Flask) -> None:
    make, visitor = Make(reference), reference.test_client()
    with make.writing():
        db.session.add(person_of("randers-kommune", "Rikke in Randers"))
        db.session.add(person_of("region-midtjylland", "Mette in the region", Consent.PARTNERS))
        generations.bump("partner")
    page = visitor.page(VEJLE)
    asks = [link for link in page.links if "/randers/ask/" in link]
    assert len(asks) == 2  # energy and climate, collaboration
    assert "rikke@example.org" not in page.html
    assert "Mette" not in page.text
    here = next(link for link in asks if "about=energy-climate" in link)
    said = visitor.submit(here, status=422, name="Advisor", email="nonsense", message="How?")
    assert "not an e-mail address" in said.text
    assert "How?" in said.text
    machine = {"name": "A", "email": "a@example.org", "message": "x", "homepage": "https://spam.example"}
    assert "a machine" in visitor.submit(here, status=422, **machine).text
    path, _, about = here.partition("?")
    nobody = f"{path.rpartition('/')[0]}/99?{about}"
    for wrong in (here.replace("energy-climate", "alchemy"), path, nobody, here.replace("/randers/", "/aeroe/")):
        assert visitor.get(wrong).status_code == 404, wrong

    with mail_server(reference) as postbox:
        form = next(one for one in visitor.page(here).all("form") if one.get("method") == "post")
        sent = {**filled_in(form), "name": "Advisor", "email": "advisor@example.org", "message": "How did you do it?"}
        for _ in range(2):
            assert visitor.post(here, data=sent).status_code == 303
        letter = postbox.fetch("rikke@example.org")[-1]
        assert len(postbox.fetch("rikke@example.org")) == 1
        assert letter["Reply-To"] == "advisor@example.org"
        assert "Energi og klima" in letter["Subject"]
        assert "How did you do it?" in letter.get_content()
        assert "Vejle" in letter.get_content()

        with reference.app_context():
            vejle = db.session.scalars(select(Partner).where(Partner.slug == "vejle-kommune")).one()
        member = reference.test_client().sign_in(make.account("Anna", editor_of=[vejle]))
        mine = next(link for link in member.page(VEJLE).links if "/randers/ask/" in link and "collaboration" in link)
        assert "The answer goes to anna@example.org." in member.page(mine).text
        assert "Write a message." in member.submit(mine, status=422, message="").text
        member.submit(mine, message="And with whom?")
        letter = postbox.fetch("rikke@example.org")[-1]
        assert letter["Reply-To"] == "anna@example.org"
        assert "Anna, Vejle" in letter["Subject"]
        # Næstved has nobody to ask, but those who lead its project have, for people of partners.
        assert any("/naestved/ask/" in link for link in member.page(VEJLE).links)
        assert "Mette" in member.page(VEJLE).text

    editor = reference.test_client().sign_in(make.account(roles=[Role.EDITOR]))
    page = editor.page("/en/staff/peer-questions")
    assert "2 questions in all, 2 of them in the last 30 days." in page.text
    assert "/en/municipalities/randers" in page.links
    for word in ("How did you do it?", "advisor@example.org", "Anna"):
        assert word not in page.text
    with reference.app_context():
        entries = select(AuditEntry).where(AuditEntry.action == "municipality.asked").order_by(AuditEntry.id)
        traced = [(one.account_id is None, one.changes["dimension"][1]) for one in db.session.scalars(entries)]
    assert traced == [(True, "energy-climate"), (False, "collaboration")]


def test_nobody_is_asked_without_end(reference: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Make(reference)
    monkeypatch.setattr(operations, "ASKING", operations.throttle.Limit("ask_peer", 1, operations.ASKING.window))
    with make.writing():
        db.session.add(person_of("naestved-kommune", "Niels in Næstved"))
        generations.bump("partner")
    person = reference.test_client().sign_in(make.account("Bo"))
    here = next(link for link in person.page(VEJLE).links if "/naestved/ask/" in link)
    person.submit(here, message="Once")
    person.submit(here, message="Twice", status=429)


@pytest.mark.sqlite_only
def test_the_staff_see_that_nobody_has_asked(app: Flask, make: Make) -> None:
    curator = app.test_client().sign_in(make.account(roles=[Role.CURATOR]))
    assert "Nobody has asked yet." in curator.page("/en/staff/peer-questions").text
    administrator = app.test_client().sign_in(make.account(roles=[Role.ADMINISTRATOR]))
    assert administrator.get("/en/staff/peer-questions").status_code == 404
    assert app.test_client().get("/en/staff/peer-questions").status_code == 303
