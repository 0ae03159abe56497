"""A municipality judges itself: its own people write, hand in, and the editors verify."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.core.errors import Invalid
from portal.core.permissions import Actor, Role
from portal.partners.models import Partner, PartnerType
from portal.progress.assessing import operations, queries
from portal.progress.models import Assessment, Basis, Evidence, State
from portal.projects.models import Visibility
from tests.files import Files, load
from tests.make import Make
from tests.progress.test_progress import small

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ROOM = "/en/my/stages/koebenhavn"
PUBLIC = "/en/municipalities/koebenhavn"


@pytest.fixture(autouse=True)
def clock_stands() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city(app: Flask, tmp_path: Any) -> Partner:
    load(app, small(Files(tmp_path), "climate_alliance,yes,2024-02"))
    with app.app_context():
        return db.session.scalars(select(Partner).where(Partner.type == PartnerType.MUNICIPALITY)).one()


def states(app: Flask) -> list[tuple[Basis, State]]:
    with app.app_context():
        return [(one.basis, one.state) for one in db.session.scalars(select(Assessment).order_by(Assessment.id))]


def test_a_municipality_says_itself_how_far_it_has_come(app: Flask, city: Partner, make: Make) -> None:
    project = make.project("Open meters", slug="open-meters", visibility=Visibility.PUBLIC)
    secret = make.project("Secret meters", visibility=Visibility.MEMBERS, partners=[city])
    member = app.test_client().sign_in(make.account("Member", editor_of=[city]))
    assert member.get("/en/my/stages").headers["Location"] == ROOM
    assert "How far your municipality has come" in member.page("/en/my").text
    member.submit(f"{ROOM}/data/new", status=422, stage="3", assessed_on="2027-01-01")
    member.submit(f"{ROOM}/data/new", stage="3", remark_da="Vi følger brugen.")
    draft = member.get(f"{ROOM}/data/new").headers["Location"]
    assert "Hand in and publish" not in member.page(draft).text
    insider = Actor(partner_ids=frozenset({city.id}))
    with app.app_context(), transaction(), pytest.raises(Invalid):
        operations.hand_in(queries.by_id(int(draft.rpartition("/")[2]), insider), actor=insider, now=NOW)
    evidence = f"{draft}/evidence"
    member.submit(evidence, status=422, kind="url", sentence_da="En side")
    member.submit(evidence, status=422, kind="project")
    answer = member.submit(evidence, status=422, **{"kind": "project", "project-find": secret.title_en})
    assert "Only a project that everybody may see" in answer.get_data(as_text=True)
    member.submit(evidence, **{"kind": "project", "project-find": project.title_en, "period": "2026-02-01"})
    member.submit(evidence, kind="document", sentence_da="Byrådets beslutning")
    with app.app_context():
        document = db.session.scalars(select(Evidence.id).where(Evidence.kind == "document")).one()
    member.submit(draft, f"{draft}/evidence/{document}/remove")
    member.submit(f"{draft}/edit", stage="2", remark_da="Vi følger brugen.", remark_en="We follow its use.")

    # Until it is handed in it is theirs alone: neither readers nor the editors nor another partner see it.
    curator = app.test_client().sign_in(make.account("Curator", roles=[Role.CURATOR]))
    others = app.test_client().sign_in(make.account("Other", admin_of=[make.partner()]))
    number = draft.rpartition("/")[2]
    assert curator.get(f"/en/staff/assessments/cells/{number}").status_code == 404
    assert "Draft" not in curator.page("/en/staff/assessments/koebenhavn").text
    for closed in (draft, f"{draft}/edit", ROOM):
        assert others.get(closed).status_code == 404
    assert "You act for no municipality." in others.page("/en/my/stages").text
    assert "We follow its use." not in app.test_client().page(PUBLIC).text

    member.submit(draft, f"{draft}/hand-in")
    page = app.test_client().page(PUBLIC)
    for told in ("We follow its use.", "The municipality’s own assessment", "Open meters"):
        assert told in page.text
    assert "/en/projects/open-meters" in page.links
    assert member.get(f"{draft}/edit").status_code == 404

    # The editors look at it, and say that it is so: the next of the series, the first one stays.
    assert "1 cell" in curator.page("/en/staff/assessments?what=own").text
    shown = f"/en/staff/assessments/cells/{number}"
    curator.submit(shown, f"{shown}/verify")
    assert states(app)[-2:] == [(Basis.SELF, State.SUPERSEDED), (Basis.VERIFIED, State.PUBLISHED)]
    assert "Assessed and verified" in app.test_client().page(PUBLIC).text

    # Thrown away, a draft is gone; a second one can be begun.
    member.submit(f"{ROOM}/mobility/new", stage="unknown")
    second = member.get(f"{ROOM}/mobility/new").headers["Location"]
    member.submit(second, f"{second}/drop")
    assert member.page(f"{ROOM}/mobility/new").response.status_code == 200
