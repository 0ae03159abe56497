"""What people decide about their own accounts; and that they leave nothing behind when they go."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.accounts import devices, upkeep
from portal.accounts.models import Account, AccountSession, MailChoice
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import Model, db
from portal.core.kept import KeptForm
from portal.core.permissions import Role
from portal.projects.models import TeamMember, TeamRole
from tests.databases import ROOT
from tests.make import Make
from tests.page import filled_in
from tests.postbox import Postbox

PASSWORD = "a long enough password for a test"
NEW = "seven green tiles by the fjord"
SETTINGS = "/en/account/settings"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(make: Make) -> Account:
    return make.account("Person", password=PASSWORD)


def test_a_visitor_has_no_settings(client: Any) -> None:
    for page in ("", "/partners", "/email", "/password", "/devices", "/data"):
        assert client.get(SETTINGS + page).location.startswith("/en/account/sign-in")


def test_name_language_zone_and_mail_are_chosen(app: Flask, client: Any, person: Account) -> None:
    client.sign_in(person)
    chosen = {"name": "Other name", "locale": "da", "time_zone": "America/New_York", "mail_choice": "weekly"}
    assert client.submit(SETTINGS, **chosen).location == "/da/account/settings"
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        assert (account.name, account.locale, account.time_zone) == ("Other name", "da", "America/New_York")
        assert account.mail_choice is MailChoice.WEEKLY
        assert db.session.scalars(select(AuditEntry.action)).all() == ["account.revised"]


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("locale", "de"), ("time_zone", "Mars/North"), ("mail_choice", "hourly")]
)
def test_what_cannot_be_chosen_is_refused(client: Any, person: Account, field: str, value: str) -> None:
    client.sign_in(person)
    client.submit(SETTINGS, status=422, **{field: value})


def test_a_new_address_counts_once_it_is_proven_and_the_old_is_told(
    app: Flask, client: Any, person: Account, postbox: Postbox
) -> None:
    client.sign_in(person)
    client.submit(f"{SETTINGS}/email", email="New@example.org", present_password=PASSWORD)
    app.test_client().submit("/en/account/sign-in", email="person@example.org", password=PASSWORD)
    link = postbox.link("new@example.org")
    elsewhere = app.test_client()
    elsewhere.submit(link, status=422, password="wrong")
    client.submit(link)
    assert postbox.fetch("person@example.org")[-1]["Subject"] == "Your e-mail address was changed"
    app.test_client().submit("/en/account/sign-in", email="new@example.org", password=PASSWORD)
    app.test_client().submit("/en/account/sign-in", status=422, email="person@example.org", password=PASSWORD)


def test_changing_to_somebody_elses_address_tells_nothing(
    app: Flask, client: Any, make: Make, person: Account, postbox: Postbox
) -> None:
    make.account("Other")
    client.sign_in(person)
    free = client.submit(f"{SETTINGS}/email", email="free@example.org", present_password=PASSWORD)
    taken = client.submit(f"{SETTINGS}/email", email="other@example.org", present_password=PASSWORD)
    assert (free.location, free.data) == (taken.location, taken.data)
    assert postbox.fetch("other@example.org")[-1]["Subject"] == "You have an account already"


def test_an_address_that_was_proven_by_another_meanwhile_is_not_taken(
    client: Any, make: Make, person: Account, postbox: Postbox
) -> None:
    client.sign_in(person)
    client.submit(f"{SETTINGS}/email", email="new@example.org", present_password=PASSWORD)
    link = postbox.link("new@example.org")
    make.account("New", email="new@example.org")
    client.submit(link, status=410)


def test_a_new_password_signs_the_other_devices_out_and_changes_the_cookie(
    app: Flask, client: Any, person: Account, postbox: Postbox
) -> None:
    client.sign_in(person)
    other = app.test_client().sign_in(person)
    copied = app.test_client()
    copied.set_cookie("session", client.get_cookie("session").value)
    client.submit(f"{SETTINGS}/password", present_password=PASSWORD, password=NEW)
    assert client.get("/en/my").status_code == 200
    assert other.get("/en/my").status_code == 303
    assert copied.get("/en/my").status_code == 303
    assert postbox.fetch("person@example.org")[-1]["Subject"] == "Your password was changed"
    app.test_client().submit("/en/account/sign-in", email="person@example.org", password=NEW)


@pytest.mark.parametrize("page", ["email", "password", "data"])
def test_whoever_finds_an_open_browser_needs_the_password(client: Any, person: Account, page: str) -> None:
    client.sign_in(person)
    fields = {"email": {"email": "new@example.org"}, "password": {"password": NEW}, "data": {}}[page]
    for wrong in ("", "wrong"):
        answer = client.submit(f"{SETTINGS}/{page}", status=422, present_password=wrong, **fields)
        assert "not your present password" in answer.text


def test_password_managers_find_the_form_and_whose_it_is(client: Any, person: Account) -> None:
    place = client.get("/.well-known/change-password")
    assert place.location == "/da/account/settings/password"
    client.sign_in(person)
    fields = {one.get("autocomplete"): one for one in client.page(place.location).all("input")}
    assert fields["username"].get("value") == "person@example.org"
    assert {"username", "current-password", "new-password"} <= set(fields)


def test_the_present_password_is_kept_nowhere_when_the_session_has_ended_meanwhile(
    app: Flask, client: Any, person: Account
) -> None:
    client.sign_in(person)
    for page, fields in (("email", {"email": "new@example.org"}), ("password", {"password": NEW}), ("data", {})):
        form = filled_in(client.page(f"{SETTINGS}/{page}").all("form")[-1])
        answer = app.test_client().post(f"{SETTINGS}/{page}", data={**form, **fields, "present_password": PASSWORD})
        assert "/account/sign-in" in answer.location
    with app.app_context():
        kept = [one.fields for one in db.session.scalars(select(KeptForm))]
    assert PASSWORD not in str(kept)
    assert "new@example.org" in str(kept)


@pytest.mark.sqlite_only
def test_what_is_typed_unseen_is_called_a_password_by_which_it_is_known_as_a_secret() -> None:
    found = [
        name
        for module in (ROOT / "portal").rglob("*.py")
        for name in re.findall(r"(\w+) = PasswordField\(", module.read_text("utf-8"))
    ]
    assert len(found) > 4
    assert [name for name in found if "password" not in name] == []


def test_without_a_password_a_sign_in_just_now_is_asked(app: Flask, make: Make) -> None:
    account = make.account("Linked")
    client = app.test_client().sign_in(account)
    client.submit(f"{SETTINGS}/password", password=NEW)
    other = make.account("Late")
    client = app.test_client().sign_in(other)
    with make.writing():
        for session in db.session.scalars(select(AccountSession).where(AccountSession.account_id == other.id)):
            session.authenticated_at = clock.now() - timedelta(hours=1)
    assert "signed in a while ago" in client.submit(f"{SETTINGS}/password", status=422, password=NEW).text


def test_devices_are_named_and_signed_out(app: Flask, make: Make, person: Account) -> None:
    client, other, third = (app.test_client() for _ in range(3))
    for one in (client, other, third):
        one.environ_base["HTTP_USER_AGENT"] = FIREFOX
        one.submit("/en/account/sign-in", email="person@example.org", password=PASSWORD)
    page = client.page(f"{SETTINGS}/devices")
    assert page.text.count("Firefox on Linux") >= 3
    assert page.text.count("this device") >= 1
    first = next(one.get("action") for one in page.all("form") if "/devices/" in (one.get("action") or ""))
    client.submit(f"{SETTINGS}/devices", first)
    assert [one.get("/en/my").status_code for one in (client, other, third)].count(303) == 1
    client.submit(f"{SETTINGS}/devices", f"{SETTINGS}/devices/end-others")
    assert [one.get("/en/my").status_code for one in (client, other, third)] == [200, 303, 303]


def test_a_device_of_somebody_else_is_not_there(app: Flask, client: Any, make: Make, person: Account) -> None:
    theirs = app.test_client().sign_in(make.account("Other"))
    client.sign_in(person)
    page = client.page(f"{SETTINGS}/data")
    token = next(one.get("value") for one in page.all("input") if one.get("name") == "csrf_token")
    assert client.post(f"{SETTINGS}/devices/1/end", data={"csrf_token": token}).status_code == 404
    assert theirs.get("/en/my").status_code == 200


@pytest.mark.sqlite_only
def test_browsers_are_told_apart_by_what_they_alone_say() -> None:
    for agent, browser, system in (
        (FIREFOX, "Firefox", "Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140.0", "Edge", "Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Mobile Safari/604", "Safari", "iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome", "Android"),
        ("curl/8", "", ""),
    ):
        assert (devices.browser_of(agent), devices.system_of(agent)) == (browser, system)


def test_the_download_holds_all_that_is_ones_own_and_no_secret(
    app: Flask, client: Any, make: Make, person: Account
) -> None:
    harbour = make.partner("Harbour")
    account = make.account("Exporter", password=PASSWORD, admin_of=[harbour])
    make.project("Shared", team={TeamRole.MANAGER: account})
    client.sign_in(account).submit(SETTINGS, name="Exporter Two")
    answer = client.submit(f"{SETTINGS}/data", f"{SETTINGS}/data/download", status=200)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    found = json.loads(answer.text)
    assert found["account"]["name"] == "Exporter Two"
    assert found["memberships"][0]["partner"] == "harbour"
    assert [one["project"] for one in found["project_teams"]] == ["shared"]
    assert "projects" not in found
    assert [one["action"] for one in found["actions"]] == ["account.revised", "account.exported"]
    assert len(found["sessions"]) == 1
    assert "argon2" not in answer.text
    assert "token" not in answer.text
    assert "person@example.org" not in answer.text


def test_who_goes_leaves_no_name_behind(app: Flask, client: Any, make: Make, postbox: Postbox) -> None:
    harbour = make.partner("Harbour")
    make.account("Colleague", admin_of=[harbour])
    name, email = "Leaving Soul", "leaving-soul@example.org"
    account = make.account(name, password=PASSWORD, admin_of=[harbour])
    make.project("Shared", team={TeamRole.MANAGER: account})
    client.submit("/en/account/sign-in", status=422, email=email, password="wrong")
    client.submit("/en/account/sign-in", email=email, password=PASSWORD)
    client.submit(SETTINGS, name="Leaving Soul Two")
    client.submit(SETTINGS, name=name)
    client.submit("/en/account/partners/harbour/invite", email="guest@example.org", message="m")
    other = app.test_client().sign_in(account)
    assert client.submit(f"{SETTINGS}/data", present_password=PASSWORD).location == "/en/account/deleted"
    client.page("/en/account/deleted")
    assert other.get("/en/my").status_code == 303
    client.submit("/en/account/sign-in", status=422, email=email, password=PASSWORD)
    assert postbox.fetch(email)[-1]["Subject"] == "Your account is deleted"
    with app.app_context():
        actions = select(AuditEntry.action).where(AuditEntry.account_id == account.id)
        assert db.session.scalars(select(TeamMember)).all() == []
        assert "invitation.sent" in db.session.scalars(actions).all()
        for table in Model.metadata.sorted_tables:
            rows = db.session.execute(text(f"SELECT * FROM {table.name}")).all()
            left = [row for row in rows if name in str(row) or email in str(row)]
            # The farewell itself is kept until mails are forgotten.
            assert [row for row in left if "account_deleted" not in str(row) and table.name != "mail"] == []


def test_the_last_admin_of_others_hands_over_first(client: Any, make: Make) -> None:
    harbour = make.partner("Harbour")
    make.account("Colleague", editor_of=[harbour])
    client.sign_in(make.account("Admin", password=PASSWORD, admin_of=[harbour]))
    assert "Hand over first" in client.page(f"{SETTINGS}/data").text
    answer = client.submit(f"{SETTINGS}/data", status=422, present_password=PASSWORD)
    assert "/en/account/partners/harbour/people" in answer.text
    assert client.get("/en/my").status_code == 200


def test_the_last_administrator_stays(client: Any, make: Make) -> None:
    client.sign_in(make.account("Root", password=PASSWORD, roles=[Role.ADMINISTRATOR]))
    answer = client.submit(f"{SETTINGS}/data", status=422, present_password=PASSWORD)
    assert "last administrator of the portal" in answer.text
    make.account("Second", roles=[Role.ADMINISTRATOR])
    client.submit(f"{SETTINGS}/data", present_password=PASSWORD)


def test_an_account_that_was_never_proven_is_forgotten(app: Flask, make: Make) -> None:
    make.account("Ghost", email_verified_at=None)
    make.account("Proven")
    with make.writing():
        upkeep.sweep(clock.now())
    with app.app_context():
        assert db.session.scalars(select(Account.email).order_by(Account.id)).all() == [None, "proven@example.org"]
