"""The second factor: staff must, everybody may, and until it is given nobody acts in the session."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account, AccountSession, Passkey, RecoveryCode
from portal.accounts.second_factor import operations
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Forbidden
from portal.core.permissions import Actor, Role
from tests.accounts.factors import code_of, secret_of, secret_on, with_app, with_codes
from tests.make import Make
from tests.page import Page, filled_in
from tests.postbox import Postbox

CODE = re.compile("[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")
PASSWORD = "a long enough password for a test"
SIGN_IN = "/en/account/sign-in"
FACTOR = "/en/account/second-factor"
APP = f"{FACTOR}/app"
RECOVERY = f"{FACTOR}/recovery"
CONFIRM = "/en/account/confirm"


@pytest.fixture
def editor(make: Make) -> Account:
    return make.account("Editor", password=PASSWORD, roles=[Role.EDITOR])


def half_open(app: Flask, account: Account) -> Any:
    """A browser in which the password was right and no more."""
    return app.test_client().sign_in(account, with_second_factor=False)


def test_staff_are_led_to_a_second_factor_set_one_up_and_go_on(app: Flask, client: Any, editor: Account) -> None:
    answer = client.submit(f"{SIGN_IN}?next=/en/staff", email="editor@example.org", password=PASSWORD)
    assert answer.location == f"{FACTOR}?next=/en/staff"
    choice = client.page(answer.location)
    assert "something that only you have" in choice.text
    form = f"{APP}?next=/en/staff"
    assert form in choice.links
    page = client.page(form)
    fields = _fields(page)
    done = client.post(form, data={**fields, "code": code_of(secret_on(page))})
    assert done.location == f"{FACTOR}/codes?next=/en/staff"
    shown = client.page(done.location)
    assert shown.html.count("<li><code>") == operations.CODES
    client.page("/en/staff")
    assert client.page(done.location).text == shown.text, "loading the page again loses nothing"
    file = client.get(f"{FACTOR}/codes.txt")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert all(code in file.text for code in CODE.findall(shown.text))
    assert client.submit(done.location).location == "/en/staff"
    assert "<li><code>" not in client.page(done.location).html, "shown no more once they are kept"
    assert client.get(f"{FACTOR}/codes.txt").status_code == 404
    assert secret_of(app, editor)


def test_staff_without_it_reach_nothing_of_the_desk(app: Flask, editor: Account) -> None:
    client = half_open(app, editor)
    desk = [
        rule.rule.replace("<language:language>", "en")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("staff.") and rule.arguments <= {"language"} and "GET" in (rule.methods or ())
    ]
    assert desk
    for address in desk:
        assert client.get(address).location.startswith(FACTOR), address


def test_whoever_has_one_is_nobody_until_it_is_given(app: Flask, make: Make) -> None:
    partner = make.partner()
    member = make.account("Member", password=PASSWORD, admin_of=[partner])
    with_app(make, member)
    client = app.test_client()
    answer = client.submit(f"{SIGN_IN}?next=/en/my", email="member@example.org", password=PASSWORD)
    assert answer.location == f"{FACTOR}?next=/en/my"
    for address in ("/en/my", "/en/account/settings", APP, f"{FACTOR}/codes", CONFIRM):
        assert client.get(address).location.startswith(f"{FACTOR}?next="), address
    assert "Sign out" not in client.page("/en/about").html


def test_the_right_code_opens_the_session_and_the_old_cookie_opens_nothing(app: Flask, make: Make) -> None:
    member = make.account("Member", password=PASSWORD)
    secret = with_app(make, member)
    client = half_open(app, member)
    stolen = app.test_client()
    stolen.set_cookie("session", client.get_cookie("session").value)
    answer = client.submit(f"{FACTOR}?next=/en/my", code=code_of(secret))
    assert answer.location == "/en/my"
    client.page("/en/my")
    assert stolen.get("/en/my").location.startswith(SIGN_IN)
    with app.app_context():
        assert db.session.scalars(select(AccountSession)).one().second_factor_at


@pytest.mark.parametrize("steps", [-1, 1])
def test_clocks_may_differ_by_one_step(app: Flask, make: Make, steps: int) -> None:
    member = make.account("Member")
    secret = with_app(make, member)
    half_open(app, member).submit(FACTOR, code=code_of(secret, steps=steps))


@pytest.mark.parametrize("code", ["000000", "12345", "abcdef", "٣٣٣٣٣٣", "of yesterday"])
def test_a_wrong_code_is_refused_at_its_field(app: Flask, make: Make, code: str) -> None:
    member = make.account("Member")
    secret = with_app(make, member)
    wrong = code_of(secret, steps=-2880) if code == "of yesterday" else code
    client = half_open(app, member)
    answer = client.submit(FACTOR, status=422, code=wrong)
    assert "This code is not right" in Page(answer).text
    assert client.get("/en/my").location.startswith(FACTOR)


def test_a_code_counts_once(app: Flask, make: Make) -> None:
    member = make.account("Member")
    code = code_of(with_app(make, member))
    half_open(app, member).submit(FACTOR, code=code)
    half_open(app, member).submit(FACTOR, status=422, code=code)


def test_the_code_that_set_the_app_up_is_used_by_that(app: Flask, make: Make) -> None:
    member = make.account("Member")
    client = app.test_client().sign_in(member, with_second_factor=False)
    page = client.page(APP)
    code = code_of(secret_on(page))
    client.post(APP, data={**_fields(page), "code": code})
    half_open(app, member).submit(FACTOR, status=422, code=code)


def test_too_many_wrong_codes_have_to_wait_and_an_hour_of_patience_helps_no_more(app: Flask, make: Make) -> None:
    member = make.account("Member")
    secret = with_app(make, member)
    client = half_open(app, member)
    for _ in range(10):
        client.submit(FACTOR, status=422, code="000000")
    answer = client.submit(FACTOR, status=429, code=code_of(secret))
    assert int(answer.headers["Retry-After"]) > 0
    with make.writing():
        account = db.session.get_one(Account, member.id)
        for tries in range(40):
            later = clock.now() + timedelta(hours=1, minutes=15 * tries)
            assert not operations.give_code(account, "000000", origin="", now=later)
        with pytest.raises(Exception, match="too many tries"):
            operations.give_code(account, "000000", origin="", now=clock.now() + timedelta(hours=12))


def test_a_recovery_code_lets_in_once_and_its_owner_is_told(app: Flask, make: Make, postbox: Postbox) -> None:
    member = make.account("Member")
    with_app(make, member)
    codes = with_codes(make, member)
    answer = half_open(app, member).submit(f"{RECOVERY}?next=/en/my", code=f" {codes[3].upper()} ")
    assert answer.location == "/en/my"
    half_open(app, member).submit(RECOVERY, status=422, code=codes[3])
    half_open(app, member).submit(RECOVERY, code=codes[4].replace("-", ""))
    letter = postbox.fetch("member@example.org")[0]
    assert letter["Subject"] == "A recovery code was used"
    assert "9 codes are left" in letter.get_content()


def test_a_recovery_code_of_another_account_opens_nothing(app: Flask, make: Make) -> None:
    member, other = make.account("Member"), make.account("Other")
    for account in (member, other):
        with_app(make, account)
    half_open(app, member).submit(RECOVERY, status=422, code=with_codes(make, other)[0])


def test_the_database_holds_neither_secret_nor_codes(app: Flask, make: Make) -> None:
    member = make.account("Member")
    secret = with_app(make, member)
    codes = with_codes(make, member)
    with app.app_context():
        kept = db.session.get_one(Account, member.id).totp_secret
        assert secret not in kept.encode()
        assert code_of(secret) not in kept
        digests = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert not set(codes) & set(digests)


def test_the_secret_of_one_account_opens_in_no_other(app: Flask, make: Make) -> None:
    member, other = make.account("Member"), make.account("Other")
    with_app(make, member)
    client = app.test_client().sign_in(other, with_second_factor=False)
    with app.app_context():
        foreign = db.session.get_one(Account, member.id).totp_secret
    page = client.page(APP)
    answer = client.post(APP, data={**_fields(page), "secret_token": foreign, "code": code_of(secret_of(app, member))})
    assert answer.status_code == 422


def test_a_wrong_first_code_keeps_the_same_secret(client: Any, make: Make) -> None:
    client.sign_in(make.account())
    page = client.page(APP)
    answer = client.post(APP, data={**_fields(page), "code": "000000"})
    assert answer.status_code == 422
    assert secret_on(Page(answer)) == secret_on(page)


def test_setting_up_asks_for_the_password_when_it_was_given_long_ago(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account("Member", password=PASSWORD))
    _long_ago(make)
    answer = client.get(f"{APP}?next=/en/my")
    assert answer.location == f"{CONFIRM}?next={APP}?next%3D/en/my"
    client.submit(answer.location, status=422, password="wrong")
    assert client.submit(answer.location, password=PASSWORD).location == f"{APP}?next=/en/my"
    client.page(f"{APP}?next=/en/my")


def test_a_visitor_has_none_of_these_pages(client: Any) -> None:
    for address in (FACTOR, APP, f"{FACTOR}/codes", CONFIRM):
        assert client.get(address).location.startswith(SIGN_IN), address
    assert client.get(RECOVERY).location.startswith(FACTOR)


def test_whoever_still_owes_it_may_sign_out(app: Flask, make: Make) -> None:
    member = make.account("Member")
    with_app(make, member)
    client = half_open(app, member)
    client.submit(FACTOR, "/en/account/sign-out")
    assert client.get(FACTOR).location.startswith(SIGN_IN)


def test_an_administrator_resets_a_lost_one(app: Flask, make: Make, postbox: Postbox) -> None:
    editor = make.account("Editor", roles=[Role.EDITOR])
    administrator = Actor(account_id=make.account("Boss").id, roles=frozenset({Role.ADMINISTRATOR}))
    with_app(make, editor)
    with_codes(make, editor)
    client = app.test_client().sign_in(editor)
    for who in (Actor(account_id=editor.id, roles=frozenset({Role.EDITOR})), Actor(), _own_administrator(editor)):
        with pytest.raises(Forbidden), make.writing():
            operations.reset_second_factor(db.session.get_one(Account, editor.id), actor=who, now=clock.now())
    with make.writing():
        operations.reset_second_factor(db.session.get_one(Account, editor.id), actor=administrator, now=clock.now())
    assert client.get("/en/staff").location.startswith(SIGN_IN)
    with app.app_context():
        account = db.session.get_one(Account, editor.id)
        assert account.totp_confirmed_at is None
        assert not account.totp_secret
        for kind in (RecoveryCode, Passkey):
            assert db.session.scalar(select(func.count()).select_from(kind)) == 0
        traces = db.session.scalars(select(AuditEntry.action).where(AuditEntry.account_id == administrator.account_id))
        assert traces.all() == ["account.second_factor_reset"]
    assert "reset the second factor" in postbox.fetch("editor@example.org")[-1].get_content()


def test_an_operator_resets_it_by_a_command(app: Flask, make: Make) -> None:
    boss = make.account("Boss", roles=[Role.ADMINISTRATOR])
    with_app(make, boss)
    run = app.test_cli_runner().invoke
    assert run(args=["users", "reset-second-factor", "boss@example.org"]).exit_code == 0
    assert "nobody has an account" in run(args=["users", "reset-second-factor", "no@example.org"]).output
    with app.app_context():
        assert not db.session.get_one(Account, boss.id).totp_secret


def _own_administrator(account: Account) -> Actor:
    return Actor(account_id=account.id, roles=frozenset({Role.ADMINISTRATOR}))


def _long_ago(make: Make) -> None:
    with make.writing():
        for row in db.session.scalars(select(AccountSession)):
            row.authenticated_at = clock.now() - timedelta(minutes=11)


def _fields(page: Page) -> dict[str, Any]:
    form = next(one for one in page.all("form") if one.get("class") == "form")
    return filled_in(form)
