"""`flask users`: whole accounts or none, and plain words about what is wrong."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account, AccountRole, Membership, MembershipRole
from portal.core.db import db
from portal.core.permissions import Role
from tests.make import Make

PASSWORD = "seven green tiles by the fjord"
NEW = ("users", "create", "new@example.org", "--name", "New person")


def run(app: Flask, *arguments: str, stdin: str = "", status: int = 0) -> str:
    """What a command wrote; its exit status is checked."""
    done = app.test_cli_runner().invoke(args=arguments, input=stdin)
    assert done.exit_code == status, done.output
    return str(done.output)


def test_an_account_with_a_password_can_sign_in(app: Flask, client: Any, make: Make) -> None:
    partner = make.partner("Harbour")
    run(app, *NEW, "--partner", "harbour", "--partner-role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    client.submit("/en/account/sign-in", email="new@example.org", password=PASSWORD)
    with app.app_context():
        membership = db.session.scalars(select(Membership)).one()
        assert (membership.partner_id, membership.role) == (partner.id, MembershipRole.ADMIN)


def test_without_a_password_a_link_sets_one_once(app: Flask, client: Any) -> None:
    told = run(app, *NEW, "--role", "administrator", "--role", "editor", "--language", "en")
    [link] = re.findall(r"http://[^/]+(/en/account/reset/\S+)", told)
    client.submit(link, password=PASSWORD)
    client.page(link, status=410)
    client.submit("/en/account/sign-in", email="new@example.org", password=PASSWORD)
    with app.app_context():
        assert set(db.session.scalars(select(AccountRole.role))) == {Role.ADMINISTRATOR, Role.EDITOR}


@pytest.mark.parametrize(
    ("options", "stdin", "told"),
    [
        (("--partner", "nowhere"), "", "there is no partner 'nowhere'"),
        (("--password-stdin",), "short", "password is too weak (short)"),
        (("--password-stdin",), "new@example.org", "password is too weak (own)"),
        (("--password-stdin",), "password123", "password is too weak (common)"),
        (("--password-stdin",), "", "no password came in"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_left(
    app: Flask, options: tuple[str, ...], stdin: str, told: str
) -> None:
    assert told in run(app, *NEW, *options, stdin=stdin, status=1)
    with app.app_context():
        assert db.session.scalars(select(Account)).all() == []


def test_an_address_is_taken_once_and_must_be_one(app: Flask) -> None:
    run(app, *NEW)
    assert "has an account already" in run(app, "users", "create", "NEW@example.org", "--name", "Other", status=1)
    assert "is not an e-mail address" in run(app, "users", "create", "not an address", "--name", "Other", status=1)


def test_a_suspended_account_is_out_at_once_until_it_is_restored(app: Flask, client: Any, make: Make) -> None:
    make.account("Person", password=PASSWORD)
    client.submit("/en/account/sign-in", email="person@example.org", password=PASSWORD)
    run(app, "users", "suspend", "person@example.org")
    assert client.get("/en/my").status_code == 303
    client.submit("/en/account/sign-in", status=422, email="person@example.org", password=PASSWORD)
    assert "suspended" in run(app, "users", "list")
    run(app, "users", "restore", "person@example.org")
    client.submit("/en/account/sign-in", email="person@example.org", password=PASSWORD)


def test_the_last_administrator_cannot_be_suspended(app: Flask, make: Make) -> None:
    make.account("First", roles=[Role.ADMINISTRATOR])
    assert "is the last administrator" in run(app, "users", "suspend", "first@example.org", status=1)
    make.account("Second", roles=[Role.ADMINISTRATOR])
    run(app, "users", "suspend", "first@example.org")
    assert "nobody has an account" in run(app, "users", "restore", "third@example.org", status=1)
