"""Texts and facts of a project: who changes them, what is refused, and two who change them at once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role
from portal.projects.models import Barrier, Milestone, Project, Result, TeamRole
from portal.projects.models import Role as Part
from tests.make import THEN, Make
from tests.page import Page, filled_in


@pytest.fixture
def desk(client: Any, make: Make) -> str:
    """A project that the client's account manages; its address."""
    manager = make.account("Manager")
    client.sign_in(manager)
    make.project("Warm water", team={TeamRole.MANAGER: manager}, summary_en="As it was.")
    return "/en/projects/warm-water"


def now(app: Flask) -> Project:
    with app.app_context():
        loads = (selectinload(Project.themes), selectinload(Project.barriers), selectinload(Project.municipalities))
        return db.session.scalars(select(Project).options(*loads)).one()


def test_texts_are_written_in_both_languages(app: Flask, client: Any, desk: str) -> None:
    client.submit(f"{desk}/edit", title_da="Varmt vand", summary_da="To sætninger.")
    project = now(app)
    assert (project.title_da, project.title_en, project.summary_da) == ("Varmt vand", "Warm water", "To sætninger.")
    assert project.slug == "warm-water"
    assert project.sort_key == "varmt0vand"
    assert "To sætninger." in client.page("/da/projects/warm-water").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "project.texts_revised"
    assert entry.changes == {"title_da": ["", "Varmt vand"], "summary_da": ["", "To sætninger."]}


def test_what_changed_is_found_again(app: Flask, client: Any, desk: str) -> None:
    before = now(app).version
    client.submit(f"{desk}/edit", title_en="Cold water")
    assert now(app).version == before + 1


def test_a_project_keeps_a_title(app: Flask, client: Any, desk: str) -> None:
    answer = client.submit(f"{desk}/edit", status=422, title_en=" ", summary_en="Typed with care.")
    assert "the other language can follow" in answer.text
    assert "Typed with care." in answer.text
    assert now(app).title_en == "Warm water"


def test_a_text_in_one_language_only_is_pointed_out(client: Any, desk: str) -> None:
    assert "Missing: readers of this language get the other one." in client.page(f"{desk}/edit").text


@pytest.mark.parametrize("section", ["edit", "facts", "places", "lessons"])
def test_only_those_who_work_in_it_edit(app: Flask, make: Make, section: str) -> None:
    works, pays, foreign = make.partners(3)
    team = {role: make.account() for role in TeamRole}
    make.project("Ours", partners=[(works, Part.PARTNER), (pays, Part.FUNDER)], team=team)
    expected = {
        200: [
            team[TeamRole.MANAGER],
            team[TeamRole.CONTRIBUTOR],
            make.account(admin_of=[works]),
            make.account(roles=[Role.CURATOR]),
        ],
        404: [
            team[TeamRole.READER],
            make.account(editor_of=[works]),
            make.account(admin_of=[pays]),
            make.account(admin_of=[foreign]),
            make.account(roles=[Role.EDITOR]),
            make.account(roles=[Role.ADMINISTRATOR]),
        ],
    }
    for status, accounts in expected.items():
        for account in accounts:
            answer = app.test_client().sign_in(account).get(f"/en/projects/ours/{section}")
            assert answer.status_code == status, account.name
    assert app.test_client().get(f"/en/projects/ours/{section}").status_code == 303
    assert app.test_client().sign_in(expected[200][0]).get(f"/en/projects/none/{section}").status_code == 404


def test_two_who_change_the_same_text_see_both_and_choose(app: Flask, client: Any, make: Make, desk: str) -> None:
    page = client.page(f"{desk}/edit")
    mine = {**filled_in(page.all("form")[-1]), "summary_en": "As I want it.", "challenge_en": "Mine alone."}
    client.submit(f"{desk}/edit", summary_en="As they want it.", objective_en="Theirs alone.")
    answer = client.post(f"{desk}/edit", data=mine)
    assert answer.status_code == 409
    both = Page(answer)
    assert "As they want it." in both.text
    assert "As I want it." in both.text
    chosen = {**filled_in(both.all("form")[-1]), "choice-summary_en": "mine", "summary_en": "As we both want it."}
    assert client.post(f"{desk}/edit", data=chosen).status_code == 303
    project = now(app)
    assert project.summary_en == "As we both want it."
    assert (project.objective_en, project.challenge_en) == ("Theirs alone.", "Mine alone.")


def test_two_who_choose_other_themes_see_both_by_their_names(client: Any, desk: str) -> None:
    page = client.page(f"{desk}/facts")
    mine = {**filled_in(page.all("form")[-1]), "themes": ["water"], "kind": "research"}
    client.submit(f"{desk}/facts", themes=["waste"], kind="policy")
    answer = client.post(f"{desk}/facts", data=mine)
    assert answer.status_code == 409
    both = Page(answer)
    for name in ("Water", "Waste", "Research", "Policy"):
        assert name in both.text


