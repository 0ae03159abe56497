"""Curators take partners in, ask back, reject, put to rest, take out and bring back; their people are told by mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import JoinRequest
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role
from portal.partners.models import ChangeState, ContactPoint, Partner, PartnerChange, PartnerState
from portal.search.models import OutboxRow
from tests.make import THEN, Make
from tests.page import Page, filled_in, names_of

DIRECTORY = "/en/staff/partners"


@pytest.fixture
def curator(client: Any, make: Make) -> Any:
    return client.sign_in(make.account("Curator", roles=[Role.CURATOR]))


@pytest.fixture
def applicant(make: Make) -> Partner:
    partner = make.partner("Newcomer", state=PartnerState.SUGGESTED)
    make.account("Applicant", admin_of=[partner])
    return partner


def _state(app: Flask, partner: Partner) -> PartnerState:
    with app.app_context():
        return db.session.get_one(Partner, partner.id).state


def test_an_application_is_approved_and_its_people_are_told(
    app: Flask, curator: Any, applicant: Partner, postbox: Any
) -> None:
    assert "Newcomer" in curator.page("/en/staff/applications").text
    assert app.test_client().get("/en/partners/newcomer").status_code == 404
    curator.submit("/en/staff/applications", f"{DIRECTORY}/newcomer/approve?back=queue")
    assert app.test_client().get("/en/partners/newcomer").status_code == 200
    assert postbox.link("applicant@example.org") == "/en/partners/newcomer"
    assert "No application waits." in curator.page("/en/staff/applications").text


def test_a_rejection_has_a_reason_that_is_mailed(app: Flask, curator: Any, applicant: Partner, postbox: Any) -> None:
    curator.submit(f"{DIRECTORY}/newcomer/reject", status=422, reason="")
    curator.submit(f"{DIRECTORY}/newcomer/reject", reason="No such organisation in the register.")
    assert _state(app, applicant) is PartnerState.REJECTED
    assert "No such organisation" in postbox.fetch("applicant@example.org")[-1].get_content()
    curator.submit(f"{DIRECTORY}/newcomer", f"{DIRECTORY}/newcomer/approve")
    assert _state(app, applicant) is PartnerState.PUBLISHED


def test_a_question_leaves_the_application_waiting(app: Flask, curator: Any, applicant: Partner, postbox: Any) -> None:
    curator.submit(f"{DIRECTORY}/newcomer/ask", reason="What is your CVR number?")
    assert _state(app, applicant) is PartnerState.SUGGESTED
    assert "What is your CVR number?" in postbox.fetch("applicant@example.org")[-1].get_content()
    assert "asked back" in curator.page("/en/staff/applications").text


def test_a_partner_rests_leaves_and_comes_back(app: Flask, curator: Any, make: Make) -> None:
    partner = make.partner("Somebody")
    for decision, state, public in (
        ("dormant", PartnerState.DORMANT, 200),
        ("left", PartnerState.LEFT, 410),
        ("restore", PartnerState.PUBLISHED, 200),
    ):
        curator.submit(f"{DIRECTORY}/somebody/{decision}", reason="Because.")
        assert _state(app, partner) is state
        assert app.test_client().get("/en/partners/somebody").status_code == public


def test_a_decision_leads_to_what_waits_next_or_back_to_the_partner(
    app: Flask, curator: Any, make: Make, applicant: Partner
) -> None:
    make.partner("Second", state=PartnerState.SUGGESTED)
    make.partner("Third", state=PartnerState.SUGGESTED)
    here = "/en/staff/applications"
    answer = curator.submit(here, f"{DIRECTORY}/newcomer/approve?back=queue")
    assert answer.location == f"{here}#first"
    page = curator.page(here)
    place = next(e for e in page.elements if e.get("id") == "first")
    said = re.sub(r"\s+", " ", "".join(place.itertext()))
    assert said.index("Newcomer is in the directory now") < said.index("Second") < said.index("Third")
    assert curator.submit(f"{DIRECTORY}/second/reject?back=queue", reason="Not one.").location == f"{here}#first"
    assert curator.submit(f"{DIRECTORY}/third", f"{DIRECTORY}/third/approve").location == f"{DIRECTORY}/third"
    assert curator.submit(f"{DIRECTORY}/third", f"{DIRECTORY}/third/confirm").location == f"{DIRECTORY}/third"


def test_an_application_says_who_applied_and_which_partner_it_looks_like(curator: Any, make: Make) -> None:
    make.partner("Doorstep")
    again = make.partner("Doorstep A/S", state=PartnerState.SUGGESTED)
    make.account("Ada Applicant", admin_of=[again], email="ada@example.org")
    page = curator.page("/en/staff/applications")
    assert "applied for by Ada Applicant (ada@example.org)" in page.text
    assert "Looks like Doorstep, which is in the directory." in page.text
    assert "/en/staff/merge/doorstep/doorstep-a-s" in page.links


def test_projects_are_due_to_be_confirmed_as_profiles_are(curator: Any, make: Make) -> None:
    make.project("Old news", created_at=clock.now() - timedelta(days=400))
    make.project("Young", created_at=clock.now())
    here = "/en/staff/project-confirmations"
    assert "Projects to confirm" in curator.page("/en/staff").text
    assert "Young" not in curator.page(here).text
    to = next(form.get("action") for form in curator.page(here).all("form") if "/confirm" in form.get("action", ""))
    assert curator.submit(here, to).location == f"{here}#first"
    assert "No project is due to be confirmed." in curator.page(here).text


def test_a_compared_number_is_told_until_it_changes(app: Flask, curator: Any, make: Make) -> None:
    partner = make.partner("Somebody", cvr="25313763")
    here = f"{DIRECTORY}/somebody"
    page = curator.page(here)
    assert "https://datacvr.virk.dk/enhed/virksomhed/25313763" in page.links
    assert "CVR number compared not reported" in page.text
    curator.submit(here, f"{here}/cvr")
    assert "by Curator" in curator.page(here).text
    with make.writing():
        db.session.get_one(Partner, partner.id).cvr = "10403782"
    assert "CVR number compared not reported" in curator.page(here).text


def test_whoever_is_asked_from_a_queue_leaves_it_to_the_next(app: Flask, curator: Any, make: Make) -> None:
    partner = make.partner("Somebody")
    with make.writing():
        db.session.add(ContactPoint(partner_id=partner.id, name="Call me", email="call@example.org"))
    here = "/en/staff/consents"
    to = next(form.get("action") for form in curator.page(here).all("form") if "/contacts/" in form.get("action", ""))
    assert curator.submit(here, to).location == f"{here}#first"
    asked = app.test_client().sign_in(make.account(admin_of=[partner]))
    contacts = "/en/partners/somebody/contacts"
    form = next(one.get("action") for one in asked.page(contacts).all("form") if one.get("action", "").endswith("/ask"))
    assert asked.submit(contacts, form).location == contacts


def test_the_directory_is_searched_and_the_file_holds_what_was_found(app: Flask, curator: Any, make: Make) -> None:
    make.partner("Aarhus Vand", cvr="25313763", name_en="Aarhus Water")
    make.partner("Ørsted", state=PartnerState.LEFT)
    make.partner("Zealand Utility", name_en="A first one")
    page = curator.page(f"{DIRECTORY}?q=vand+AARHUS")
    assert "1 partner" in page.text
    assert curator.page(f"{DIRECTORY}?q=2531").text.count("Aarhus Water") == 1
    assert "1 partner" in curator.page(f"{DIRECTORY}?q=rsted&state=left").text
    assert "No partner is called that." in curator.page(f"{DIRECTORY}?q=100%25").text
    file = next(link for link in page.links if ".csv" in link)
    assert "Aarhus Water" in (rows := curator.get(file).get_data(as_text=True))
    assert "A first one" not in rows
    everything = curator.page(DIRECTORY).text
    assert everything.index("A first one") < everything.index("Aarhus Water")


def test_the_desks_page_of_a_partner_leads_to_its_profile_and_says_what_was_done(
    app: Flask, curator: Any, make: Make
) -> None:
    make.partner("Somebody")
    curator.submit(f"{DIRECTORY}/somebody/dormant", reason="Resting.")
    page = curator.page(f"{DIRECTORY}/somebody")
    assert {"/en/partners/somebody/edit", "/en/partners/somebody/contacts"} <= set(page.links)
    assert "State Published → Dormant" in page.text
    assert "Status Offentliggjort → Hvilende" in curator.page("/da/staff/partners/somebody").text
    reader = app.test_client().sign_in(make.account(roles=[Role.EDITOR]))
    assert "What was done" not in reader.page(f"{DIRECTORY}/somebody").text


def test_what_does_not_fit_the_state_is_refused(app: Flask, curator: Any, make: Make) -> None:
    partner = make.partner("Somebody")
    curator.submit(f"{DIRECTORY}/somebody/reject", status=422, reason="Too late.")
    assert _state(app, partner) is PartnerState.PUBLISHED


def test_approving_twice_is_one_approval(app: Flask, curator: Any, applicant: Partner) -> None:
    page = curator.page("/en/staff/applications")
    form = next(one for one in page.all("form") if one.get("action") == f"{DIRECTORY}/newcomer/approve?back=queue")
    from tests.page import filled_in

    sent = filled_in(form)
    assert [curator.post(f"{DIRECTORY}/newcomer/approve", data=sent).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "partner.approved")).all()
    assert len(entries) == 1


def test_a_proposed_change_is_accepted_or_refused_with_a_reason(
    app: Flask, curator: Any, make: Make, postbox: Any
) -> None:
    partner = make.partner("Old name")
    make.account("Admin", admin_of=[partner])

    def propose(name: str) -> int:
        with make.writing():
            change = PartnerChange(
                partner_id=partner.id, changes={"name": [partner.name, name]}, proposed_by="Admin", created_at=THEN
            )
            db.session.add(change)
            db.session.flush()
            return change.id

    first = propose("New name")
    page = curator.page("/en/staff/changes").text
    assert "Old name" in page
    assert "New name" in page
    curator.submit("/en/staff/changes", f"/en/staff/changes/{first}/accept")
    second = propose("Silly name")
    curator.submit(f"/en/staff/changes/{second}/refuse", reason="That is somebody else.")
    assert "That is somebody else." in postbox.fetch("admin@example.org")[-1].get_content()
    with app.app_context():
        assert db.session.get_one(Partner, partner.id).name == "New name"
        assert db.session.get_one(PartnerChange, second).state is ChangeState.REFUSED
    assert curator.get("/en/staff/changes/999/refuse").status_code == 404


def test_the_directory_shows_every_state_and_can_be_taken_along(curator: Any, make: Make) -> None:
    make.partner("Public one")
    make.partner("Waiting one", state=PartnerState.SUGGESTED)
    assert "Waiting one" in curator.page(DIRECTORY).text
    only = curator.page(f"{DIRECTORY}?state=published").text
    assert "Public one" in only
    assert "Waiting one" not in only
    assert "Waiting one" in curator.get(f"{DIRECTORY}.csv").get_data(as_text=True)
    assert "Waiting one" in curator.page(f"{DIRECTORY}/waiting-one").text
    assert curator.get(f"{DIRECTORY}/nobody").status_code == 404


def test_other_staff_read_and_do_not_decide(app: Flask, make: Make, applicant: Partner) -> None:
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        browser = app.test_client().sign_in(make.account(roles=[role]))
        page = browser.page(f"{DIRECTORY}/newcomer")
        assert "Approve" not in page.text
        assert browser.get("/en/staff/applications").status_code == 404
        assert browser.get(f"{DIRECTORY}/newcomer/reject").status_code == 404
    member = app.test_client().sign_in(make.account(admin_of=[make.partner()]))
    assert member.get(DIRECTORY).status_code == 404


def test_somebody_who_asks_to_join_a_partner_without_admins_is_answered_here(
    app: Flask, curator: Any, make: Make
) -> None:
    alone, looked_after = make.partner("Alone"), make.partner("Looked after")
    make.account(admin_of=[looked_after])
    asker = make.account("Asker")
    with make.writing():
        for partner in (alone, looked_after):
            db.session.add(JoinRequest(account_id=asker.id, partner_id=partner.id, created_at=THEN))
    page = curator.page("/en/staff/join-requests")
    assert "Asker wants to act for Alone" in page.text
    assert "Looked after" not in page.text
    curator.page(next(one for one in page.links if "/account/join-requests/" in one))


@pytest.mark.parametrize(
    "queue",
    ["join-requests", "corrections", "confirmations", "consents", "descriptions", "silent", "applications", "changes"],
)
def test_a_queue_is_a_sound_page_full_and_empty(curator: Any, make: Make, queue: str) -> None:
    curator.page(f"/en/staff/{queue}")
    make.partner("Undescribed", description_en="Something.")
    curator.page(f"/da/staff/{queue}")


NEW = f"{DIRECTORY}/new"
HARBOUR = {"name": "Rambøll Havn A/S", "type": "company", "cvr": "35128417"}


def test_a_curator_adds_a_partner_that_is_public_and_found_at_once(app: Flask, curator: Any, make: Make) -> None:
    town = make.municipality("Vejle")
    assert NEW in curator.page(DIRECTORY).links
    sent = {**HARBOUR, "municipality": str(town.id), "cvr": "35 12 84 17", "description_en": "It keeps ships."}
    place = curator.submit(NEW, **sent).location
    page = app.test_client().page(place.replace("/staff", ""))
    for said in ("Rambøll Havn A/S", "35128417", "Vejle", "It keeps ships."):
        assert said in page.text
    with app.app_context():
        partner = db.session.scalars(select(Partner)).one()
        changed = select(OutboxRow.subject_id).where(OutboxRow.kind == "partner")
        assert partner.id in db.session.scalars(changed).all()
        added = select(AuditEntry).where(AuditEntry.action == "partner.added")
        assert db.session.scalars(added).one().subject_id == str(partner.id)


def test_what_looks_like_it_is_shown_before_it_is_added(app: Flask, curator: Any, make: Make) -> None:
    make.partner("Ramboll Havn")
    page = curator.submit(NEW, status=422, **HARBOUR)
    assert "Is it one of these?" in page.text
    assert f"{DIRECTORY}/ramboll-havn" in page.text
    assert "35128417" in page.text
    form = next(one for one in Page(page).all("form") if "is_another" in names_of(one))
    assert curator.post(NEW, data={**filled_in(form), "is_another": "y"}).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Partner)).all()) == 2


def test_a_number_that_another_has_is_refused_whatever_is_said(app: Flask, curator: Any, make: Make) -> None:
    make.partner("Quite Something Else", cvr="35128417")
    assert "Same CVR number" in curator.submit(NEW, status=422, **HARBOUR).text
    form = next(one for one in curator.page(NEW).all("form") if "name" in names_of(one))
    page = curator.post(NEW, data={**filled_in(form), **HARBOUR, "is_another": "y"})
    assert page.status_code == 422
    assert "known already" in page.text
    assert f"{DIRECTORY}/quite-something-else" in page.text
    make.partner("Gone", cvr="10150817", state=PartnerState.LEFT)
    assert "known already" in curator.submit(NEW, status=422, **{**HARBOUR, "cvr": "10150817"}).text


def test_what_is_wrong_with_a_new_partner_is_said_at_its_field(curator: Any) -> None:
    page = curator.submit(NEW, status=422, name="", type="", cvr="12345678", website="nowhere", description_da="Kept")
    for said in ("Write its name.", "Choose a type.", "8 digits", "Write the whole address", "Kept"):
        assert said in page.text


def test_adding_twice_adds_once(app: Flask, curator: Any) -> None:
    form = next(one for one in curator.page(NEW).all("form") if "name" in names_of(one))
    sent = {**filled_in(form), **HARBOUR}
    assert len({curator.post(NEW, data=sent).location for _ in range(2)}) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Partner)).all()) == 1


def test_only_curators_add_partners(app: Flask, make: Make) -> None:
    for account in (make.account(roles=[Role.EDITOR]), make.account(admin_of=[make.partner()])):
        browser = app.test_client().sign_in(account)
        assert browser.get(NEW).status_code == 404
    editor = app.test_client().sign_in(make.account(roles=[Role.EDITOR]))
    assert NEW not in editor.page(DIRECTORY).links
    assert app.test_client().get(NEW).status_code == 303


@pytest.mark.sqlite_only
def test_a_long_queue_has_pages(curator: Any, make: Make) -> None:
    for n in range(51):
        make.partner(f"Newcomer {n:02}", state=PartnerState.SUGGESTED)
    first, second = (curator.page(f"/en/staff/applications{query}") for query in ("", "?page=2"))
    assert "/en/staff/applications?page=2" in first.links
    assert "Newcomer 49" in first.text
    assert "Newcomer 50" not in first.text
    assert "Newcomer 50" in second.text
    for query in ("?page=3", "?page=x", "?page=0"):
        assert curator.get(f"/en/staff/applications{query}").status_code == 404
