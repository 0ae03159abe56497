"""Administrators look after accounts: roles, access, never their own, never the last administrator."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account, AccountRole, AccountSession
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Actor, Role
from portal.staff.imports.models import ImportBatch, Origin
from portal.staff.people import operations, queries
from tests.make import THEN, Make

ACCOUNTS = "/en/staff/accounts"


@pytest.fixture
def administrator(client: Any, make: Make) -> Account:
    """The client belongs to an administrator."""
    account = make.account("Administrator", roles=[Role.ADMINISTRATOR])
    client.sign_in(account)
    return account


def roles_of(app: Flask, account: Account) -> set[Role]:
    with app.app_context():
        return set(db.session.scalars(select(AccountRole.role).where(AccountRole.account_id == account.id)))


def actions(app: Flask, account: Account) -> list[str]:
    with app.app_context():
        mine = (AuditEntry.subject_kind == "account", AuditEntry.subject_id == str(account.id))
        return list(db.session.scalars(select(AuditEntry.action).where(*mine).order_by(AuditEntry.id)))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Administrator", "Member", "Newcomer", "Outcast"]),
        ("?q=memb", ["Member"]),
        ("?q=OUTCAST@example", ["Outcast"]),
        ("?q=%25", []),
        ("?role=administrator", ["Administrator"]),
        ("?role=king", []),
        ("?partner=aarhus-vand", ["Member"]),
        ("?partner=Aarhus", ["Member"]),
        ("?state=active", ["Administrator", "Member"]),
        ("?state=unverified", ["Newcomer"]),
        ("?state=suspended", ["Outcast"]),
        ("?state=erased", []),
        ("?factor=yes", ["Member"]),
        ("?factor=no", ["Administrator", "Newcomer", "Outcast"]),
        ("?seen=week", ["Administrator"]),
        ("?seen=never", ["Member", "Newcomer", "Outcast"]),
        ("?seen=longer", []),
        ("?sort=seen", ["Administrator", "Member", "Newcomer", "Outcast"]),
    ],
)
def test_accounts_are_listed_and_filtered(
    client: Any, make: Make, administrator: Account, query: str, names: list[str]
) -> None:
    make.account("Member", editor_of=[make.partner("Aarhus Vand")], totp_confirmed_at=THEN)
    make.account("Newcomer", email_verified_at=None)
    make.account("Outcast", suspended_at=THEN)
    exported = client.get(f"{ACCOUNTS}.csv{query}").get_data(as_text=True).splitlines()[1:]
    assert [line.partition(",")[0] for line in exported] == names
    page = client.page(ACCOUNTS + query)
    assert f"{len(names)} account" in page.text


@pytest.mark.sqlite_only
def test_the_list_costs_the_same_for_two_accounts_as_for_ten(
    client: Any, make: Make, administrator: Account, count_queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        with count_queries() as seen:
            client.page(ACCOUNTS)
        return len(seen)

    partner = make.partner()
    make.account(editor_of=[partner], roles=[Role.EDITOR])
    with_two = cost()
    for _ in range(8):
        make.account(editor_of=[partner], roles=[Role.EDITOR])
    assert cost() == with_two


def test_roles_are_given_and_taken_and_end_every_session(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Editor", roles=[Role.EDITOR])
    theirs = app.test_client().sign_in(account)
    assert theirs.get("/en/staff").status_code == 200
    place = f"{ACCOUNTS}/{account.id}"
    client.submit(place, f"{place}/roles", roles=["curator"])
    assert roles_of(app, account) == {Role.CURATOR}
    assert theirs.get("/en/my").status_code == 303
    assert actions(app, account) == ["account.roles_changed"]
    mail = postbox.fetch("editor@example.org")[-1]
    assert "Curator" in mail.get_content()
    assert "Staff roles: Editor → Curator" in client.page(place).text or "Roles" in client.page(place).text


def test_all_roles_can_be_taken(app: Flask, client: Any, make: Make, administrator: Account) -> None:
    account = make.account(roles=[Role.EDITOR])
    place = f"{ACCOUNTS}/{account.id}"
    client.submit(place, f"{place}/roles", roles=None)
    assert roles_of(app, account) == set()


def test_administrator_beside_a_content_role_is_granted_openly(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Editor", roles=[Role.EDITOR])
    place = f"{ACCOUNTS}/{account.id}"
    answer = client.submit(place, f"{place}/roles", status=422, roles=["editor", "administrator"])
    assert "Write why one person" in answer.text
    assert roles_of(app, account) == {Role.EDITOR}
    client.submit(place, f"{place}/roles", roles=["editor", "administrator"], reason="Holiday cover")
    assert roles_of(app, account) == {Role.EDITOR, Role.ADMINISTRATOR}
    assert "Holiday cover" in postbox.fetch("editor@example.org")[-1].get_content()
    assert "Holiday cover" in client.page(place).text


def test_the_last_administrator_cannot_go(app: Flask, make: Make) -> None:
    last = make.account(roles=[Role.ADMINISTRATOR])
    system = Actor(account_id=None, name="system", roles=frozenset(Role))
    with make.writing():
        account = queries.by_id(last.id, system)
        with pytest.raises(Invalid):
            operations.set_roles(account, [], "", actor=system, now=clock.now())
        with pytest.raises(Invalid):
            operations.suspend(account, actor=system, now=clock.now())
    assert roles_of(app, last) == {Role.ADMINISTRATOR}


def test_an_administrator_decides_nothing_about_themselves(client: Any, make: Make, administrator: Account) -> None:
    make.account(roles=[Role.ADMINISTRATOR])
    place = f"{ACCOUNTS}/{administrator.id}"
    page = client.page(place)
    assert "your own account" in page.text
    assert not [form for form in page.all("form") if place in form.get("action", "")]
    token = next(e.get("value") for e in page.tree.iter() if e.get("name") == "csrf_token")
    for act in ("roles", "suspend", "restore", "reset", "end-sessions"):
        assert client.post(f"{place}/{act}", data={"csrf_token": token, "once": act}).status_code == 404


def test_a_suspended_account_is_out_at_once_and_can_come_back(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Member")
    theirs = app.test_client().sign_in(account)
    place = f"{ACCOUNTS}/{account.id}"
    client.submit(place, f"{place}/suspend")
    assert theirs.get("/en/my").status_code == 303
    assert "Suspended" in client.page(place).text
    client.submit(place, f"{place}/restore")
    assert actions(app, account) == ["account.suspended", "account.restored"]
    assert len(postbox.fetch("member@example.org")) == 2
    assert theirs.get("/en/my").status_code == 303  # the old session does not come back


def test_a_link_for_a_new_password_is_mailed(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Member")
    place = f"{ACCOUNTS}/{account.id}"
    client.submit(place, f"{place}/reset")
    assert app.test_client().get(postbox.link("member@example.org")).status_code == 200
    assert actions(app, account) == ["account.reset_sent"]


def test_a_lost_second_factor_is_taken_away(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Editor", roles=[Role.EDITOR], totp_secret="sealed", totp_confirmed_at=THEN)
    theirs = app.test_client().sign_in(account)
    place = f"{ACCOUNTS}/{account.id}"
    client.submit(place, f"{place}/reset-second-factor")
    assert theirs.get("/en/my").status_code == 303
    with app.app_context():
        assert db.session.get_one(Account, account.id).totp_confirmed_at is None
    assert actions(app, account) == ["account.second_factor_reset"]
    assert postbox.fetch("editor@example.org")
    assert "reset-second-factor" not in client.page(place).html


def test_somebody_is_signed_out_everywhere(app: Flask, client: Any, make: Make, administrator: Account) -> None:
    account = make.account()
    theirs = app.test_client().sign_in(account)
    place = f"{ACCOUNTS}/{account.id}"
    client.submit(place, f"{place}/end-sessions")
    assert theirs.get("/en/my").status_code == 303
    with app.app_context():
        open_ones = select(AccountSession).where(
            AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
        )
        assert db.session.scalar(open_ones) is None


def test_a_decision_sent_twice_is_taken_once(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Member")
    place = f"{ACCOUNTS}/{account.id}"
    page = client.page(place)
    token = next(e.get("value") for e in page.tree.iter() if e.get("name") == "csrf_token")
    for _ in range(2):
        assert client.post(f"{place}/suspend", data={"csrf_token": token, "once": "same"}).status_code == 303
    assert actions(app, account) == ["account.suspended"]
    assert len(postbox.fetch("member@example.org")) == 1


def test_accounts_are_the_administrators_only(app: Flask, make: Make, administrator: Account) -> None:
    account = make.account()
    for roles in ([], [Role.EDITOR], [Role.CURATOR]):
        stranger = app.test_client().sign_in(make.account(roles=roles))
        for address in (ACCOUNTS, f"{ACCOUNTS}.csv", f"{ACCOUNTS}/{account.id}"):
            assert stranger.get(address).status_code == 404
    with make.writing():
        found = db.session.get_one(Account, account.id)
        for role in (Role.EDITOR, Role.CURATOR):
            with pytest.raises(Forbidden):
                operations.suspend(found, actor=Actor(account_id=99, roles=frozenset({role})), now=clock.now())


@pytest.mark.sqlite_only
def test_an_account_or_a_page_that_is_not_there(client: Any, administrator: Account) -> None:
    for address in (f"{ACCOUNTS}/999", f"{ACCOUNTS}?page=2", f"{ACCOUNTS}?page=x"):
        assert client.get(address).status_code == 404


def test_an_account_is_deleted_after_its_address_was_written(
    app: Flask, client: Any, make: Make, administrator: Account, postbox: Any
) -> None:
    account = make.account("Member", editor_of=[make.partner()])
    batch = ImportBatch(
        origin=Origin.FILE, name="x.csv", account_id=account.id, actor_name="Member", created_at=THEN, state="columns"
    )
    with make.writing():
        db.session.add(batch)
    place = f"{ACCOUNTS}/{account.id}/erase"
    answer = client.submit(place, status=422, email="other@example.org")
    assert "not the address of the account" in answer.text
    client.submit(place, email=" MEMBER@example.org ")
    with app.app_context():
        gone = db.session.get_one(Account, account.id)
        assert (gone.email, gone.name, gone.erased_at is not None) == (None, "", True)
        assert db.session.get_one(ImportBatch, batch.id).actor_name == ""
    assert len(postbox.fetch("member@example.org")) == 1
    assert client.get(place).status_code == 404
    assert client.page(f"{ACCOUNTS}/{account.id}").h1 == f"#{account.id}"