def test_who_chooses_theirs_keeps_it(app: Flask, client: Any, desk: str) -> None:
    page = client.page(f"{desk}/edit")
    mine = {**filled_in(page.all("form")[-1]), "summary_en": "As I want it."}
    client.submit(f"{desk}/edit", summary_en="As they want it.")
    both = Page(client.post(f"{desk}/edit", data=mine))
    chosen = {**filled_in(both.all("form")[-1]), "choice-summary_en": "theirs"}
    assert client.post(f"{desk}/edit", data=chosen).status_code == 303
    assert now(app).summary_en == "As they want it."


def test_somebody_may_change_it_again_while_one_chooses(app: Flask, client: Any, desk: str) -> None:
    page = client.page(f"{desk}/edit")
    mine = {**filled_in(page.all("form")[-1]), "summary_en": "As I want it."}
    client.submit(f"{desk}/edit", summary_en="As they want it.")
    both = Page(client.post(f"{desk}/edit", data=mine))
    client.submit(f"{desk}/edit", summary_en="As a third one wants it.")
    again = client.post(f"{desk}/edit", data=filled_in(both.all("form")[-1]))
    assert again.status_code == 409
    assert "As a third one wants it." in again.text


def test_facts_are_as_exact_as_they_are_known(app: Flask, client: Any, desk: str) -> None:
    client.submit(
        f"{desk}/facts",
        acronym="WW",
        kind="demonstration",
        themes=["water", "heat"],
        barriers=["citizens"],
        starts="5/2026",
        ends="2028",
        website="https://warm.example",
    )
    project = now(app)
    assert (project.acronym, str(project.starts), str(project.ends)) == ("WW", "2026-05", "2028")
    assert {one.theme.value for one in project.themes} == {"water", "heat"}
    assert [one.barrier for one in project.barriers] == [Barrier.CITIZENS]
    page = client.page(f"{desk}/facts")
    assert 'value="05-2026"' in page.html
    client.submit(f"{desk}/facts", themes=["water", "data"], starts="31.05.2026")
    assert {one.theme.value for one in now(app).themes} == {"water", "data"}
    assert str(now(app).starts) == "2026-05-31"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("starts", "soon", "Write a year, a month or a day"),
        ("starts", "31-02-2026", "Write a year, a month or a day"),
        ("starts", "0026", "Write a year between"),
        ("ends", "2019", "The end is before the start"),
        ("themes", ["water", "heat", "data", "energy"], "Choose at most three"),
        ("website", "javascript:alert(1)", "Write a web address"),
        ("acronym", "x" * 61, "Write at most 60"),
    ],
)
def test_facts_that_cannot_be_are_refused(client: Any, desk: str, field: str, value: Any, said: str) -> None:
    client.submit(f"{desk}/facts", starts="2020-01")
    answer = client.submit(f"{desk}/facts", status=422, **{field: value})
    assert said in answer.text


def test_municipalities_come_and_go(app: Flask, client: Any, make: Make, desk: str) -> None:
    place = make.municipality("Sted")
    client.submit(f"{desk}/places", municipality=str(place.id), role="follower")
    client.submit(f"{desk}/places", municipality=str(place.id), role="demonstration_site")
    assert [one.role.value for one in now(app).municipalities] == ["demonstration_site"]
    client.submit(f"{desk}/places", f"{desk}/places/{place.id}/remove")
    assert now(app).municipalities == []


def test_lessons_are_kept(app: Flask, client: Any, desk: str) -> None:
    client.submit(f"{desk}/lessons", lessons_failed_en="The pump.", lessons_copy_da="En større pumpe.")
    assert (now(app).lessons_failed_en, now(app).lessons_copy_da) == ("The pump.", "En større pumpe.")


def test_the_public_page_offers_what_its_reader_may_do(app: Flask, make: Make) -> None:
    works, looks, foreign = make.partners(3)
    make.project(
        "Ours",
        partners=[(works, Part.COORDINATOR), (looks, Part.OBSERVER)],
        challenge_en="Cold.",
        lessons_failed_en="Digging.",
        results=[Result(claim_en="Warm")],
        milestones=[Milestone(title_en="Done", done_on=THEN.date())],
    )
    desk = "/en/projects/ours"
    written = {
        f"{desk}/{one}" for one in ("edit", "facts", "partners", "money", "plan", "results", "lessons", "updates/new")
    }
    offered = ("Work on this project", "Look inside the project", "Ask to take part", "Adopt this project")
    for account, ways in (
        (None, ()),
        (make.account(), ()),
        (make.account(admin_of=[works]), (offered[0], offered[3])),
        (make.account(editor_of=[looks]), offered[1:2] + offered[3:]),
        (make.account(editor_of=[foreign]), offered[3:]),
        (make.account(admin_of=[foreign]), offered[2:]),
    ):
        client = app.test_client()
        page = (client.sign_in(account) if account else client).page(desk)
        assert [words for words in offered if words in page.text] == list(ways)
        assert written & set(page.links) == (written if offered[0] in ways else set())


def test_lessons_are_read_by_everybody_and_found(client: Any, desk: str, app: Flask) -> None:
    client.submit(f"{desk}/lessons", lessons_failed_en="The valve froze.")
    assert "The valve froze." in app.test_client().page(desk).text
