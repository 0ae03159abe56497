"""Partners are asked, say yes or no, change their part, pass it on and leave."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, allows
from portal.core.permissions import Role as Platform
from portal.projects.models import Participation, Project, Role, State, TeamMember, TeamRole, Visibility
from portal.projects.partnerships.models import PartnershipProposal, ProposalState, Wish
from portal.projects.partnerships.permissions import answered_by, seen_by, withdrawn_by
from portal.projects.partnerships.queries import WHOLE
from tests.make import THEN, Make
from tests.postbox import Postbox

DESK = "/en/projects/ours/partners"


@pytest.fixture
def world(app: Flask, make: Make) -> Any:
    """A hidden project of one partner, and people of it, of another and of none; `browser(name)` is one of them."""

    class World:
        lead, other = make.partner("Lead"), make.partner("Other")
        people = {
            "lead admin": make.account("Lead admin", admin_of=[lead]),
            "lead editor": make.account("Lead editor", editor_of=[lead]),
            "other admin": make.account("Other admin", admin_of=[other]),
            "other editor": make.account("Other editor", editor_of=[other]),
            "curator": make.account("Curator", roles=[Platform.CURATOR]),
            "editor": make.account("Editor", roles=[Platform.EDITOR]),
        }
        project = make.project("Ours", visibility=Visibility.MEMBERS, partners=[(lead, Role.COORDINATOR)])

        def browser(self, name: str) -> Any:
            return app.test_client().sign_in(self.people[name])

        def invited(self) -> str:
            """Let the lead invite the other partner; the question's address."""
            self.browser("lead admin").submit(f"{DESK}/invite", partner=str(self.other.id), message="Come along.")
            with app.app_context():
                newest = select(PartnershipProposal.id).order_by(PartnershipProposal.id.desc()).limit(1)
                return f"/en/projects/proposals/{db.session.scalar(newest)}"

        def parts(self) -> dict[int, tuple[Role | None, bool]]:
            with app.app_context():
                found = db.session.scalars(select(Participation))
                return {one.partner_id: (one.role, one.left_at is None) for one in found}

    return World()


def test_a_partner_is_invited_by_mail_and_says_yes(world: Any, postbox: Postbox) -> None:
    address = world.invited()
    assert world.parts() == {world.lead.id: (Role.COORDINATOR, True)}
    other = world.browser("other admin")
    assert other.get("/en/projects/ours").status_code == 404
    mail = postbox.fetch("other-admin@example.org")[-1]
    assert mail["Subject"] == "Other is invited to take part in “Ours”"
    assert "Come along." in mail.get_content()
    assert postbox.link("other-admin@example.org") == address
    assert "Ours" in other.page("/en/projects/proposals").text
    page = other.page(address)
    assert "Ours" in page.text
    assert "Lead admin" in page.text
    other.submit(address, f"{address}/accept")
    assert world.parts()[world.other.id] == (Role.PARTNER, True)
    other.page("/en/projects/ours")
    assert postbox.fetch("lead-admin@example.org")[-1]["Subject"].startswith("Yes: Other")
    assert not postbox.fetch("other-editor@example.org")


@pytest.mark.parametrize(("shares_in", "taken"), [("", True), ("DKK", True), ("EUR", False)])
def test_an_invitation_names_a_share_of_the_budget(
    app: Flask, make: Make, world: Any, postbox: Postbox, shares_in: str, *, taken: bool
) -> None:
    lead = world.browser("lead admin")
    fields = {"partner": str(world.other.id), "budget_share": "250000", "budget_currency": "DKK"}
    lead.submit(f"{DESK}/invite", **fields)
    assert "250,000 DKK" in postbox.fetch("other-admin@example.org")[-1].get_content()
    address = postbox.link("other-admin@example.org")
    with make.writing():
        db.session.get(Project, world.project.id).shares_currency = shares_in
    other = world.browser("other admin")
    assert "250,000 DKK" in other.page(address).text
    other.submit(address, f"{address}/accept")
    with app.app_context():
        part = db.session.scalars(select(Participation).where(Participation.partner_id == world.other.id)).one()
        assert part.budget_share == (250_000 if taken else None)
        assert db.session.get(Project, world.project.id).shares_currency == (shares_in or "DKK")


