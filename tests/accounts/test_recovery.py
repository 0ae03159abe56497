"""A lost password: the same answer for everybody, a link that works once, and nobody stays signed in."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts import passwords
from portal.accounts.models import Account, AccountToken
from portal.core.db import db
from portal.core.kept import KeptForm
from portal.core.mail import Mail
from tests.make import THEN, Make
from tests.postbox import Postbox

PASSWORD = "a long enough password for a test"
NEW = "seven green tiles by the fjord"
RESET = "/en/account/reset"


def test_a_mailed_link_sets_a_new_password_and_signs_everybody_out(
    app: Flask, client: Any, make: Make, postbox: Postbox
) -> None:
    account = make.account("Person", password=PASSWORD)
    thief = app.test_client().sign_in(account)
    client.submit(RESET, email=" Person@Example.org ")
    link = postbox.link("person@example.org")
    client.page(link)
    assert client.submit(link, password=NEW).location == "/en/account/sign-in"
    assert thief.get("/en/my").status_code == 303
    client.submit("/en/account/sign-in", status=422, email="person@example.org", password=PASSWORD)
    client.submit("/en/account/sign-in", email="person@example.org", password=NEW)
    assert [one["Subject"] for one in postbox.fetch("person@example.org")] == [
        "Choose a new password",
        "Your password was changed",
    ]


def test_known_unknown_and_suspended_addresses_get_the_same_answer_for_the_same_work(
    app: Flask, make: Make, postbox: Postbox, count_queries: Any
) -> None:
    make.account("Person", password=PASSWORD)
    make.account("Gone", suspended_at=THEN)
    app.test_client().submit(RESET, email="first@example.org")  # what pages remember is asked for once
    answers = set()
    for email in ("person@example.org", "nobody@example.org", "gone@example.org"):
        fresh = app.test_client()
        with count_queries() as seen:
            answer = fresh.submit(RESET, email=email)
        sent = fresh.page(answer.location)
        assert f"the address {email}, a mail" in sent.text
        answers.add((answer.location, answer.data, sent.html.replace(email, ""), len(seen)))
    assert len(answers) == 1
    assert [one["To"] for one in postbox.fetch()] == ["person@example.org"]
    with app.app_context():
        assert db.session.scalars(select(Mail.address)).all() == ["person@example.org"]


def test_a_link_works_once_not_late_and_not_after_a_newer_one(
    app: Flask, client: Any, make: Make, postbox: Postbox
) -> None:
    make.account("Person", password=PASSWORD)
    client.submit(RESET, email="person@example.org")
    first = postbox.link("person@example.org")
    app.test_client().submit(RESET, email="person@example.org")
    second = postbox.link("person@example.org")
    gone = _without_token(client, first)
    with make.writing():
        db.session.execute(update(AccountToken).values(expires_at=THEN))
    assert _without_token(client, second) == gone
    assert _without_token(client, f"{RESET}/never-was") == gone


def _without_token(client: Any, link: str) -> str:
    return str(client.page(link, status=410).html.replace(link.rpartition("/")[2], ""))


def test_two_who_use_a_link_at_once_are_one(client: Any, make: Make, postbox: Postbox) -> None:
    make.account("Person", password=PASSWORD)
    client.submit(RESET, email="person@example.org")
    link = postbox.link("person@example.org")
    client.submit(link, password=NEW)
    assert client.post(link, data={"password": PASSWORD}).status_code in (303, 410)
    client.submit("/en/account/sign-in", email="person@example.org", password=NEW)


@pytest.mark.parametrize("password", ["short", "person@example.org", "password123", "personperson", "x" * 1001])
def test_a_weak_password_is_refused_and_the_link_still_works(
    client: Any, make: Make, postbox: Postbox, password: str
) -> None:
    make.account("Person", password=PASSWORD)
    client.submit(RESET, email="person@example.org")
    link = postbox.link("person@example.org")
    client.submit(link, status=422, password=password)
    client.submit(link, password=NEW)


def test_too_many_requests_have_to_wait_whether_there_is_an_account_or_not(app: Flask, make: Make) -> None:
    make.account("Person", password=PASSWORD)
    for email in ("person@example.org", "nobody@example.org"):
        for _ in range(5):
            app.test_client().submit(RESET, email=email)
        app.test_client().submit(RESET, status=429, email=email)


def test_what_is_no_address_is_named_at_its_field(client: Any) -> None:
    answer = client.submit(RESET, status=422, email="not an address")
    assert "like name@example.org" in answer.text
    assert "not an address" in answer.text


def test_the_database_holds_no_token(app: Flask, client: Any, make: Make, postbox: Postbox) -> None:
    make.account("Person", password=PASSWORD)
    client.submit(RESET, email="person@example.org")
    token = postbox.link("person@example.org").rpartition("/")[2]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AccountToken.token_hash == token)) == 0
        row = db.session.scalars(select(AccountToken)).one()
        assert row.expires_at - row.created_at == timedelta(hours=1)


def test_a_form_that_is_kept_keeps_no_link_that_was_mailed(
    app: Flask, client: Any, make: Make, postbox: Postbox
) -> None:
    make.account("Person", password=PASSWORD)
    client.submit(RESET, email="person@example.org")
    link = postbox.link("person@example.org")
    back = app.test_client().post(link, data={"password": NEW, "note": "typed"}).location
    assert back.startswith(f"{link}?kept=")
    with app.app_context():
        row = db.session.scalars(select(KeptForm)).one()
        assert link.rpartition("/")[2] not in f"{row.path} {row.fields}"
        assert NEW not in str(row.fields)
    app.test_client().page(back)


def test_a_reset_proves_the_address(app: Flask, client: Any, make: Make, postbox: Postbox) -> None:
    make.account("Person", email_verified_at=None)
    client.submit(RESET, email="person@example.org")
    client.submit(postbox.link("person@example.org"), password=NEW)
    with app.app_context():
        assert db.session.scalars(select(Account.email_verified_at)).one() is not None


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("ni tegn ..", None),
        ("kortord", passwords.Weakness.SHORT),
        ("1234567890", passwords.Weakness.COMMON),
        ("qwertyuiop", passwords.Weakness.COMMON),
        ("iloveyou123", passwords.Weakness.COMMON),
        ("Anders Andersen", passwords.Weakness.OWN),
        ("andersandersen1", passwords.Weakness.COMMON),
        ("Velkommen2026", passwords.Weakness.COMMON),
        ("Sommer2026!!", passwords.Weakness.COMMON),
        ("Aarhus2026!", passwords.Weakness.COMMON),
        ("!#?..!!??#", None),
        ("seven green tiles by the fjord", None),
        ("æbler og pærer i haven", None),
    ],
)
def test_what_others_would_guess_first_is_refused(password: str, found: object) -> None:
    assert passwords.weakness(password, "anders@example.org", "Anders Andersen") == found
