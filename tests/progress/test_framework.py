"""The framework at the desk: a draft of the next version, compared, put in force; what was judged stays."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.labels import is_named
from portal.core.permissions import Role
from portal.municipalities.models import Municipality
from portal.progress.models import Assessment, Basis, Dimension, Framework, Reply, StageRule, State
from tests.files import Files, load
from tests.make import Make
from tests.progress.test_progress import small

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
DESK = "/en/staff/framework"
DRAFT = f"{DESK}/2026-2"
PUBLIC = "/en/municipalities/koebenhavn"


@pytest.fixture(autouse=True)
def clock_stands() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_staff_write_the_next_version_and_what_was_judged_stays(app: Flask, tmp_path: Any, make: Make) -> None:
    files = small(Files(tmp_path), "climate_alliance,yes,2024-02")
    load(app, files)
    judge(make, "data", 2)
    judge(make, "mobility", 3)
    curator = app.test_client().sign_in(make.account("Curator", roles=[Role.CURATOR]))
    curator.submit(DESK, f"{DESK}/begin")
    assert "2026-2" in curator.page(DESK).text
    assert "Nothing is changed yet." in curator.page(f"{DRAFT}/changes").text

    # Mobility means something else from now on; energy is asked in another way; one comes, one goes, one moves.
    curator.submit(f"{DRAFT}/mobility/edit", status=422, level_3_en="")
    curator.submit(f"{DRAFT}/mobility/edit", level_3_en="Traffic is measured, and the figures are open")
    references = "DK2020 / C40 Climate Action Planning Framework\nISO 37120/37122: energy"
    curator.submit(f"{DRAFT}/energy-climate/edit", asks_en="How far is the climate plan?", refers_to=references)
    texts = {f"level_{n}_{language}": f"{n} {language}" for n in range(5) for language in ("da", "en")}
    curator.submit(f"{DRAFT}/new", name_da="Sundhed", name_en="Health", asks_da="Hvad?", asks_en="What?", **texts)
    curator.submit(DRAFT, f"{DRAFT}/citizens/remove")
    curator.submit(DRAFT, f"{DRAFT}/health/move-up")
    page = curator.page(f"{DRAFT}/changes")
    for told in (
        "3 Follow up, in English",
        "this one begins anew. 1 assessment by people.",
        "Citizen services Taken out",
        "1 assessment by people holds on",
    ):
        assert told in page.text, told
    # Nobody else sees it, and nothing public has changed.
    visitor = app.test_client()
    assert visitor.get("/en/municipalities/method/2026-2").status_code == 404
    assert "Health" not in visitor.page("/en/municipalities/method").text
    editor = app.test_client().sign_in(make.account("Editor", roles=[Role.EDITOR]))
    assert "Health" in editor.page(DRAFT).text
    for closed in (f"{DRAFT}/changes", f"{DRAFT}/new", f"{DRAFT}/data/edit", f"{DESK}/2026-1/data/edit"):
        assert editor.get(closed).status_code == 404
    for closed in (f"{DESK}/2026-1/changes", f"{DESK}/2026-1/data/edit", f"{DESK}/2030-1"):
        assert curator.get(closed).status_code == 404

    before = everything(app)
    curator.submit(f"{DRAFT}/changes", f"{DRAFT}/force")
    now = everything(app)
    assert now[: len(before)] == before
    # By the new version: what means the same is said again, registers are judged at once, the rest is unknown.
    assert [(dimension, stage, basis) for dimension, stage, basis, _state, _version in now[len(before) :]] == [
        ("data", 2, Basis.STAFF),
        ("energy-climate", 1, Basis.REGISTER),
    ]
    page = visitor.page(PUBLIC)
    assert "Of 7 dimensions, 2 are known of Copenhagen." in page.text
    mobility = page.html.partition("Mobility")[2].partition("</details>")[0]
    assert "not reported" in mobility
    assert "Version 2026-1 of the framework." in mobility
    assert "Another version is in force today." in visitor.page("/en/municipalities/method/2026-1").text
    assert "How far is the climate plan?" in visitor.page("/en/municipalities/method").text
    assert visitor.page("/en/municipalities").response.status_code == 200

    # Loading again changes nothing: the rules of the old version judge no more, those of the new one say the same.
    load(app, files)
    assert everything(app) == now
    with app.app_context():
        actions = select(AuditEntry.action).where(AuditEntry.subject_kind.in_(("framework", "assessment")))
        assert [one for one in set(db.session.scalars(actions)) if not is_named(one)] == []
        assert len(set(db.session.scalars(select(StageRule.slug)))) == 14

    # The next one is numbered on, and can be thrown away.
    curator.submit(DESK, f"{DESK}/begin")
    curator.submit(f"{DESK}/2026-3", f"{DESK}/2026-3/drop")
    with app.app_context():
        assert list(db.session.scalars(select(Framework.version).order_by(Framework.id))) == ["2026-1", "2026-2"]


def judge(make: Make, slug: str, stage: int) -> None:
    """An assessment by the editors that the municipality has confirmed."""
    with make.writing():
        dimension = db.session.scalars(select(Dimension.id).where(Dimension.slug == slug)).one()
        place = db.session.scalars(select(Municipality.id)).one()
        db.session.add(
            Assessment(
                municipality_id=place,
                dimension_id=dimension,
                stage=stage,
                basis=Basis.STAFF,
                state=State.PUBLISHED,
                reply=Reply.CONFIRMED,
                assessed_on=date(2026, 11, 20),
                published_at=NOW,
            )
        )


def everything(app: Flask) -> list[tuple[str, int | None, str, str, str]]:
    """(dimension, stage, basis, state, version) of every assessment, in the order in which they were made."""
    columns = Dimension.slug, Assessment.stage, Assessment.basis, Assessment.state, Framework.version
    statement = (
        select(*columns)
        .select_from(Assessment)
        .join(Dimension, Assessment.dimension_id == Dimension.id)
        .join(Framework, Dimension.framework_id == Framework.id)
    )
    with app.app_context():
        return [tuple(row) for row in db.session.execute(statement.order_by(Assessment.id))]