def test_a_share_is_in_the_currency_of_the_others(make: Make, world: Any) -> None:
    with make.writing():
        db.session.get(Project, world.project.id).shares_currency = "EUR"
    fields = {"partner": str(world.other.id), "budget_share": "250000", "budget_currency": "DKK"}
    answer = world.browser("lead admin").submit(f"{DESK}/invite", status=422, **fields)
    assert "in EUR" in answer.text


def test_a_partner_says_no_with_a_reason(world: Any, postbox: Postbox) -> None:
    address = world.invited()
    other = world.browser("other admin")
    assert "Say why not" in other.submit(address, status=422).text
    other.submit(address, reason="No time this year.")
    assert world.other.id not in world.parts()
    assert "No time this year." in postbox.fetch("lead-admin@example.org")[-1].get_content()
    assert "No time this year." in world.browser("lead admin").page(address).text


def test_only_the_first_answer_counts(world: Any) -> None:
    address = world.invited()
    first, second = world.browser("other admin"), world.browser("other admin")
    page = second.page(address)
    first.submit(address, f"{address}/accept")
    token = next(e.get("value") for e in page.all("input") if e.get("name") == "csrf_token")
    answer = second.post(address, data={"csrf_token": token, "reason": "Too late."})
    assert answer.location == address
    assert "Too late." not in second.page(address).text
    assert world.parts()[world.other.id] == (Role.PARTNER, True)


def test_a_question_is_taken_back(world: Any) -> None:
    address = world.invited()
    world.browser("lead admin").submit(address, f"{address}/withdraw")
    page = world.browser("other admin").page(address)
    assert "Withdrawn" in page.text
    assert "Your answer" not in page.text


def test_nobody_is_asked_twice_at_once_or_unchosen(world: Any, make: Make) -> None:
    make.partner("A third")
    assert "Choose one from the list." in world.browser("lead admin").submit(f"{DESK}/invite", status=422).text
    world.invited()
    answer = world.browser("lead admin").submit(f"{DESK}/invite", status=422, partner=str(world.other.id))
    assert "is open already" in answer.text


@pytest.mark.parametrize(
    ("name", "sees", "answers"),
    [
        ("lead admin", 200, 404),
        ("lead editor", 200, 404),
        ("other admin", 200, 303),
        ("other editor", 200, 404),
        ("curator", 200, 303),
        ("editor", 404, 404),
    ],
)
def test_who_reads_a_question_and_who_answers_it(world: Any, name: str, sees: int, answers: int) -> None:
    address = world.invited()
    browser = world.browser(name)
    page = browser.get(address)
    assert page.status_code == sees
    token = browser.page("/en/my").html.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.post(f"{address}/accept", data={"csrf_token": token}).status_code == answers


def test_a_partner_asks_to_take_part_in_what_it_may_see(app: Flask, world: Any, make: Make, postbox: Postbox) -> None:
    assert world.browser("other admin").get("/en/projects/ours/ask").status_code == 404
    make.project("Open", partners=[(world.lead, Role.COORDINATOR)])
    assert world.browser("other editor").get("/en/projects/open/ask").status_code == 404
    assert world.browser("lead admin").get("/en/projects/open/ask").status_code == 404
    address = world.browser("other admin").submit("/en/projects/open/ask", role="observer", message="May we?").location
    assert postbox.link("lead-admin@example.org") == address
    lead = world.browser("lead admin")
    lead.submit(address, f"{address}/accept")
    assert world.parts()[world.other.id] == (Role.OBSERVER, True)


@pytest.fixture
def together(world: Any) -> Any:
    """The two partners of the world, both in the project."""
    address = world.invited()
    world.browser("other admin").submit(address, f"{address}/accept")
    return world


def test_coordination_is_passed_on_when_the_other_says_yes(app: Flask, together: Any, postbox: Postbox) -> None:
    together.browser("lead admin").submit("/en/projects/ours/transfer", partner=str(together.other.id))
    assert together.parts()[together.lead.id] == (Role.COORDINATOR, True)
    address = postbox.link("other-admin@example.org")
    together.browser("other admin").submit(address, f"{address}/accept")
    assert together.parts() == {
        together.lead.id: (Role.PARTNER, True),
        together.other.id: (Role.COORDINATOR, True),
    }
    assert together.browser("lead admin").get("/en/projects/ours/transfer").status_code == 404


