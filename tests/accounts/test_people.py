"""Who acts for a partner: invited, accepted, changed, taken out; at the next request, and never without an admin."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts import upkeep
from portal.accounts.models import Account, AskState, Invitation, Membership, MembershipRole
from portal.core import clock, mail
from portal.core.db import db
from portal.core.mail import Mail
from portal.core.permissions import Role
from portal.partners.models import Partner, PartnerState
from tests.make import THEN, Make
from tests.page import filled_in
from tests.postbox import Postbox

PASSWORD = "seven green tiles by the fjord"
PEOPLE = "/en/account/partners/harbour/people"
INVITE = "/en/account/partners/harbour/invite"
GUEST = {"name": "Guest", "password": PASSWORD, "locale": "en"}


@pytest.fixture
def harbour(make: Make) -> Partner:
    return make.partner("Harbour")


@pytest.fixture
def admin(make: Make, harbour: Partner) -> Account:
    return make.account("Admin", admin_of=[harbour])


def invited(
    app: Flask, admin: Account, postbox: Postbox, email: str = "guest@example.org", role: str = "editor"
) -> str:
    """Have the admin invite an address; returns the mailed link."""
    app.test_client().sign_in(admin).submit(INVITE, email=email, role=role, message="Come & help")
    return postbox.link(email)


def role_of(app: Flask, email: str) -> MembershipRole | None:
    with app.app_context():
        mine = select(Membership.role).join(Account).where(Account.email == email)
        return db.session.scalar(mine)


def test_a_new_person_registers_by_the_invitation_and_acts_at_once(
    app: Flask, client: Any, admin: Account, postbox: Postbox
) -> None:
    link = invited(app, admin, postbox)
    page = client.page(link)
    assert "Admin invites guest@example.org." in page.text
    assert "Come & help" in page.text
    assert client.submit(link, **GUEST).location == "/en/my"
    assert client.get(PEOPLE).status_code == 200
    assert postbox.fetch("admin@example.org")[-1]["Subject"] == "Guest has accepted your invitation"
    app.test_client().submit("/en/account/sign-in", email="guest@example.org", password=PASSWORD)


def test_a_person_with_an_account_signs_in_and_accepts(
    app: Flask, client: Any, make: Make, admin: Account, postbox: Postbox
) -> None:
    make.account("Guest", password=PASSWORD)
    link = invited(app, admin, postbox, role="admin")
    sign_in = next(one for one in client.page(link).links if "sign-in?next" in one and "invitation" in one)
    assert client.submit(sign_in, email="guest@example.org", password=PASSWORD).location == link
    client.submit(link)
    assert role_of(app, "guest@example.org") is MembershipRole.ADMIN


def test_somebody_signed_in_under_another_address_cannot_accept(
    app: Flask, client: Any, make: Make, admin: Account, postbox: Postbox
) -> None:
    link = invited(app, admin, postbox)
    client.sign_in(make.account("Other"))
    page = client.page(link)
    assert "you are signed in as other@example.org" in page.text
    assert any(one.get("action") == f"/en/account/sign-out?next={link}" for one in page.all("form"))
    assert client.post(link, data=GUEST).status_code in (200, 303)
    assert role_of(app, "other@example.org") is None
    assert role_of(app, "guest@example.org") is None


def test_whoever_squats_the_address_unproven_loses_it(
    app: Flask, client: Any, make: Make, admin: Account, postbox: Postbox
) -> None:
    squatter = make.account("Guest", email_verified_at=None, password="the squatter knows this one")
    there = app.test_client().sign_in(squatter)
    link = invited(app, admin, postbox)
    client.submit(link, **GUEST)
    assert there.get("/en/my").status_code == 303
    there.submit("/en/account/sign-in", status=422, email="guest@example.org", password="the squatter knows this one")


def test_used_expired_revoked_and_invented_links_say_the_same(
    app: Flask, client: Any, make: Make, admin: Account, postbox: Postbox
) -> None:
    deciding = app.test_client().sign_in(admin)
    used, late, revoked = (invited(app, admin, postbox, f"{name}@example.org") for name in ("a", "b", "c"))
    app.test_client().submit(used, **GUEST)
    deciding.submit(PEOPLE, "/en/account/partners/harbour/invitations/3/revoke")
    with make.writing():
        db.session.execute(update(Invitation).where(Invitation.id == 2).values(expires_at=THEN))
    bodies = {
        client.page(link, status=410).html.replace(link.rpartition("/")[2], "")
        for link in (used, late, revoked, "/en/account/invitation/invented")
    }
    assert len(bodies) == 1
    assert "ask the person who invited you to send the invitation again" in bodies.pop()
    signed_in = deciding.page(used, status=410)
    assert "/en/account/settings/partners" in signed_in.links
    assert "/en/account/reset" not in signed_in.links


def test_declining_tells_the_inviter_why(app: Flask, client: Any, admin: Account, postbox: Postbox) -> None:
    link = invited(app, admin, postbox)
    client.submit(f"{link}/decline", reason="I work <i>elsewhere</i>.")
    client.page("/en/account/invitation/declined")
    client.page(link, status=410)
    assert "I work <i>elsewhere</i>." in postbox.fetch("admin@example.org")[-1].get_content()
    assert "I work &lt;i&gt;elsewhere" in app.test_client().sign_in(admin).page(PEOPLE).html


def test_sending_again_gives_a_new_link_and_ends_the_old(app: Flask, admin: Account, postbox: Postbox) -> None:
    first = invited(app, admin, postbox)
    app.test_client().sign_in(admin).submit(PEOPLE, "/en/account/partners/harbour/invitations/1/resend")
    second = postbox.link("guest@example.org")
    app.test_client().page(first, status=410)
    app.test_client().page(second)
    third = invited(app, admin, postbox)
    app.test_client().page(second, status=410)
    app.test_client().page(third)
    with app.app_context():
        assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_an_invitation_lapses_and_can_be_renewed(app: Flask, make: Make, admin: Account, postbox: Postbox) -> None:
    invited(app, admin, postbox)
    with make.writing():
        upkeep.sweep(clock.now() + timedelta(days=15))
    client = app.test_client().sign_in(admin)
    assert "Expired" in client.page(PEOPLE).text
    client.submit(PEOPLE, "/en/account/partners/harbour/invitations/1/resend")
    app.test_client().page(postbox.link("guest@example.org"))


def test_who_accepted_and_left_for_good_leaves_no_nameless_heading(
    app: Flask, client: Any, admin: Account, postbox: Postbox
) -> None:
    client.submit(invited(app, admin, postbox), **GUEST)
    client.submit("/en/account/settings/data", present_password=PASSWORD)
    page = app.test_client().sign_in(admin).page(PEOPLE)
    assert "Somebody who has left" in page.text
    assert "guest@example.org" not in page.html


def test_an_invitation_whose_mail_came_back_says_so_until_it_is_sent_again(
    app: Flask, make: Make, admin: Account, postbox: Postbox
) -> None:
    invited(app, admin, postbox)
    client = app.test_client().sign_in(admin)
    assert "came back" not in client.page(PEOPLE).text
    with make.writing():
        letter = db.session.scalars(select(Mail).where(Mail.address == "guest@example.org")).one()
        mail.take_back(letter.message_id, "550 no such <mailbox>", now=clock.now())
    page = client.page(PEOPLE)
    assert "The mail came back" in page.text
    assert "550 no such <mailbox>" in page.text
    client.submit(PEOPLE, "/en/account/partners/harbour/invitations/1/resend")
    assert "came back" not in client.page(PEOPLE).text


def test_an_invitation_holds_until_the_end_of_the_day_that_its_mail_names(
    app: Flask, admin: Account, postbox: Postbox, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-02T09:00:00Z", tick=False)
    link = invited(app, admin, postbox)
    letter = postbox.fetch("guest@example.org")[-1]
    assert "by 16 November 2026 at the latest" in letter.get_content()
    assert letter["From"] == "Smart Society <portal@localhost>"
    time_machine.move_to("2026-11-16T22:30:00Z", tick=False)
    app.test_client().page(link)
    time_machine.move_to("2026-11-16T23:30:00Z", tick=False)
    app.test_client().page(link, status=410)


def test_inviting_tells_nothing_about_accounts(app: Flask, make: Make, admin: Account) -> None:
    make.account("Known")
    bodies = set()
    for name in ("known", "unknown"):
        client = app.test_client().sign_in(admin)
        answer = client.submit(INVITE, email=f"{name}@example.org")
        bodies.add((answer.location, answer.data, client.page(PEOPLE).text.count("sent ")))
    assert len({(location, body) for location, body, _ in bodies}) == 1


def test_who_acts_for_the_partner_already_needs_no_invitation(
    app: Flask, make: Make, harbour: Partner, admin: Account
) -> None:
    make.account("Colleague", editor_of=[harbour])
    client = app.test_client().sign_in(admin)
    answer = client.submit(INVITE, status=422, email="Colleague@example.org", message="typed text")
    assert "acts for the partner already" in answer.text
    assert "typed text" in answer.text


def test_only_admins_and_curators_invite(app: Flask, make: Make, harbour: Partner, admin: Account) -> None:
    other = make.partner("Other")
    refused = (
        make.account(editor_of=[harbour]),
        make.account(admin_of=[other]),
        make.account(roles=[Role.EDITOR]),
        make.account(roles=[Role.ADMINISTRATOR]),
    )
    for account in refused:
        assert app.test_client().sign_in(account).get(INVITE).status_code == 404
    for account in (admin, make.account(roles=[Role.CURATOR])):
        app.test_client().sign_in(account).page(INVITE)
    assert app.test_client().get(INVITE).status_code == 303
    assert app.test_client().sign_in(admin).get("/en/account/partners/nowhere/invite").status_code == 404


def test_only_its_people_curators_and_administrators_see_the_people(
    app: Flask, make: Make, harbour: Partner, admin: Account
) -> None:
    other = make.partner("Other")
    for account in (make.account(admin_of=[other]), make.account(roles=[Role.EDITOR]), make.account()):
        assert app.test_client().sign_in(account).get(PEOPLE).status_code == 404
    for account in (make.account("Ed", editor_of=[harbour]), make.account(roles=[Role.ADMINISTRATOR])):
        assert "Admin" in app.test_client().sign_in(account).page(PEOPLE).text


def test_a_change_of_role_acts_at_the_next_request(
    app: Flask, client: Any, make: Make, harbour: Partner, admin: Account, postbox: Postbox
) -> None:
    colleague = make.account("Colleague", editor_of=[harbour])
    client.sign_in(colleague)
    assert client.get(INVITE).status_code == 404
    deciding = app.test_client().sign_in(admin)
    member = next(one for one in deciding.page(PEOPLE).links if one.startswith(f"{PEOPLE}/") and not one.endswith("/1"))
    deciding.submit(member, role="admin")
    assert client.get(INVITE).status_code == 200
    deciding.submit(member, role="editor")
    assert client.get(INVITE).status_code == 404
    deciding.submit(member, f"{member}/remove")
    assert client.get(PEOPLE).status_code == 404
    assert [one["Subject"] for one in postbox.fetch("colleague@example.org")][-1] == "You act for Harbour no more"


def test_the_last_admin_stays(app: Flask, make: Make, harbour: Partner, admin: Account) -> None:
    make.account("Colleague", editor_of=[harbour])
    client = app.test_client().sign_in(admin)
    own = f"{PEOPLE}/1"
    assert "last person who administers" in client.submit(own, status=422, role="editor").text
    assert client.submit(own, f"{own}/leave").location == own
    assert "last person who administers" in client.page(own).text
    assert role_of(app, "admin@example.org") is MembershipRole.ADMIN


def test_a_colleague_leaves(app: Flask, client: Any, make: Make, harbour: Partner, admin: Account) -> None:
    client.sign_in(make.account("Colleague", editor_of=[harbour]))
    own = next(one for one in client.page(PEOPLE).links if one.startswith(f"{PEOPLE}/"))
    assert client.post(f"{PEOPLE}/1/remove").status_code in (303, 404)
    client.submit(own, f"{own}/leave")
    assert client.get(PEOPLE).status_code == 404
    assert role_of(app, "colleague@example.org") is None


def test_an_editor_cannot_change_or_take_out_anybody(
    app: Flask, client: Any, make: Make, harbour: Partner, admin: Account
) -> None:
    colleague = make.account("Colleague", editor_of=[harbour])
    client.sign_in(colleague)
    page = client.page(f"{PEOPLE}/2")
    token = next(one.get("value") for one in page.all("input") if one.get("name") == "csrf_token")
    for path, sent in ((f"{PEOPLE}/1", {"role": "editor"}), (f"{PEOPLE}/1/remove", {}), (f"{PEOPLE}/1/leave", {})):
        assert client.post(path, data={**sent, "csrf_token": token}).status_code == 404
    assert client.post(f"{PEOPLE}/2", data={"role": "admin", "csrf_token": token}).status_code == 404
    assert role_of(app, "admin@example.org") is MembershipRole.ADMIN
    assert role_of(app, "colleague@example.org") is MembershipRole.EDITOR


def test_a_used_invitation_cannot_be_sent_again(app: Flask, admin: Account, postbox: Postbox) -> None:
    link = invited(app, admin, postbox)
    client = app.test_client().sign_in(admin)
    page = client.page(PEOPLE)
    token = next(one.get("value") for one in page.all("input") if one.get("name") == "csrf_token")
    app.test_client().submit(link, **GUEST)
    answer = client.post("/en/account/partners/harbour/invitations/1/resend", data={"csrf_token": token})
    assert answer.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Invitation.state)).one() is AskState.ACCEPTED


def test_accepting_twice_is_once(client: Any, app: Flask, admin: Account, postbox: Postbox) -> None:
    link = invited(app, admin, postbox)
    page = client.page(link)
    form = next(one for one in page.all("form") if one.get("method") == "post" and not one.get("action"))
    sent = {e.get("name"): e.get("value", "") for e in form.iter() if e.get("name")} | GUEST
    first = client.post(link, data=sent)
    assert first.status_code == 303
    assert client.post(link, data=sent).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Membership)).all()) == 2


def test_many_invitations_to_one_address_have_to_wait(app: Flask, admin: Account, postbox: Postbox) -> None:
    for _ in range(5):
        invited(app, admin, postbox)
    app.test_client().sign_in(admin).submit(INVITE, status=429, email="guest@example.org")


OWN = "/en/account/invitations/1"


@pytest.fixture
def guest(app: Flask, client: Any, make: Make, admin: Account, postbox: Postbox) -> Any:
    """Somebody whose proven address is invited, in their browser."""
    invited(app, admin, postbox, role="admin")
    return client.sign_in(make.account("Guest"))


def test_an_invitation_to_a_proven_address_is_accepted_without_the_mailed_link(app: Flask, guest: Any) -> None:
    assert OWN in guest.page("/en/my").links
    page = guest.page(OWN)
    assert "Come & help" in page.text
    sent = filled_in(next(one for one in page.all("form") if one.get("method") == "post" and not one.get("action")))
    assert [guest.post(OWN, data=sent).location for _ in range(2)] == ["/en/my"] * 2
    assert role_of(app, "guest@example.org") is MembershipRole.ADMIN
    assert OWN not in guest.page("/en/my").links
    guest.page(OWN, status=410)


def test_it_is_declined_there_too(app: Flask, guest: Any, postbox: Postbox) -> None:
    decline = f"{OWN}/decline"
    assert decline in guest.page(OWN).links
    assert "longer than 2000" in guest.submit(decline, status=422, reason="x" * 2001).text
    guest.submit(decline, reason="I work elsewhere.")
    assert "I work elsewhere." in postbox.fetch("admin@example.org")[-1].get_content()
    assert role_of(app, "guest@example.org") is None
    guest.page(decline, status=410)


def test_nobody_else_sees_an_invitation(app: Flask, guest: Any, make: Make, admin: Account) -> None:
    with make.writing():
        db.session.execute(update(Account).where(Account.name == "Guest").values(email_verified_at=None))
    for browser in (guest, *(app.test_client().sign_in(one) for one in (admin, make.account("Other")))):
        assert OWN not in browser.page("/en/my").links
        for path in (OWN, f"{OWN}/decline", "/en/account/invitations/99"):
            assert browser.get(path).status_code == 404
    assert app.test_client().get(OWN).status_code == 303


@pytest.mark.parametrize("what", ["late", "hidden"])
def test_an_invitation_that_is_open_no_more_waits_for_nobody(guest: Any, make: Make, what: str) -> None:
    with make.writing():
        if what == "late":
            db.session.execute(update(Invitation).values(expires_at=THEN))
        else:
            db.session.execute(update(Partner).values(state=PartnerState.LEFT))
    assert OWN not in guest.page("/en/my").links
    guest.page(OWN, status=410)
