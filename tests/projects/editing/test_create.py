"""Beginning a project: from nothing, from an outline, from another project; and ending an idea."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.projects.editing.outlines import OUTLINES
from portal.projects.models import Milestone, Project, ProjectRelation, Role, State, TeamRole, Visibility, WorkPackage
from tests.make import Make
from tests.page import filled_in

WHOLE = (
    Project.participations,
    Project.team,
    Project.themes,
    Project.barriers,
    Project.work_packages,
    Project.milestones,
)


def by_slug(app: Flask, slug: str) -> Project | None:
    with app.app_context():
        loads = [selectinload(part) for part in WHOLE]
        return db.session.scalar(select(Project).where(Project.slug == slug).options(*loads))


def test_a_member_begins_a_project(app: Flask, client: Any, make: Make) -> None:
    partner = make.partner()
    account = make.account(editor_of=[partner])
    client.sign_in(account)
    answer = client.submit("/en/projects/new", title_da="Grøn varme")
    assert answer.location == "/en/projects/groen-varme/edit"
    project = by_slug(app, "groen-varme")
    assert project
    assert (project.state, project.visibility) == (State.IDEA, Visibility.MEMBERS)
    assert [(one.partner_id, one.role) for one in project.participations] == [(partner.id, Role.COORDINATOR)]
    assert [(one.account_id, one.role) for one in project.team] == [(account.id, TeamRole.MANAGER)]
    client.page("/en/projects/groen-varme")
    assert app.test_client().get("/en/projects/groen-varme").status_code == 404


@pytest.mark.parametrize("name", OUTLINES)
def test_an_outline_brings_a_plan_in_both_languages(app: Flask, client: Any, make: Make, name: str) -> None:
    client.sign_in(make.account(editor_of=[make.partner()]))
    client.submit("/en/projects/new", title_en="From an outline", outline=name)
    project = by_slug(app, "from-an-outline")
    assert project
    assert project.kind is OUTLINES[name].kind
    assert len(project.work_packages) == len(OUTLINES[name].work_packages)
    assert all(one.title_da and one.title_en for one in [*project.work_packages, *project.milestones])


def test_a_project_is_adopted_without_its_people_and_money(app: Flask, client: Any, make: Make) -> None:
    theirs, mine = make.partners(2)
    original = make.project(
        "Original",
        partners=[(theirs, Role.COORDINATOR)],
        team={TeamRole.MANAGER: make.account()},
        themes=["water"],
        summary_da="Om vand.",
        total_cost=1000,
        total_cost_currency="DKK",
        work_packages=[WorkPackage(title_en="Open", weight=2)],
        milestones=[
            Milestone(title_en="For all"),
            Milestone(title_en="Secret", visibility=Visibility.MEMBERS),
        ],
    )
    client.sign_in(make.account(editor_of=[mine]))
    address = "/en/projects/new?from=original"
    assert "Adopted from" in client.page(address).text
    client.submit(address, title_en="Copy")
    copy = by_slug(app, "copy")
    assert copy
    assert copy.summary_da == "Om vand."
    assert [one.theme.value for one in copy.themes] == ["water"]
    assert [one.partner_id for one in copy.participations] == [mine.id]
    assert copy.total_cost is None
    assert [one.title_en for one in copy.work_packages] == ["Open"]
    assert [one.title_en for one in copy.milestones] == ["For all"]
    with app.app_context():
        relation = db.session.scalars(select(ProjectRelation)).one()
    assert (relation.project_id, relation.related_id, relation.kind) == (copy.id, original.id, "adopted_from")


def test_the_project_to_adopt_is_picked_by_its_name(app: Flask, client: Any, make: Make) -> None:
    make.project("Original", summary_da="Om vand.")
    client.sign_in(make.account(editor_of=[make.partner()]))
    client.submit("/en/projects/new", title_en="Copy", **{"adopted-find": "original"})
    copy = by_slug(app, "copy")
    assert copy
    assert copy.summary_da == "Om vand."


def test_what_may_not_be_seen_is_not_adopted(client: Any, make: Make) -> None:
    hidden = make.project("Hidden", visibility=Visibility.MEMBERS)
    client.sign_in(make.account(editor_of=[make.partner()]))
    assert client.get("/en/projects/new?from=hidden").status_code == 404
    answer = client.submit("/en/projects/new", status=422, title_en="Copy", **{"adopted-find": "hidden"})
    assert "Nothing is called" in answer.text
    page = client.page("/en/projects/new")
    form = next(one for one in page.all("form") if one.get("method") == "post" and not one.get("action"))
    answer = client.post("/en/projects/new", data={**filled_in(form), "title_en": "Copy", "adopted": str(hidden.id)})
    assert answer.status_code == 422


def test_a_project_begun_twice_is_begun_once(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account(editor_of=[make.partner()]))
    sent = {**filled_in(client.page("/en/projects/new").all("form")[-1]), "title_en": "Once"}
    first, second = (client.post("/en/projects/new", data=sent) for _ in range(2))
    assert first.location == second.location
    with app.app_context():
        assert len(db.session.scalars(select(Project)).all()) == 1


def test_only_members_begin_projects_and_only_for_their_partners(app: Flask, client: Any, make: Make) -> None:
    foreign = make.partner()
    assert client.get("/en/projects/new").status_code == 303
    assert app.test_client().sign_in(make.account()).get("/en/projects/new").status_code == 404
    client.sign_in(make.account(editor_of=make.partners(2)))
    client.submit("/en/projects/new", status=422, title_en="For others", partner=str(foreign.id))
    client.submit("/en/projects/new", status=422)


def test_a_title_that_is_a_word_of_the_addresses_gets_another(client: Any, make: Make) -> None:
    client.sign_in(make.account(editor_of=[make.partner()]))
    assert client.submit("/en/projects/new", title_en="New").location.startswith("/en/projects/new-")


@pytest.fixture
def mine(client: Any, make: Make) -> Any:
    """Makes a project that the client's account manages."""
    manager = make.account("Manager")
    client.sign_in(manager)
    return lambda title, **given: make.project(title, team={TeamRole.MANAGER: manager}, **given)


