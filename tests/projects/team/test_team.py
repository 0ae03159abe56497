"""People come into a project and leave it; it is never left without somebody who can manage it."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.models import Account, AskState
from portal.core import clock
from portal.core.db import db
from portal.projects.models import Role, TeamMember, TeamRole, Visibility
from portal.projects.team.models import ProjectInvitation
from portal.projects.team.operations import sweep
from tests.make import Make
from tests.page import filled_in
from tests.postbox import Postbox

TEAM = "/en/projects/ours/team"


@pytest.fixture
def world(app: Flask, make: Make) -> Any:
    """A hidden project of a partner without admins, one manager, one reader, and somebody outside."""

    class World:
        lead = make.partner("Lead")
        manager = make.account("Manager", editor_of=[lead])
        colleague = make.account("Colleague", editor_of=[lead])
        reader = make.account("Reader")
        outsider = make.account("Outsider")
        project = make.project(
            "Ours",
            visibility=Visibility.MEMBERS,
            partners=[(lead, Role.COORDINATOR)],
            team={TeamRole.MANAGER: manager, TeamRole.READER: reader},
        )

        def browser(self, account: Any) -> Any:
            return app.test_client().sign_in(account)

        def team(self) -> dict[int, TeamRole]:
            with app.app_context():
                return {one.account_id: one.role for one in db.session.scalars(select(TeamMember))}

        def member(self, account: Any) -> int:
            with app.app_context():
                return db.session.scalars(select(TeamMember.id).where(TeamMember.account_id == account.id)).one()

    return World()


def test_a_manager_takes_in_people_of_the_partners(world: Any) -> None:
    browser = world.browser(world.manager)
    assert "Choose one from the list." in browser.submit(TEAM, status=422).text
    browser.submit(TEAM, account=str(world.colleague.id))
    assert world.team()[world.colleague.id] is TeamRole.CONTRIBUTOR
    assert "Colleague" in browser.page(TEAM).text
    browser.submit(TEAM + f"/{world.member(world.colleague)}", role="manager")
    assert world.team()[world.colleague.id] is TeamRole.MANAGER


def test_nobody_else_is_taken_in(world: Any) -> None:
    browser = world.browser(world.manager)
    browser.submit(TEAM, status=422, account=str(world.outsider.id))
    assert world.outsider.id not in world.team()


def test_the_last_manager_stays(world: Any) -> None:
    browser = world.browser(world.manager)
    mine = world.member(world.manager)
    assert "Nobody would be left" in browser.submit(f"{TEAM}/{mine}", status=422, role="reader").text
    assert "Nobody would be left" in browser.submit(f"{TEAM}/{mine}/remove", status=422).text
    assert world.team()[world.manager.id] is TeamRole.MANAGER


def test_a_manager_may_leave_where_the_coordinator_has_an_admin(make: Make, world: Any) -> None:
    make.account(admin_of=[world.lead])
    browser = world.browser(world.manager)
    browser.submit(f"{TEAM}/{world.member(world.manager)}/remove")
    assert world.manager.id not in world.team()


def test_everybody_may_leave_and_only_managers_take_out(world: Any) -> None:
    reader = world.browser(world.reader)
    assert reader.get(f"{TEAM}/{world.member(world.manager)}/remove").status_code == 404
    assert reader.get(f"{TEAM}/{world.member(world.manager)}").status_code == 404
    reader.submit(f"{TEAM}/{world.member(world.reader)}/remove")
    assert reader.get("/en/projects/ours").status_code == 404


def test_a_project_is_shared_with_one_person_from_outside(app: Flask, world: Any, postbox: Postbox) -> None:
    manager = world.browser(world.manager)
    manager.submit(TEAM, f"{TEAM}/share", email="Outsider@example.org", role="reader")
    link = postbox.link("outsider@example.org")
    visitor = app.test_client().page(link)
    assert "Sign in with the address above" in visitor.text
    outsider = world.browser(world.outsider)
    assert outsider.get("/en/projects/ours").status_code == 404
    outsider.submit(link)
    outsider.page("/en/projects/ours")
    assert outsider.get("/en/projects/ours/edit").status_code == 404
    assert world.team()[world.outsider.id] is TeamRole.READER
    assert "from outside the partners" in manager.page(TEAM).text
    assert outsider.get(link).status_code == 410
    with app.app_context():
        asked = db.session.scalars(select(ProjectInvitation)).one()
        assert (asked.state, asked.email) == (AskState.ACCEPTED, "")


def test_another_account_does_not_come_in_by_a_forwarded_link(world: Any, postbox: Postbox) -> None:
    world.browser(world.manager).submit(TEAM, f"{TEAM}/share", email="somebody@example.org", role="reader")
    outsider = world.browser(world.outsider)
    page = outsider.page(postbox.link("somebody@example.org"))
    assert "signed in with another address" in page.text
    assert world.outsider.id not in world.team()


@pytest.mark.parametrize("end", ["revoked", "expired", "declined", "renewed"])
def test_a_link_that_has_ended_opens_nothing(app: Flask, make: Make, world: Any, postbox: Postbox, end: str) -> None:
    manager = world.browser(world.manager)
    manager.submit(TEAM, f"{TEAM}/share", email="outsider@example.org", role="reader")
    link = postbox.link("outsider@example.org")
    outsider = world.browser(world.outsider)
    if end == "revoked":
        manager.submit(TEAM, f"{TEAM}/invitations/1/revoke")
    elif end == "expired":
        with make.writing():
            asked = db.session.scalars(select(ProjectInvitation)).one()
            asked.expires_at -= timedelta(days=15)
            sweep(clock.now())
            assert asked.state is AskState.EXPIRED
        assert "did not answer in time" in manager.page(TEAM).text
    elif end == "declined":
        outsider.submit(link, f"{link}/decline")
    else:
        manager.submit(TEAM, f"{TEAM}/share", email="outsider@example.org", role="contributor")
        outsider.page(postbox.link("outsider@example.org"))
    assert outsider.get(link).status_code == 410
    assert outsider.get("/en/projects/ours").status_code == 404


def test_who_did_not_answer_in_time_is_asked_again_or_forgotten(make: Make, world: Any, postbox: Postbox) -> None:
    manager = world.browser(world.manager)
    for address in ("outsider@example.org", "nobody@example.org"):
        manager.submit(TEAM, f"{TEAM}/share", email=address, role="reader")
    with make.writing():
        sweep(clock.now() + timedelta(days=15))
    manager.submit(TEAM, f"{TEAM}/share", email="outsider@example.org", role="reader")
    world.browser(world.outsider).submit(postbox.link("outsider@example.org"))
    assert world.team()[world.outsider.id] is TeamRole.READER
    with make.writing():
        sweep(clock.now() + timedelta(days=45))
    assert "nobody@example.org" not in manager.page(TEAM).text


def test_somebody_without_an_account_makes_one_and_comes_back_to_what_is_shared(
    app: Flask, world: Any, postbox: Postbox
) -> None:
    world.browser(world.manager).submit(TEAM, f"{TEAM}/share", email="new@example.org", role="reader")
    link, browser = postbox.link("new@example.org"), app.test_client()
    register = next(one for one in browser.page(link).links if "/account/register" in one)
    password = "seven green tiles by the fjord"
    browser.submit(register, name="New", email="new@example.org", password=password)
    answer = browser.submit(postbox.link("new@example.org", about="Verify"), password=password)
    assert answer.location == link
    browser.submit(link)
    browser.page("/en/projects/ours")
    elsewhere = "/en/account/register?next=https://example.org/"
    assert "example.org/" not in browser.page(elsewhere).html.split("<main")[1]


def test_an_address_that_is_none_is_refused_with_what_was_typed(world: Any) -> None:
    answer = world.browser(world.manager).submit(TEAM, f"{TEAM}/share", status=422, email="not an address")
    assert 'value="not an address"' in answer.text


def test_what_was_written_beside_the_pages_own_form_outlives_the_session(world: Any) -> None:
    browser = world.browser(world.manager)
    browser.page(TEAM)
    browser.delete_cookie("session")
    came_from = {"Referer": f"http://localhost{TEAM}"}
    sent = {"email": "outsider@example.org", "role": "reader", "once": "x"}
    answer = browser.post(f"{TEAM}/share", data=sent, headers=came_from)
    browser = world.browser(world.manager)
    back = browser.page(parse_qs(urlsplit(answer.location).query)["next"][0])
    assert 'value="outsider@example.org"' in back.html
    # A button has nothing to keep; whoever pressed it comes back to where it stood, and never to another site.
    for site, next_ in (("localhost", TEAM), ("evil.example", "/en/")):
        answer = browser.post(f"{TEAM}/share", data={"once": "x"}, headers={"Referer": f"http://{site}{TEAM}"})
        assert answer.location == next_


def test_only_managers_share_and_nobody_shares_management(world: Any) -> None:
    reader = world.browser(world.reader)
    assert "Share with somebody" not in reader.page(TEAM).text
    world.browser(world.manager).submit(TEAM, f"{TEAM}/share", status=422, email="outsider@example.org", role="manager")
    assert world.browser(world.outsider).get(TEAM).status_code == 404


MINE = "/en/projects/shared/1"


def test_a_shared_project_waits_in_the_workspace_of_who_has_proven_the_address(world: Any) -> None:
    world.browser(world.manager).submit(TEAM, f"{TEAM}/share", email="outsider@example.org", role="reader")
    outsider = world.browser(world.outsider)
    assert MINE in outsider.page("/en/my").links
    form = next(one for one in outsider.page(MINE).all("form") if one.get("method") == "post" and not one.get("action"))
    places = {outsider.post(MINE, data=filled_in(form)).location for _ in range(2)}
    assert places == {"/en/projects/ours"}
    assert world.team()[world.outsider.id] is TeamRole.READER
    assert MINE not in outsider.page("/en/my").links
    assert outsider.get(MINE).status_code == 404


def test_it_can_be_declined_there(world: Any) -> None:
    world.browser(world.manager).submit(TEAM, f"{TEAM}/share", email="outsider@example.org", role="reader")
    outsider = world.browser(world.outsider)
    outsider.submit(MINE, f"{MINE}/decline")
    assert outsider.get(MINE).status_code == 404
    assert world.outsider.id not in world.team()


def test_nobody_else_finds_what_is_shared(app: Flask, make: Make, world: Any) -> None:
    world.browser(world.manager).submit(TEAM, f"{TEAM}/share", email="outsider@example.org", role="reader")
    with make.writing():
        db.session.execute(update(Account).where(Account.name == "Outsider").values(email_verified_at=None))
    for account in (world.manager, world.reader, world.outsider):
        browser = world.browser(account)
        assert MINE not in browser.page("/en/my").links
        assert browser.get(MINE).status_code == 404
    assert app.test_client().get(MINE).status_code == 303
