"""What waits for somebody: only what is theirs to settle, the oldest first."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.accounts.models import JoinRequest, Membership
from portal.core import clock, kept
from portal.core.db import db, transaction
from portal.projects.models import Deliverable, Milestone, Role, State, TeamRole, Update, Visibility
from portal.projects.partnerships.models import PartnershipProposal, Wish
from tests.make import THEN, Make

TODAY = clock.today()
WORKSPACE = "/en/my"


def milestone(title: str, days: int, **given: Any) -> Milestone:
    return Milestone(title_en=title, due_on=TODAY + timedelta(days=days), **given)


def test_overdue_milestones_wait_the_oldest_first(client: Any, make: Make) -> None:
    account = make.account()
    make.project(
        team={TeamRole.CONTRIBUTOR: account},
        milestones=[milestone("Younger", -2), milestone("Older", -9), milestone("Coming", 3)],
    )
    text = client.sign_in(account).page(WORKSPACE).text
    assert text.index("Older") < text.index("Younger")
    waiting, ahead = text.partition("My projects")[0].split("The next two weeks")
    assert "Coming" not in waiting
    assert "Coming" in ahead


def test_what_is_overdue_is_settled_by_one_press_by_those_who_work_on_it_alone(client: Any, make: Make) -> None:
    account, reader = make.account(), make.account()
    project = make.project(
        "Warm streets",
        team={TeamRole.CONTRIBUTOR: account, TeamRole.READER: reader},
        milestones=[milestone("Pipes laid", -9)],
        deliverables=[Deliverable(title_en="The report", due_on=TODAY - timedelta(days=3))],
    )
    page = client.sign_in(account).page(WORKSPACE)
    assert "Overdue deliverable The report" in page.text
    assert f"/en/projects/{project.slug}/plan#deliverable-1" in page.links
    reached = "/en/my/due/milestones/1/done"
    answer = client.submit(WORKSPACE, reached)
    assert answer.location == WORKSPACE
    text = client.page(WORKSPACE).text
    assert "“Pipes laid” is reached today" in text
    assert "Overdue milestone" not in text
    again = client.submit(WORKSPACE, "/en/my/due/deliverables/1/done")
    assert again.status_code == 303
    assert "Nothing waits for you" in client.page(WORKSPACE).text
    with client.application.app_context():
        assert db.session.scalars(select(Milestone.done_on)).all() == [TODAY]
        assert db.session.scalars(select(Deliverable.delivered_on)).all() == [TODAY]

    other = client.application.test_client().sign_in(reader)
    token = other.page(WORKSPACE).html.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert other.post(reached, data={"csrf_token": token}).status_code == 404
    assert other.post("/en/my/due/milestones/99/done", data={"csrf_token": token}).status_code == 404


def test_a_curators_own_desk_holds_what_is_theirs_and_not_everybodys(client: Any, make: Make) -> None:
    partner, other = make.partner("Ours"), make.partner("Theirs")
    make.project(
        "Not mine", state=State.RUNNING, partners=[(other, Role.COORDINATOR)], milestones=[milestone("Far", -9)]
    )
    mine = make.project("Mine", partners=[(partner, Role.COORDINATOR)], milestones=[milestone("Near", -9)])
    with make.writing():
        asked = PartnershipProposal(
            project_id=mine.id, partner_id=other.id, wish=Wish.INVITATION, role=Role.PARTNER, created_at=THEN
        )
        db.session.add(asked)
    waiting = client.sign_in(make.account(roles=["curator"], admin_of=[partner])).page(WORKSPACE).text
    waiting = waiting.partition("My projects")[0]
    assert "Near" in waiting
    assert "Far" not in waiting
    assert "Silent project" not in waiting
    assert "Question about a project" not in waiting


@pytest.mark.parametrize("given", [{"done_on": TODAY}, {"due_on": None}])
def test_what_is_done_or_has_no_date_does_not_wait(client: Any, make: Make, given: dict[str, Any]) -> None:
    account = make.account()
    late = milestone("Late", -5)
    for name, value in given.items():
        setattr(late, name, value)
    make.project(team={TeamRole.MANAGER: account}, milestones=[late])
    assert "Late" not in client.sign_in(account).page(WORKSPACE).text.partition("My projects")[0]


def test_nothing_waits_for_a_reader_or_in_a_project_that_is_over(client: Any, make: Make) -> None:
    account = make.account()
    make.project(team={TeamRole.READER: account}, milestones=[milestone("Not mine", -5)])
    make.project(team={TeamRole.MANAGER: account}, state=State.CLOSED, milestones=[milestone("Over", -5)])
    assert "Nothing waits for you" in client.sign_in(account).page(WORKSPACE).text


def test_a_running_project_that_is_silent_for_ninety_days_waits(client: Any, make: Make) -> None:
    account = make.account()
    for title, days in (("Talks", 10), ("Silent", 120)):
        make.project(
            title,
            state=State.RUNNING,
            team={TeamRole.MANAGER: account},
            updates=[Update(title_en="News", dated=TODAY - timedelta(days=days))],
        )
    make.project(
        "Just begun", state=State.RUNNING, starts_on=TODAY - timedelta(days=5), team={TeamRole.MANAGER: account}
    )
    took_back = Update(title_en="Wrong", dated=TODAY, withdrawn_at=clock.now())
    make.project("Took it back", state=State.RUNNING, team={TeamRole.MANAGER: account}, updates=[took_back])
    page = client.sign_in(account).page(WORKSPACE)
    waiting = page.text.partition("My projects")[0]
    assert "Silent project Silent" in waiting
    assert "Silent project Took it back" in waiting
    assert "/en/projects/silent/updates/new" in page.links
    assert "Talks" not in waiting
    assert "Just begun" not in waiting


def test_a_profile_waits_for_its_admin_to_confirm_it(client: Any, make: Make) -> None:
    old = make.partner("Old facts", created_at=clock.now() - timedelta(days=400))
    fresh = make.partner("Fresh facts")
    admin, editor = make.account(admin_of=[old, fresh]), make.account(editor_of=[old])
    waiting = client.sign_in(admin).page(WORKSPACE).text
    assert "Confirm the profile Old facts" in waiting
    assert "Confirm the profile Fresh facts" not in waiting
    other = client.application.test_client().sign_in(editor)
    assert "Confirm the profile" not in other.page(WORKSPACE).text


def test_a_public_project_waits_for_its_managers_to_confirm_it(client: Any, make: Make) -> None:
    account, helper = make.account(), make.account()
    make.project(
        "Old facts",
        created_at=clock.now() - timedelta(days=400),
        team={TeamRole.MANAGER: account, TeamRole.CONTRIBUTOR: helper},
    )
    page = client.sign_in(account).page(WORKSPACE)
    assert "Confirm the project Old facts" in page.text
    assert "/en/projects/old-facts/state#confirm" in page.links
    assert "Confirm the project" not in client.application.test_client().sign_in(helper).page(WORKSPACE).text


def test_a_draft_waits_for_whoever_wrote_it(app: Flask, client: Any, make: Make) -> None:
    account = make.account()
    project = make.project("Warm streets", team={TeamRole.MANAGER: account})
    hidden = make.project("Somebody else", visibility=Visibility.MEMBERS)
    with app.app_context(), transaction():
        kept.save_draft(account.id, "/en/projects/new", [("title_en", "half a title")])
        lesson = [("version", "1"), ("lessons_failed_da", "Vi gravede om vinteren, og det var dumt.")]
        kept.save_draft(account.id, f"/da/projects/{project.slug}/lessons", lesson)
        kept.save_draft(account.id, f"/en/projects/{hidden.slug}/edit", [("title_en", "")])
    page = client.sign_in(account).page(WORKSPACE)
    assert "/en/projects/new?kept=draft" in page.links
    assert "Draft half a title" in page.text
    assert "Draft Vi gravede om vinteren, og det var dumt. Warm streets, Lessons · Written on" in page.text
    assert "Without a title" in page.text
    assert "Somebody else" not in page.text
    assert "not saved" not in app.test_client().sign_in(make.account()).page(WORKSPACE).text


def test_the_portfolio_holds_my_projects_only(client: Any, make: Make) -> None:
    partner = make.partner()
    make.project("Mine by partner", partners=[(partner, Role.COORDINATOR)], themes=["energy"])
    make.project("Public and not mine")
    account = make.account(editor_of=[partner])
    make.project("Mine in person", team={TeamRole.READER: account})
    page = client.sign_in(account).page("/en/my/projects")
    assert "2 projects" in page.text
    assert "Public and not mine" not in page.text
    assert "Mine by partner" in client.page("/en/my/projects?theme=energy").text
    for address in ("/en/my/projects?group=state", "/en/my/projects?group=theme", "/en/my/projects?group=partner"):
        assert "Mine in person" in client.page(address).text


def test_leaving_a_partner_takes_its_projects_away_at_once(client: Any, make: Make) -> None:
    partner = make.partner()
    make.project("Ours", partners=[partner])
    account = make.account(editor_of=[partner])
    assert "Ours" in client.sign_in(account).page("/en/my/projects").text
    with make.writing():
        db.session.execute(delete(Membership))
    assert "Ours" not in client.page("/en/my/projects").text


def test_the_portfolio_tells_health_milestone_money_and_update(client: Any, make: Make) -> None:
    account = make.account()
    make.project(
        "Telling",
        team={TeamRole.MANAGER: account},
        state=State.RUNNING,
        starts_on=date(2026, 1, 1),
        health="at_risk",
        health_sentence_en="The permit is late.",
        milestones=[milestone("Second", 20), milestone("First", 10)],
        updates=[Update(title_en="News", dated=THEN.date())],
    )
    text = client.sign_in(account).page("/en/my/projects").text
    assert "At risk The permit is late." in text
    assert "Next milestone First" in text
    assert "2 March 2026" in text
    csv = client.get("/en/my/projects.csv").get_data(as_text=True)
    assert "The permit is late." in csv
    assert client.get("/en/my/projects.xlsx").data.startswith(b"PK")


def test_a_question_to_my_partner_waits_for_its_admins(client: Any, make: Make) -> None:
    asked, asking = make.partner("Asked"), make.partner("Asking")
    project = make.project("Joint work", visibility=Visibility.MEMBERS, partners=[(asking, Role.COORDINATOR)])
    with make.writing():
        db.session.add(
            PartnershipProposal(
                project_id=project.id, partner_id=asked.id, wish=Wish.INVITATION, role=Role.PARTNER, created_at=THEN
            )
        )
    page = client.sign_in(make.account(admin_of=[asked])).page(WORKSPACE)
    assert "Question about a project Joint work" in page.text
    other = client.application.test_client().sign_in(make.account(editor_of=[asked]))
    assert "Joint work" not in other.page(WORKSPACE).text


def test_a_request_to_join_waits_for_the_partners_admins(client: Any, make: Make) -> None:
    partner = make.partner("Ours")
    applicant = make.account("Applicant")
    with make.writing():
        db.session.add(JoinRequest(account_id=applicant.id, partner_id=partner.id, created_at=THEN))
    page = client.sign_in(make.account(admin_of=[partner])).page(WORKSPACE)
    assert "Request to join Applicant" in page.text
    assert "/en/account/partners/ours/people" in page.links
