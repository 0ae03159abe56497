"""People to call are shown as far as they agreed, and disappear everywhere the moment they withdraw."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.core.strangers import Pace
from portal.partners.models import Consent, ContactPoint, Partner
from portal.partners.permissions import (
    contacts_edited_by,
    contacts_owned_by,
    contacts_seen_by,
    is_own_contact,
    may_edit_contact,
    may_see_contact,
)
from tests.make import THEN, Make
from tests.page import filled_in, names_of

PROFILE = "/en/partners/gate"
CONTACTS = f"{PROFILE}/contacts"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "least_s", 0.0)


@pytest.fixture
def partner(make: Make) -> Partner:
    return make.partner("Gate")


@pytest.fixture
def admin(client: Any, make: Make, partner: Partner) -> Any:
    return client.sign_in(make.account("Admin", admin_of=[partner]))


def _added(admin: Any, postbox: Any) -> str:
    """The link that the named person was mailed."""
    admin.submit(
        CONTACTS, name="The doorkeeper", function_en="Keeps the door", email="door@example.org", phone="12345678"
    )
    return str(postbox.link("door@example.org"))


def test_nobody_sees_a_person_before_they_agree_and_after_they_withdraw(app: Flask, admin: Any, postbox: Any) -> None:
    link = _added(admin, postbox).replace("/da/", "/en/")
    visitor, person = app.test_client(), app.test_client()
    assert "doorkeeper" not in visitor.page(PROFILE).text
    assert "doorkeeper" in person.page(link).text
    assert "doorkeeper" not in visitor.page(PROFILE).text
    person.submit(link, consent="public")
    assert "doorkeeper" in visitor.page(PROFILE).text
    assert "12345678" in visitor.page(PROFILE).text
    assert "door@example.org" not in visitor.page(PROFILE).html
    person.submit(link, f"{link}/withdraw")
    assert "doorkeeper" not in visitor.page(PROFILE).text
    assert "doorkeeper" not in admin.page(CONTACTS).text
    person.submit(link, consent="public")
    assert "doorkeeper" in visitor.page(PROFILE).text


def test_partners_see_what_is_for_partners(app: Flask, admin: Any, make: Make, postbox: Any) -> None:
    link = _added(admin, postbox)
    app.test_client().submit(link, consent="partners")
    assert "doorkeeper" not in app.test_client().page(PROFILE).text
    colleague = app.test_client().sign_in(make.account(editor_of=[make.partner()]))
    assert "door@example.org" in colleague.page(PROFILE).html


def test_consent_can_be_proved(app: Flask, admin: Any, postbox: Any) -> None:
    app.test_client().submit(_added(admin, postbox), consent="public")
    with app.app_context():
        point = db.session.scalars(select(ContactPoint)).one()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "partner.consent_given")).one()
    assert point.consent_wording
    assert point.consent_given_at
    assert point.consent_wording in str(entry.changes)


def test_what_the_admin_changes_needs_a_new_yes(app: Flask, admin: Any, postbox: Any) -> None:
    app.test_client().submit(_added(admin, postbox), consent="public")
    with app.app_context():
        point = db.session.scalars(select(ContactPoint)).one()
    admin.submit(f"{CONTACTS}/{point.id}", phone="87654321")
    assert "doorkeeper" not in app.test_client().page(PROFILE).text
    assert len(postbox.fetch("door@example.org")) == 2
    admin.submit(CONTACTS, f"{CONTACTS}/{point.id}/remove")
    assert "Nobody is named yet." in admin.page(CONTACTS).text


def test_a_person_is_not_asked_without_end(app: Flask, admin: Any, postbox: Any) -> None:
    _added(admin, postbox)
    with app.app_context():
        point = db.session.scalars(select(ContactPoint)).one()
    for status in (303, 303, 429):
        admin.submit(CONTACTS, f"{CONTACTS}/{point.id}/ask", status=status)


def test_wrong_input_and_foreign_hands(app: Flask, admin: Any, make: Make) -> None:
    answer = admin.submit(CONTACTS, status=422, name="", email="nonsense", phone="kept")
    assert "not an e-mail address" in answer.text
    assert "kept" in answer.text
    assert app.test_client().get("/en/partners/contact/unknown").status_code == 404
    foreign = app.test_client().sign_in(make.account(admin_of=[make.partner()]))
    assert foreign.get(CONTACTS).status_code == 404
    assert admin.get(f"{CONTACTS}/999").status_code == 404


def test_a_reader_writes_without_learning_the_address(app: Flask, admin: Any, postbox: Any) -> None:
    app.test_client().submit(_added(admin, postbox), consent="public")
    reader = app.test_client()
    href = next(one for one in reader.page(PROFILE).links if "/write/" in one)
    reader.submit(href, status=422, name="Reader", email="reader@example.org", message="")
    trapped = reader.submit(href, status=422, name="R", email="r@example.org", message="Hi", homepage="spam")
    assert "a machine" in trapped.text
    reader.submit(href, name="Reader", email="reader@example.org", message="When do you open?")
    letter = postbox.fetch("door@example.org")[-1]
    assert letter["Reply-To"] == "reader@example.org"
    assert "When do you open?" in letter.get_content()
    assert "door@example.org" not in reader.page(href).html
    assert reader.get(f"{PROFILE}/write/999").status_code == 404


OWN = "/en/account/contacts"


def test_the_person_looks_after_what_is_said_of_them_signed_in(
    app: Flask, client: Any, admin: Any, make: Make, postbox: Any
) -> None:
    _added(admin, postbox)
    with app.app_context():
        here = f"{OWN}/{db.session.scalars(select(ContactPoint)).one().id}"
    account = make.account("Doorkeeper", email="door@example.org")
    person = app.test_client().sign_in(account)
    assert "You have not agreed" in person.page(OWN).text
    assert "Write a name or a function." in person.submit(here, status=422, name="", function_en="").text
    person.submit(here, name="Anna", phone="87654321", consent="public")
    shown = app.test_client().page(PROFILE).text
    assert "Anna" in shown
    assert "87654321" in shown
    # The admin's change meanwhile is met field by field.
    theirs = person.page(here)
    admin.submit(f"{CONTACTS}/{here.rpartition('/')[2]}", phone="11111111")
    form = next(one for one in theirs.all("form") if one.get("method") == "post" and "consent" in names_of(one))
    sent = filled_in(form) | {"phone": "22222222"}
    assert person.post(here, data=sent).status_code == 409
    person.submit(OWN, f"{here}/withdraw")
    assert "Anna" not in app.test_client().page(PROFILE).text
    assert "You are shown nowhere" in person.page("/da/account/contacts".replace("/da/", "/en/")).text
    person.submit(here, consent="partners")
    exported = person.post("/en/account/settings/data/download", data=_token(person, "/en/account/settings/data"))
    assert [one["name"] for one in exported.get_json()["contact_points"]] == ["Anna"]
    for stranger in (
        make.account("Unproven", email="DOOR2@example.org", email_verified_at=None),
        make.account("Else", admin_of=[make.partner()]),
    ):
        other = app.test_client().sign_in(stranger)
        assert "No partner has named you" in other.page(OWN).text
        assert other.get(here).status_code == 404
        assert other.post(f"{here}/withdraw", data=_token(other, "/en/account/settings")).status_code == 404
    assert person.get(f"{OWN}/999").status_code == 404


def _token(browser: Any, address: str) -> dict[str, Any]:
    form = next(one for one in browser.page(address).all("form") if "csrf_token" in names_of(one))
    return {"csrf_token": filled_in(form)["csrf_token"]}


def test_who_deletes_their_account_is_no_contact_any_more(
    app: Flask, client: Any, make: Make, partner: Partner
) -> None:
    account = make.account("Anna", email="anna@example.org", password="correct horse battery")
    with make.writing():
        point = ContactPoint(
            partner_id=partner.id, name="Anna", email="Anna@example.org", consent_given_at=THEN, consent=Consent.PUBLIC
        )
        db.session.add(point)
        db.session.flush()
        db.session.get_one(Partner, partner.id).confirmed_contact_id = point.id
    assert "Anna" in app.test_client().page(PROFILE).text
    app.test_client().sign_in(account).submit("/en/account/settings/data", present_password="correct horse battery")
    with app.app_context():
        assert db.session.scalars(select(ContactPoint)).all() == []
        assert db.session.get_one(Partner, partner.id).confirmed_contact_id is None
    assert "Anna" not in app.test_client().page(PROFILE).text


ACTORS = (
    VISITOR,
    SYSTEM,
    Actor(account_id=1, partner_ids=frozenset({1}), admin_of=frozenset({1})),
    Actor(account_id=2, partner_ids=frozenset({1})),
    Actor(account_id=3, partner_ids=frozenset({999}), admin_of=frozenset({999})),
    *(Actor(account_id=4, roles=frozenset({role})) for role in Role),
    Actor(account_id=5, email="door@example.org"),
    Actor(account_id=6, email="else@example.org"),
)


TWINS = (
    (may_see_contact, contacts_seen_by),
    (may_edit_contact, contacts_edited_by),
    (is_own_contact, contacts_owned_by),
)


def test_question_and_sql_agree_for_every_consent(app: Flask, make: Make, partner: Partner) -> None:
    with make.writing():
        for level in Consent:
            for given, withdrawn in ((None, None), (THEN, None), (THEN, THEN), (None, THEN)):
                db.session.add(
                    ContactPoint(
                        partner_id=partner.id,
                        email="Door@example.org",
                        consent=level,
                        consent_given_at=given,
                        consent_withdrawn_at=withdrawn,
                    )
                )
    with app.app_context():
        points = db.session.scalars(select(ContactPoint)).all()
        for actor in ACTORS:
            for question, sql in TWINS:
                found = set(db.session.scalars(select(ContactPoint.id).where(sql(actor))))
                assert found == {one.id for one in points if question(actor, one)}
