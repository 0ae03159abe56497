"""Becoming one of the portal's people: nothing tells who is, and nothing counts before the address is proven."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import upkeep
from portal.accounts.models import Account, JoinRequest, Membership, MembershipRole
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Role
from portal.partners.models import Partner, PartnerState
from tests.make import Make
from tests.page import Page
from tests.postbox import Postbox

PASSWORD = "seven green tiles by the fjord"
REGISTER = "/en/account/register"
PERSON = {"name": "New person", "email": "New@example.org", "password": PASSWORD, "locale": "en"}
PARTNERS = "/en/account/settings/partners"


def registered(client: Any, postbox: Postbox) -> str:
    """Register a new person; returns the mailed link."""
    client.submit(REGISTER, **PERSON)
    return postbox.link("new@example.org")


def test_somebody_registers_proves_the_address_and_is_signed_in(client: Any, postbox: Postbox) -> None:
    link = registered(client, postbox)
    assert "new@example.org is your address?" in client.page(link).text
    assert client.submit(link, password=PASSWORD).location == PARTNERS
    page = client.page(PARTNERS)
    assert "Your e-mail address is verified" in page.text
    assert "not verified yet" not in page.text


def test_looking_at_the_link_uses_nothing_up_and_using_it_works_once(app: Flask, client: Any, postbox: Postbox) -> None:
    link = registered(client, postbox)
    for _ in range(3):
        client.page(link)
    client.submit(link, password=PASSWORD)
    app.test_client().page(link, status=410)


def test_a_link_that_went_astray_opens_nothing(app: Flask, client: Any, postbox: Postbox) -> None:
    link = registered(client, postbox)
    answer = app.test_client().submit(link, status=422, password="another password altogether")
    assert "not the password" in answer.text
    client.submit("/en/account/sign-in", email="new@example.org", password=PASSWORD)
    assert "Yes, it is mine" in client.page(link).text
    client.submit(link)
    assert "not verified yet" not in client.page(PARTNERS).text


def test_known_and_unknown_addresses_get_the_same_answer(app: Flask, make: Make, postbox: Postbox) -> None:
    make.account("New", email="new@example.org")
    bodies = set()
    for email in ("new@example.org", "unknown@example.org"):
        fresh = app.test_client()
        answer = fresh.submit(REGISTER, **{**PERSON, "email": email})
        sent = fresh.page(answer.location)
        assert f"We have written to {email}." in sent.text
        bodies.add((answer.location, answer.data, sent.html.replace(email, "")))
    assert len(bodies) == 1
    assert [one["Subject"] for one in postbox.fetch("new@example.org")] == ["You have an account already"]
    assert [one["Subject"] for one in postbox.fetch("unknown@example.org")] == ["Verify your e-mail address"]


def test_a_known_and_an_unknown_address_cost_the_same_hash(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.account("New", email="new@example.org")
    hashed: list[str] = []
    monkeypatch.setattr("portal.accounts.passwords.hashed", lambda password: hashed.append(password) or "hash")
    for email in ("new@example.org", "unknown@example.org"):
        app.test_client().submit(REGISTER, **{**PERSON, "email": email})
    assert hashed == [PASSWORD, PASSWORD]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Write your name."),
        ("email", "no address", "like name@example.org"),
        ("password", "short", "Choose a longer password"),
        ("password", "New@example.org", "not your name or e-mail"),
        ("password", "newnewnewnew", "too easy to guess"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_the_rest_is_kept(
    client: Any, field: str, value: str, told: str
) -> None:
    answer = client.submit(REGISTER, status=422, **{**PERSON, field: value})
    assert told in answer.text
    assert 'value="New' in answer.text
    assert PASSWORD not in answer.text


def test_the_summary_names_what_is_wrong_in_the_order_of_the_page(client: Any) -> None:
    answer = client.submit("/en/account/register", status=422)
    words = [" ".join("".join(one.itertext()).split()) for one in Page(answer).all("a")]
    named = [one.partition(":")[0] for one in words if ":" in one]
    assert named == ["Name", "E-mail", "Password"]


def test_sent_twice_makes_one_account(app: Flask, client: Any, postbox: Postbox) -> None:
    page = client.page(REGISTER)
    form = next(one for one in page.all("form") if one.get("method") == "post")
    sent = {e.get("name"): e.get("value", "") for e in form.iter() if e.get("name")} | PERSON
    assert client.post(REGISTER, data=sent).location == client.post(REGISTER, data=sent).location
    assert len(postbox.fetch("new@example.org")) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Account)).all()) == 1


def test_too_many_registrations_of_an_address_have_to_wait(app: Flask) -> None:
    for _ in range(5):
        app.test_client().submit(REGISTER, **PERSON)
    app.test_client().submit(REGISTER, status=429, **PERSON)


def test_an_unproven_account_acts_for_nobody(app: Flask, client: Any, make: Make) -> None:
    partner = make.partner("Harbour")
    account = make.account(email_verified_at=None, admin_of=[partner])
    client.sign_in(account)
    assert client.get("/en/account/partners/harbour/people").status_code == 404
    for path in ("/en/account/join", "/en/account/propose"):
        assert "Verify your e-mail address first" in client.page(path).text
        assert client.post(path, data={"partner": partner.id, "name": "x"}).status_code != 500
    with app.app_context():
        assert db.session.scalars(select(JoinRequest)).all() == []


def test_the_mail_sent_again_leads_on_to_where_the_first_one_did(app: Flask, client: Any, postbox: Postbox) -> None:
    client.submit(f"{REGISTER}?next=/en/account/join?partner=harbour", **PERSON)
    first = postbox.link("new@example.org")
    client.submit("/en/account/sign-in", email="new@example.org", password=PASSWORD)
    for _ in range(2):
        client.submit(PARTNERS, "/en/account/verify")
    app.test_client().page(first, status=410)
    assert client.submit(postbox.link("new@example.org")).location == "/en/account/join?partner=harbour"
    assert "not verified yet" not in client.page(PARTNERS).text


def test_registering_leads_on_to_no_other_site(client: Any, postbox: Postbox) -> None:
    client.submit(f"{REGISTER}?next=//example.org/", **PERSON)
    assert client.submit(postbox.link("new@example.org"), password=PASSWORD).location == PARTNERS


def test_somebody_asks_to_join_and_the_admin_accepts(app: Flask, client: Any, make: Make, postbox: Postbox) -> None:
    harbour = make.partner("Harbour")
    admin = make.account("Admin", admin_of=[harbour])
    asker = make.account("Asker")
    client.sign_in(asker)
    client.submit("/en/account/join?partner=harbour", message="I work <b>here</b>")
    assert "Harbour" in client.page(PARTNERS).text
    link = postbox.link("admin@example.org")
    deciding = app.test_client().sign_in(admin)
    assert "I work <b>here</b>" in deciding.page(link).text
    deciding.submit(link, decision="accept", role="editor")
    assert client.get("/en/account/partners/harbour/people").status_code == 200
    assert postbox.fetch("asker@example.org")[-1]["Subject"] == "You act for Harbour now"


def test_a_refusal_needs_a_reason_and_is_mailed(app: Flask, client: Any, make: Make, postbox: Postbox) -> None:
    harbour = make.partner("Harbour")
    admin, asker = make.account("Admin", admin_of=[harbour]), make.account("Asker")
    client.sign_in(asker).submit("/en/account/join", partner=str(harbour.id))
    link = postbox.link("admin@example.org")
    deciding = app.test_client().sign_in(admin)
    deciding.submit(link, status=422, decision="refuse", reason="")
    deciding.submit(link, decision="refuse", reason="We do not know you.")
    assert "We do not know you." in postbox.fetch("asker@example.org")[-1].get_content()
    assert "has its answer already" in deciding.page(link).text
    assert "We do not know you." in client.page(PARTNERS).text
    client.submit("/en/account/join", partner=str(harbour.id))


def test_curators_are_asked_where_a_partner_has_no_admin(app: Flask, make: Make, postbox: Postbox) -> None:
    harbour = make.partner("Harbour")
    make.account("Editor", editor_of=[harbour])
    curator = make.account("Curator", roles=[Role.CURATOR])
    app.test_client().sign_in(make.account("Asker")).submit("/en/account/join", partner=str(harbour.id))
    link = postbox.link("curator@example.org")
    app.test_client().sign_in(curator).submit(link, decision="accept", role="admin")
    assert len(postbox.fetch("editor@example.org")) == 0


def test_who_waits_for_an_answer_asks_once_more_and_is_told_when_nobody_answers(
    app: Flask, make: Make, postbox: Postbox, time_machine: Any
) -> None:
    harbour = make.partner("Harbour")
    make.account("Admin", admin_of=[harbour])
    make.account("Curator", roles=[Role.CURATOR])
    asker = make.account("Asker")
    remind = "/en/account/join-requests/1/remind"

    def remind_after(day: int, status: int = 303) -> tuple[int, int]:
        time_machine.move_to(f"2026-11-{day:02}T09:00:00Z", tick=False)
        client = app.test_client().sign_in(asker)
        client.submit(PARTNERS, remind, status=status)
        return tuple(len(postbox.fetch(f"{who}@example.org")) for who in ("admin", "curator"))  # type: ignore[return-value]

    time_machine.move_to("2026-11-01T09:00:00Z", tick=False)
    app.test_client().sign_in(asker).submit("/en/account/join", partner=str(harbour.id))
    assert "by 1 December 2026" in postbox.fetch("admin@example.org")[-1].get_content()
    assert remind_after(2) == (2, 0)
    assert remind_after(2, status=429) == (2, 0)
    assert remind_after(9) == (3, 1), "after a week of silence curators are asked as well"
    time_machine.move_to("2026-12-02T09:00:00Z", tick=False)
    with make.writing():
        upkeep.sweep(clock.now())
    letter = postbox.fetch("asker@example.org")[-1]
    assert letter["Subject"] == "Nobody has answered whether you can join Harbour"
    client = app.test_client().sign_in(asker)
    page = client.page(PARTNERS)
    assert "Nobody has answered in time" in page.text
    assert remind not in page.html
    client.submit("/en/account/join", partner=str(harbour.id))


def test_a_request_is_nobody_elses_to_see_or_decide(app: Flask, make: Make) -> None:
    harbour, other = make.partner("Harbour"), make.partner("Other")
    app.test_client().sign_in(make.account("Asker")).submit("/en/account/join", partner=str(harbour.id))
    address = "/en/account/join-requests/1"
    assert app.test_client().get(address).status_code == 303
    for account in (make.account(admin_of=[other]), make.account(editor_of=[harbour]), make.account()):
        assert app.test_client().sign_in(account).get(address).status_code == 404
        assert app.test_client().sign_in(account).get("/en/account/join-requests/99").status_code == 404


def test_asking_twice_is_told_and_withdrawing_is_ones_own(app: Flask, client: Any, make: Make) -> None:
    harbour = make.partner("Harbour")
    client.sign_in(make.account("Asker"))
    client.submit("/en/account/join", partner=str(harbour.id))
    assert (
        "asked this organisation already" in client.submit("/en/account/join", status=422, partner=str(harbour.id)).text
    )
    stranger = app.test_client().sign_in(make.account())
    stranger.page(PARTNERS)
    client.submit(PARTNERS, "/en/account/join-requests/1/cancel")
    assert "You have asked to join" not in client.page(PARTNERS).text.replace("You have asked to join. A mail", "")


PROPOSAL = {
    "name": "Fjord Labs",
    "type": "company",
    "country": "DK",
    "cvr": "10150817",
    "website": "fjord.example",
}


def test_somebody_proposes_a_partner_and_administers_it_once_it_is_public(
    app: Flask, client: Any, make: Make, postbox: Postbox
) -> None:
    make.account("Curator", roles=[Role.CURATOR])
    client.sign_in(make.account("Founder"))
    client.submit("/en/account/propose", **PROPOSAL)
    assert "The staff look at the proposal" in client.page(PARTNERS).text
    assert "Fjord Labs" in postbox.fetch("curator@example.org")[-1]["Subject"]
    assert app.test_client().get("/en/partners/fjord-labs").status_code == 404
    assert client.get("/en/account/partners/fjord-labs/people").status_code == 404
    with make.writing():
        partner = db.session.scalars(select(Partner)).one()
        assert (partner.state, partner.cvr, partner.website) == (
            PartnerState.SUGGESTED,
            "10150817",
            "https://fjord.example",
        )
        assert db.session.scalars(select(Membership.role)).one() is MembershipRole.ADMIN
        partner.state = PartnerState.PUBLISHED
    assert client.get("/en/account/partners/fjord-labs/people").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Write its name."),
        ("type", "", "Choose a type."),
        ("cvr", "12345678", "this is none"),
        ("cvr", "10 15 08 17", "known already"),
        ("website", "fjord", "Write the whole address"),
        ("website", "javascript:alert(1)", "Write the whole address"),
    ],
)
def test_a_proposal_that_cannot_be_taken_says_why(client: Any, make: Make, field: str, value: str, told: str) -> None:
    make.partner("Known", cvr="10150817")
    client.sign_in(make.account())
    given = {**PROPOSAL, "cvr": "", "description_en": "what it does", field: value}
    answer = client.submit("/en/account/propose", status=422, **given)
    assert told in answer.text
    assert "what it does" in answer.text


def test_two_organisations_of_one_name_get_two_addresses(client: Any, make: Make) -> None:
    client.sign_in(make.account())
    for _ in range(3):
        client.submit("/en/account/propose", **{**PROPOSAL, "cvr": ""})
    with make.writing():
        assert len(set(db.session.scalars(select(Partner.slug)))) == 3


def test_a_visitor_is_sent_to_sign_in(client: Any) -> None:
    for path in (PARTNERS, "/en/account/join", "/en/account/propose"):
        assert client.get(path).location.startswith("/en/account/sign-in")