def test_staff_pass_coordination_on_with_a_reason(together: Any) -> None:
    curator = together.browser("curator")
    address, fields = "/en/projects/ours/transfer", {"partner": str(together.other.id), "force": "y"}
    assert "Say why" in curator.submit(address, status=422, **fields).text
    curator.submit(address, message="The municipality has closed the office.", **fields)
    assert together.parts()[together.other.id] == (Role.COORDINATOR, True)


def test_a_project_never_has_two_coordinators(app: Flask, make: Make, world: Any) -> None:
    with pytest.raises(IntegrityError), make.writing():
        db.session.add(Participation(project_id=world.project.id, partner_id=world.other.id, role=Role.COORDINATOR))


def test_a_role_is_changed_but_never_to_coordinator(app: Flask, together: Any) -> None:
    lead = together.browser("lead admin")
    with app.app_context():
        part = db.session.scalars(select(Participation).where(Participation.partner_id == together.other.id)).one()
    lead.submit(f"{DESK}/{part.id}", role="funder", starts_on="2026-01-01", ends_on="2026-12-31")
    assert together.parts()[together.other.id] == (Role.FUNDER, True)
    lead.submit(f"{DESK}/{part.id}", status=422, role="coordinator")
    assert "The end is before" in lead.submit(f"{DESK}/{part.id}", status=422, ends_on="2025-12-31").text


def test_a_partner_leaves_with_its_people(app: Flask, together: Any, make: Make, postbox: Postbox) -> None:
    with make.writing():
        account = together.people["other editor"]
        db.session.add(
            TeamMember(project_id=together.project.id, account_id=account.id, role=TeamRole.CONTRIBUTOR, since=THEN)
        )
    with app.app_context():
        part = db.session.scalars(select(Participation).where(Participation.partner_id == together.other.id)).one()
    assert together.browser("other editor").get(f"{DESK}/{part.id}/end").status_code == 404
    together.browser("other admin").submit(f"{DESK}/{part.id}/end")
    assert together.parts()[together.other.id] == (Role.PARTNER, False)
    for name in ("other admin", "other editor"):
        assert together.browser(name).get("/en/projects/ours").status_code == 404
    assert "no longer takes part" in postbox.fetch("lead-admin@example.org")[-1]["Subject"]


def test_the_coordinator_cannot_leave(app: Flask, together: Any) -> None:
    with app.app_context():
        part = db.session.scalars(select(Participation).where(Participation.role == Role.COORDINATOR)).one()
    together.browser("lead admin").submit(f"{DESK}/{part.id}/end", status=200)
    assert together.parts()[together.lead.id] == (Role.COORDINATOR, True)


TWINS = {"proposal.see": seen_by, "proposal.answer": answered_by, "proposal.withdraw": withdrawn_by}


@pytest.mark.parametrize("action", TWINS)
def test_question_and_sql_agree(app: Flask, make: Make, action: str) -> None:
    mine, foreign = make.partners(2)
    team = {role: make.account() for role in TeamRole}
    for part in Role:
        project = make.project(visibility=Visibility.MEMBERS, partners=[(mine, part)], team=team, state=State.IDEA)
        with make.writing():
            for wish, state in zip(Wish, ProposalState, strict=False):
                for partner in (mine, foreign):
                    db.session.add(
                        PartnershipProposal(
                            project_id=project.id,
                            partner_id=partner.id,
                            wish=wish,
                            role=Role.PARTNER,
                            state=state,
                            reason="Because.",
                            created_at=THEN,
                        )
                    )
    actors = {
        "visitor": VISITOR,
        "member": Actor(account_id=999, partner_ids=frozenset({mine.id})),
        "admin": Actor(account_id=999, partner_ids=frozenset({mine.id}), admin_of=frozenset({mine.id})),
        "foreign": Actor(account_id=999, partner_ids=frozenset({foreign.id})),
        "foreign admin": Actor(account_id=999, partner_ids=frozenset({foreign.id}), admin_of=frozenset({foreign.id})),
        **{role.value: Actor(account_id=account.id) for role, account in team.items()},
        **{role.value: Actor(account_id=998, roles=frozenset({role})) for role in Platform},
    }
    with app.app_context():
        proposals = db.session.scalars(select(PartnershipProposal).options(*WHOLE)).all()
        for name, actor in actors.items():
            asked = {one.id for one in proposals if allows(actor, action, one)}
            found = set(db.session.scalars(select(PartnershipProposal.id).where(TWINS[action](actor))))
            assert asked == found, name
