"""Passkeys: made, given as second factor, given as the whole sign-in; copies, strangers and replays are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account, Passkey, RecoveryCode
from portal.core.db import db
from portal.core.permissions import Role
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.factors import with_app, with_codes
from tests.make import Make
from tests.page import Page, filled_in
from tests.postbox import Postbox

SITE = "http://localhost:8000"
FACTOR = "/en/account/second-factor"
NEW = f"{FACTOR}/new-passkey"
GIVE = f"{FACTOR}/passkey"
SIGN_IN = "/en/account/sign-in"
ENTER = f"{SIGN_IN}/passkey"
SETTINGS = "/en/account/settings/second-factor"


@pytest.fixture(autouse=True)
def site(app: Flask) -> None:
    app.config["PORTAL_BASE_URL"] = SITE


@pytest.fixture
def member(make: Make) -> Account:
    return make.account("Member")


def half_open(app: Flask, account: Account) -> Any:
    return app.test_client().sign_in(account, with_second_factor=False)


def send(client: Any, address: str, answer: Callable[[str], str], to: str = "", **fields: str) -> Any:
    """Fetch a page, let the authenticator answer what it asks, and send its form."""
    form = next(one for one in client.page(address).all("form") if one.get("data-passkey"))
    sent = {**filled_in(form), **fields, "answer_token": answer(form.get("data-options"))}
    return client.post(to or form.get("action"), data=sent)


def with_passkey(app: Flask, account: Account) -> Authenticator:
    """Set up a passkey through the pages."""
    authenticator = Authenticator(SITE, "localhost")
    answer = send(app.test_client().sign_in(account), NEW, authenticator.make, name="Key ring")
    assert answer.status_code == 303
    return authenticator


def test_a_passkey_is_set_up_with_recovery_codes_and_its_owner_is_told(
    app: Flask, member: Account, postbox: Postbox
) -> None:
    client = half_open(app, member)
    answer = send(client, f"{NEW}?next=/en/my", Authenticator(SITE, "localhost").make, name="Key ring")
    assert answer.location == f"{FACTOR}/codes?next=/en/my"
    page = client.page(SETTINGS)
    assert "Key ring" in page.text
    assert "10 codes are left" in page.text
    assert "A passkey was added" in postbox.fetch("member@example.org")[-1].get_content()


def test_a_passkey_opens_the_session_and_rotates_it(app: Flask, member: Account) -> None:
    authenticator = with_passkey(app, member)
    client = half_open(app, member)
    stolen = app.test_client()
    stolen.set_cookie("session", client.get_cookie("session").value)
    assert send(client, f"{FACTOR}?next=/en/my", authenticator.give).location == "/en/my"
    client.page("/en/my")
    assert stolen.get("/en/my").location.startswith(SIGN_IN)


def test_a_passkey_of_another_account_opens_nothing(app: Flask, make: Make, member: Account) -> None:
    with_passkey(app, member)
    foreign = with_passkey(app, make.account("Other"))
    client = half_open(app, member)
    answer = send(client, FACTOR, foreign.give)
    assert answer.status_code == 422
    assert "does not open your account" in Page(answer).text
    assert client.get("/en/my").location.startswith(FACTOR)


def test_a_copied_passkey_is_given_away_by_its_count(app: Flask, member: Account) -> None:
    original = with_passkey(app, member)
    send(half_open(app, member), FACTOR, original.give)
    send(half_open(app, member), FACTOR, original.give)
    original.count = 0
    assert send(half_open(app, member), FACTOR, original.give).status_code == 422


def test_a_passkey_without_a_count_is_fine_and_a_replayed_answer_is_not(app: Flask, member: Account) -> None:
    authenticator = with_passkey(app, member)
    authenticator.count = -1
    client = half_open(app, member)
    form = next(one for one in client.page(FACTOR).all("form") if one.get("data-passkey"))
    sent = {**filled_in(form), "answer_token": authenticator.give(form.get("data-options"))}
    cookie = client.get_cookie("session").value
    assert client.post(GIVE, data=sent).status_code == 303
    thief = half_open(app, member)
    with client.session_transaction(), thief.session_transaction() as own:
        token = own["_user_id"]
    thief.set_cookie("session", cookie)
    with thief.session_transaction() as own:  # the old challenge in a session that is still half open
        own["_user_id"] = token
    assert thief.post(GIVE, data=sent).status_code == 422


@pytest.mark.parametrize(
    ("origin", "host"),
    [("http://evil.example", "localhost"), (SITE, "evil.example"), ("http://localhost", "localhost")],
)
def test_an_answer_for_another_site_is_refused(app: Flask, member: Account, origin: str, host: str) -> None:
    authenticator = with_passkey(app, member)
    authenticator.origin, authenticator.host = origin, host
    assert send(half_open(app, member), FACTOR, authenticator.give).status_code == 422
    other = Authenticator(origin, host)
    assert send(app.test_client().sign_in(member), NEW, other.make).status_code == 422


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", "[" * 9000, '{"id": "AA", "rawId": "AA", "type": "public-key"}']
)
def test_what_is_no_answer_is_refused(app: Flask, member: Account, answer: str) -> None:
    with_passkey(app, member)
    assert send(half_open(app, member), FACTOR, lambda _: answer).status_code == 422
    assert send(app.test_client().sign_in(member), NEW, lambda _: answer).status_code == 422
    assert send(app.test_client(), SIGN_IN, lambda _: answer).location.startswith(SIGN_IN)


def test_an_answer_to_another_question_is_refused(app: Flask, member: Account) -> None:
    authenticator = with_passkey(app, member)
    client = half_open(app, member)
    client.page(FACTOR)
    with client.session_transaction() as own:
        own["passkey"] = ["enter", *own["passkey"][1:]]
    form = next(one for one in client.page(FACTOR).all("form") if one.get("data-passkey"))
    with client.session_transaction() as own:
        own["passkey"] = ["enter", *own["passkey"][1:]]
    sent = {**filled_in(form), "answer_token": authenticator.give(form.get("data-options"))}
    assert client.post(GIVE, data=sent).status_code == 422


def test_the_same_passkey_is_not_set_up_twice(app: Flask, make: Make, member: Account) -> None:
    authenticator = with_passkey(app, member)
    assert send(app.test_client().sign_in(make.account("Other")), NEW, authenticator.make).status_code == 422


def test_a_passkey_alone_signs_in_when_it_made_sure_of_its_owner(app: Flask, make: Make) -> None:
    editor = make.account("Editor", roles=[Role.EDITOR])
    authenticator = with_passkey(app, editor)
    client = app.test_client()
    assert send(client, f"{SIGN_IN}?next=/en/staff", authenticator.give).location == "/en/staff"
    client.page("/en/staff")
    authenticator.flags = PRESENT
    fresh = app.test_client()
    assert send(fresh, SIGN_IN, authenticator.give).location.startswith(SIGN_IN)
    assert "opens no account here" in fresh.page(SIGN_IN).text


def test_nobody_signs_in_by_passkey_to_a_suspended_account(app: Flask, make: Make, member: Account) -> None:
    authenticator = with_passkey(app, member)
    with make.writing():
        db.session.get_one(Account, member.id).suspended_at = member.created_at
    assert send(app.test_client(), SIGN_IN, authenticator.give).location.startswith(SIGN_IN)


def test_a_portal_under_a_bare_address_offers_no_passkeys(app: Flask, member: Account) -> None:
    app.config["PORTAL_BASE_URL"] = "http://127.0.0.1:8000"
    client = app.test_client().sign_in(member)
    assert "passkey" not in app.test_client().page(SIGN_IN).text
    assert client.get(NEW).status_code == 404


def test_members_remove_what_they_set_up_and_the_codes_go_with_the_last(
    app: Flask, make: Make, member: Account, postbox: Postbox
) -> None:
    with_passkey(app, member)
    with_app(make, member)
    client = app.test_client().sign_in(member)
    client.submit(SETTINGS, f"{SETTINGS}/remove-app")
    with app.app_context():
        (passkey,) = db.session.scalars(select(Passkey)).all()
        assert db.session.scalars(select(RecoveryCode)).all()
    client.submit(SETTINGS, f"{SETTINGS}/remove-passkey/{passkey.id}")
    with app.app_context():
        assert not db.session.scalars(select(Passkey)).all()
        assert not db.session.scalars(select(RecoveryCode)).all()
    assert len(postbox.fetch("member@example.org")) == 3


def test_staff_keep_their_last_one(app: Flask, make: Make) -> None:
    editor = make.account("Editor", roles=[Role.EDITOR])
    with_passkey(app, editor)
    client = app.test_client().sign_in(editor)
    page = client.page(SETTINGS)
    assert "Staff keep at least one" in page.text
    token = next(e.get("value") for e in page.all("input") if e.get("name") == "csrf_token")
    with app.app_context():
        (passkey,) = db.session.scalars(select(Passkey)).all()
    forged = client.post(f"{SETTINGS}/remove-passkey/{passkey.id}", data={"csrf_token": token, "once": "x"})
    assert forged.status_code == 422
    assert client.post(f"{SETTINGS}/remove-app", data={"csrf_token": token, "once": "y"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Passkey)).all()


def test_nobody_removes_a_passkey_of_another(app: Flask, make: Make, member: Account) -> None:
    with_passkey(app, member)
    client = app.test_client().sign_in(with_other(make))
    page = client.page(SETTINGS)
    token = next(e.get("value") for e in page.all("input") if e.get("name") == "csrf_token")
    with app.app_context():
        (passkey,) = db.session.scalars(select(Passkey)).all()
    for number in (passkey.id, 4711):
        answer = client.post(f"{SETTINGS}/remove-passkey/{number}", data={"csrf_token": token, "once": str(number)})
        assert answer.status_code == 404


def with_other(make: Make) -> Account:
    other = make.account("Other")
    with_app(make, other)
    return other


def test_new_recovery_codes_end_the_old_ones(app: Flask, make: Make, member: Account) -> None:
    with_app(make, member)
    old = with_codes(make, member)
    client = app.test_client().sign_in(member)
    shown = client.page(client.submit(SETTINGS, f"{SETTINGS}/new-codes").location)
    assert shown.html.count("<li><code>") == 10
    half_open(app, member).submit(f"{FACTOR}/recovery", status=422, code=old[0])


def test_a_visitor_has_no_settings_of_factors(client: Any) -> None:
    assert client.get(SETTINGS).location.startswith(SIGN_IN)
    assert client.get(NEW).location.startswith(SIGN_IN)
