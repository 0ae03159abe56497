"""Signing in and out: the session is a row, its cookie opens nothing once the row is ended."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import create_app
from portal.accounts.models import AccountSession
from portal.core.db import db
from portal.core.permissions import Role
from portal.core.web import came_from
from tests.make import THEN, Make
from tests.postbox import Postbox

PASSWORD = "a long enough password for a test"
SIGN_IN = "/en/account/sign-in"


def test_somebody_signs_in_and_out(client: Any, make: Make) -> None:
    make.account("Partner person", password=PASSWORD)
    answer = client.submit(SIGN_IN, email=" Partner-Person@example.org ", password=PASSWORD)
    assert answer.location == "/en/my"
    page = client.page("/en/my")
    assert "Sign out" in page.html
    assert page.response.headers["Cache-Control"] == "no-store"
    client.submit("/en/my", "/en/account/sign-out")
    assert client.get("/en/my").location == "/en/account/sign-in?next=/en/my"


def test_a_copied_cookie_opens_nothing_after_signing_out(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account())
    stolen = app.test_client()
    stolen.set_cookie("session", client.get_cookie("session").value)
    assert stolen.get("/en/my").status_code == 200
    client.submit("/en/my", "/en/account/sign-out")
    assert stolen.get("/en/my").status_code == 303


@pytest.mark.parametrize("email", ["partner@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Any, make: Make, email: str) -> None:
    make.account("Partner", password=PASSWORD)
    answer = client.submit(SIGN_IN, status=422, email=email, password="wrong")
    assert "do not belong together" in answer.text


def test_too_many_tries_have_to_wait_or_take_a_new_password_by_mail(
    app: Flask, client: Any, make: Make, postbox: Postbox, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-02T09:00:00Z", tick=False)
    make.account("Partner", password=PASSWORD)
    for _ in range(10):
        client.submit(SIGN_IN, status=422, email="partner@example.org", password="wrong")
    answer = client.submit(SIGN_IN, status=429, email="partner@example.org", password=PASSWORD)
    assert answer.headers["Retry-After"] == "900"
    assert "You can try again in 15 minutes, or choose a new password by mail now." in answer.text
    assert 'value="partner@example.org"' in answer.text
    other = app.test_client().submit("/da/account/sign-in", status=429, email="partner@example.org", password="wrong")
    assert "15 minutter" in other.text
    client.submit("/en/account/reset", email="partner@example.org")
    client.submit(postbox.link("partner@example.org"), password="seven green tiles by the fjord")
    client.submit(SIGN_IN, email="partner@example.org", password="seven green tiles by the fjord")


def test_only_who_has_the_password_of_a_suspended_account_is_told_that_it_is(client: Any, make: Make) -> None:
    make.account("Partner", password=PASSWORD, suspended_at=THEN)
    answer = client.submit(SIGN_IN, status=422, email="partner@example.org", password=PASSWORD)
    assert "Your account is suspended." in answer.text
    assert "/en/about#contact" in answer.text
    answer = client.submit(SIGN_IN, status=422, email="partner@example.org", password="wrong")
    assert "do not belong together" in answer.text
    assert "suspended" not in answer.text


def test_signing_in_goes_on_to_where_one_wanted_to_go_but_never_to_another_site(client: Any, make: Make) -> None:
    make.account("Partner", password=PASSWORD)
    for target, place in (
        ("/en/projects?theme=data", "/en/projects?theme=data"),
        ("//elsewhere.example", "/en/my"),
        ("https://elsewhere.example", "/en/my"),
        ("/\\elsewhere.example", "/en/my"),
    ):
        fresh = client.application.test_client()
        answer = fresh.submit(f"{SIGN_IN}?next={target}", email="partner@example.org", password=PASSWORD)
        assert answer.location == place


def test_a_suspended_account_is_out_at_once(client: Any, make: Make) -> None:
    account = make.account()
    client.sign_in(account)
    with make.writing():
        db.session.merge(account).suspended_at = account.created_at
    assert client.get("/en/my").status_code == 303


def test_the_log_tells_who_signed_in_and_who_could_not_without_a_name(
    client: Any, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    account = make.account("Partner", password=PASSWORD)
    caplog.set_level("INFO", logger="portal.accounts")
    for email, password, status in (("nobody@example.org", "x", 422), ("partner@example.org", "x", 422)):
        client.submit(SIGN_IN, status=status, email=email, password=password)
    client.submit(SIGN_IN, email="partner@example.org", password=PASSWORD)
    client.submit("/en/my", "/en/account/sign-out")
    assert [one.getMessage() for one in caplog.records if one.name.startswith("portal.accounts")] == [
        "sign-in refused: no such account",
        f"sign-in refused: wrong password for account {account.id}",
        f"signed in: account {account.id}",
        f"signed out: account {account.id}",
    ]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", ""),
    ],
)
def test_tries_are_counted_for_a_network_as_one_subscriber_has_it(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert came_from() == counted


def test_staff_roles_count_only_with_the_second_factor(app: Flask, make: Make) -> None:
    editor = make.account(roles=[Role.EDITOR])
    assert app.test_client().sign_in(editor).get("/en/staff").status_code == 200
    assert app.test_client().sign_in(make.account()).get("/en/staff").status_code == 404
    assert app.test_client().get("/en/staff").location == "/en/account/sign-in?next=/en/staff"


def test_the_database_never_holds_the_token(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account())
    with client.session_transaction() as cookie, app.app_context():
        token = cookie["_user_id"]
        assert token not in db.session.scalars(select(AccountSession.token_hash)).all()


def test_a_public_page_reads_no_session_of_a_visitor(client: Any) -> None:
    answer = client.get("/en/about")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.sqlite_only
def test_on_https_the_cookie_is_this_hosts_alone(settings: dict[str, object]) -> None:
    client = create_app({**settings, "PORTAL_BASE_URL": "https://portal.example.org"}).test_client()
    answer = client.get(SIGN_IN, base_url="https://portal.example.org")
    name, *flags = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-session=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert "“__Host-session”" in client.get("/en/privacy", base_url="https://portal.example.org").text