def test_an_idea_is_deleted_for_real(app: Flask, client: Any, mine: Any) -> None:
    mine("Idea", state=State.IDEA, visibility=Visibility.MEMBERS, milestones=[Milestone(title_en="Never")])
    client.submit("/en/projects/idea/delete")
    assert by_slug(app, "idea") is None
    assert client.get("/en/projects/idea").status_code == 404


def test_a_public_idea_leaves_word_that_it_is_gone(client: Any, mine: Any) -> None:
    mine("Idea", state=State.IDEA)
    client.submit("/en/projects/idea/delete")
    assert client.get("/en/projects/idea").status_code == 410


def test_what_is_more_than_an_idea_stays(app: Flask, client: Any, mine: Any) -> None:
    mine("Running", state=State.RUNNING)
    client.submit("/en/projects/running/delete", status=200)
    assert by_slug(app, "running")


def test_an_idea_that_news_tell_of_stays(app: Flask, client: Any, make: Make, mine: Any) -> None:
    make.article(projects=[mine("Idea", state=State.IDEA)])
    client.submit("/en/projects/idea/delete", status=422)
    assert by_slug(app, "idea")


def test_a_project_taken_from_the_public_says_so(app: Flask, client: Any, mine: Any) -> None:
    mine("Known")
    visitor = app.test_client()
    client.submit("/en/projects/known/settings", visibility="members")
    assert visitor.get("/en/projects/known").status_code == 410
    assert "Known" not in visitor.get("/en/projects").text
    client.page("/en/projects/known")
    client.submit("/en/projects/known/settings", visibility="public")
    assert visitor.get("/en/projects/known").status_code == 200


def test_an_old_address_leads_to_the_new_one(app: Flask, client: Any, mine: Any) -> None:
    mine("Known")
    client.submit("/en/projects/known/settings", "/en/projects/known/settings/address", slug="Bedre navn")
    answer = app.test_client().get("/en/projects/known")
    assert (answer.status_code, answer.location) == (301, "/en/projects/bedre-navn")
    mine("Other")
    answer = client.submit(
        "/en/projects/other/settings", "/en/projects/other/settings/address", status=422, slug="bedre-navn"
    )
    assert "taken by another project" in answer.text


def test_a_withdrawn_project_stays_withdrawn_under_its_new_address(app: Flask, client: Any, mine: Any) -> None:
    mine("Known")
    client.submit("/en/projects/known/settings", visibility="members")
    client.submit("/en/projects/known/settings", "/en/projects/known/settings/address", slug="elsewhere")
    assert app.test_client().get("/en/projects/elsewhere").status_code == 410


def test_contributors_do_not_decide_who_sees(app: Flask, make: Make) -> None:
    contributor = make.account()
    make.project("Ours", team={TeamRole.CONTRIBUTOR: contributor})
    client = app.test_client().sign_in(contributor)
    for page in ("settings", "delete"):
        assert client.get(f"/en/projects/ours/{page}").status_code == 404
