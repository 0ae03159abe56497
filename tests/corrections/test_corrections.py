"""Readers say what is wrong; the staff answer, and then the reader's address is gone."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import personal
from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.core.strangers import Pace
from portal.corrections.models import Correction
from portal.corrections.permissions import answered_by, may_answer
from portal.partners.models import PartnerState
from portal.projects.models import Visibility
from tests.make import THEN, Make

PARTNER = "/en/partners/gate/correct"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "least_s", 0.0)


@pytest.mark.usefixtures("quick")
def test_a_hint_is_answered_and_its_sender_forgotten(app: Flask, client: Any, make: Make, postbox: Any) -> None:
    make.partner("Gate")
    reader = app.test_client()
    assert PARTNER in reader.page("/en/partners/gate").links
    reader.submit(PARTNER, text="The address is old.", evidence="https://gate.example", email="reader@example.org")
    editor = client.sign_in(make.account(roles=[Role.EDITOR]))
    assert "Hints from readers" in editor.page("/en/staff").text
    page = editor.page("/en/staff/corrections")
    assert "The address is old." in page.text
    place = next(one for one in page.links if one.startswith("/en/staff/corrections/"))
    editor.submit(place, status=422, reason="")
    editor.submit(place, reason="The new one stands there now.")
    assert "The new one stands there now." in postbox.fetch("reader@example.org")[-1].get_content()
    with app.app_context():
        correction = db.session.scalars(select(Correction)).one()
    assert (correction.email, correction.outcome) == ("", "The new one stands there now.")
    assert "No hint waits." in editor.page("/en/staff/corrections").text


@pytest.mark.usefixtures("quick")
def test_a_project_too_without_an_address_and_once_only(app: Flask, make: Make) -> None:
    from tests.page import filled_in

    make.project("Tunnel")
    reader = app.test_client()
    form = next(one for one in reader.page("/en/projects/tunnel/correct").all("form") if one.get("method") == "post")
    sent = {**filled_in(form), "text": "It ended last year."}
    for _ in range(2):
        assert reader.post("/en/projects/tunnel/correct", data=sent).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Correction)).all()) == 1


def test_machines_are_noticed(client: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make.partner("Gate")
    assert "quicker than anybody can read" in client.submit(PARTNER, status=422, text="Spam").text
    monkeypatch.setattr(Pace, "least_s", 0.0)
    assert "a machine" in client.submit(PARTNER, status=422, text="Spam", homepage="https://spam.example").text
    links = " ".join(f"https://spam.example/{n}" for n in range(4))
    assert "at most three links" in client.submit(PARTNER, status=422, text=links).text
    assert "not an e-mail address" in client.submit(PARTNER, status=422, text="Real", email="nonsense").text
    for _ in range(10):
        client.submit(PARTNER, text="Real")
    client.submit(PARTNER, status=429, text="Too much")


def test_what_is_not_public_has_no_such_page(client: Any, make: Make) -> None:
    make.partner("Hidden", state=PartnerState.SUGGESTED)
    make.project("Secret", visibility=Visibility.MEMBERS)
    for address in ("/en/partners/hidden/correct", "/en/projects/secret/correct", "/en/partners/none/correct"):
        assert client.get(address).status_code == 404


def test_only_content_staff_read_them(app: Flask, make: Make) -> None:
    partner = make.partner("Gate")
    for account in (make.account(roles=[Role.ADMINISTRATOR]), make.account(admin_of=[partner])):
        assert app.test_client().sign_in(account).get("/en/staff/corrections").status_code == 404


def test_question_and_sql_agree(app: Flask, make: Make) -> None:
    partner = make.partner()
    with make.writing():
        db.session.add(Correction(partner_id=partner.id, text="x", language="en", created_at=THEN))
    with app.app_context():
        one = db.session.scalars(select(Correction)).one()
        for actor in (VISITOR, SYSTEM, *(Actor(account_id=1, roles=frozenset({role})) for role in Role)):
            found = db.session.scalars(select(Correction.id).where(answered_by(actor))).all()
            assert bool(found) is may_answer(actor, one)


def _hint(make: Make, email: str) -> None:
    partner = make.partner()
    with make.writing():
        db.session.add(Correction(partner_id=partner.id, text="Old", email=email, language="en", created_at=THEN))


def test_whose_address_it_is_is_given_the_hint_and_takes_the_address_along(app: Flask, make: Make) -> None:
    for email in ("Reader@Example.org", "other@example.org"):
        _hint(make, email)
    reader = make.account("Reader")
    with make.writing():
        account = db.session.get_one(Account, reader.id)
        assert [one["email"] for one in personal.everything_about(account)["corrections"]] == ["Reader@Example.org"]
        personal.erase(account, now=clock.now())
    with app.app_context():
        kept = select(Correction.text, Correction.email).order_by(Correction.id)
        assert db.session.execute(kept).all() == [("Old", ""), ("Old", "other@example.org")]


def test_an_address_that_was_only_claimed_gives_out_and_takes_nothing(app: Flask, make: Make) -> None:
    _hint(make, "reader@example.org")
    claimant = make.account("Reader", email_verified_at=None)
    with make.writing():
        account = db.session.get_one(Account, claimant.id)
        assert personal.everything_about(account)["corrections"] == []
        personal.erase(account, now=clock.now())
    with app.app_context():
        assert db.session.scalars(select(Correction.email)).all() == ["reader@example.org"]
