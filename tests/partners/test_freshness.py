"""Profiles and projects are confirmed once a year: with a press, or with a mailed link and without signing in."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import update

from portal.accounts.models import Account, Membership, MembershipRole
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.permissions import Role
from portal.partners.models import Consent, ContactPoint, Partner
from portal.projects.freshness.operations import ask_for_confirmations
from portal.projects.models import Role as Part
from tests.make import THEN, Make

LATER = THEN + timedelta(days=400)


def _ask(app: Flask, now: datetime) -> int:
    with app.app_context(), transaction():
        return ask_for_confirmations(now)


def test_one_mail_a_year_for_everything_that_is_due(app: Flask, make: Make, postbox: Any) -> None:
    partner = make.partner("Gate")
    make.project("Tunnel", partners=[(partner, Part.COORDINATOR)])
    make.account("Admin", admin_of=[partner])
    make.partner("Nobody's")
    assert _ask(app, THEN + timedelta(days=10)) == 0
    assert _ask(app, LATER) == 1
    assert _ask(app, LATER + timedelta(minutes=1)) == 0
    letters = postbox.fetch("admin@example.org")
    assert len(letters) == 1
    assert "Gate" in letters[0].get_content()
    assert "Tunnel" in letters[0].get_content()


def test_the_link_shows_and_only_the_button_confirms(app: Flask, make: Make, postbox: Any) -> None:
    partner = make.partner("Gate")
    make.account("Admin", admin_of=[partner])
    _ask(app, clock.now() + timedelta(days=400))
    link = postbox.link("admin@example.org")
    anybody = app.test_client()
    anybody.page(link)
    assert "Not yet confirmed" in anybody.page("/en/partners/gate").text
    anybody.submit(link)
    assert "Confirmed by Gate on" in anybody.page("/en/partners/gate").text
    assert anybody.get("/en/partners/confirm/unknown").status_code == 404


def test_the_link_is_worth_what_its_person_may_do_today(app: Flask, make: Make, postbox: Any) -> None:
    partner = make.partner("Gate")
    make.project("Tunnel", partners=[(partner, Part.COORDINATOR)])
    admin = make.account("Admin", admin_of=[partner])
    _ask(app, clock.now() + timedelta(days=400))
    text = postbox.fetch("admin@example.org")[0].get_content()
    links = re.findall(r"/en/\w+/confirm/\S+", text)
    assert len(links) == 2
    anybody = app.test_client()
    for link in links:
        anybody.page(link)
    with make.writing():
        db.session.execute(update(Membership).values(role=MembershipRole.EDITOR))
    for link in links:
        assert "can no longer be used" in anybody.page(link, status=410).text
    with make.writing():
        db.session.execute(update(Membership).values(role=MembershipRole.ADMIN))
        db.session.get_one(Account, admin.id).suspended_at = THEN
    assert [anybody.get(link).status_code for link in links] == [410, 410]


def test_readers_are_told_who_confirmed_as_far_as_that_person_agrees(app: Flask, make: Make) -> None:
    partner = make.partner("Gate")
    with make.writing():
        point = ContactPoint(partner_id=partner.id, name="Anna", email="anna@example.org", consent=Consent.PUBLIC)
        db.session.add(point)
        db.session.flush()
    admin = app.test_client().sign_in(make.account("Anna", email="anna@example.org", admin_of=[partner]))
    admin.submit("/en/partners/gate", "/en/partners/gate/confirm")
    visitor = app.test_client()
    assert "Confirmed by Gate on" in visitor.page("/en/partners/gate").text
    admin.submit(f"/en/account/contacts/{point.id}", consent="public")
    assert "Confirmed by Anna, Gate, on" in visitor.page("/en/partners/gate").text
    admin.submit("/en/account/contacts", f"/en/account/contacts/{point.id}/withdraw")
    assert "Anna" not in visitor.page("/en/partners/gate").text


def test_a_project_is_confirmed_by_link_as_long_as_its_person_runs_it(app: Flask, make: Make, postbox: Any) -> None:
    partner = make.partner("Gate", confirmed_at=THEN, next_confirmation_due=date(2099, 1, 1))
    make.project("Tunnel", partners=[(partner, Part.COORDINATOR)])
    make.account("Admin", admin_of=[partner])
    _ask(app, clock.now() + timedelta(days=400))
    link = postbox.link("admin@example.org")
    app.test_client().submit(link)
    assert "Confirmed by Gate on" in app.test_client().page("/en/projects/tunnel").text


def test_what_is_overdue_says_so(app: Flask, make: Make) -> None:
    make.partner("Gate", confirmed_at=THEN, next_confirmation_due=date(2026, 6, 1))
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False):
        assert "Not confirmed since" not in app.test_client().page("/en/partners/gate").text
    with time_machine.travel(datetime(2026, 6, 2, 12, tzinfo=UTC), tick=False):
        assert "Not confirmed since 2 March 2026" in app.test_client().page("/en/partners/gate").text


def test_an_admin_and_a_curator_confirm_with_a_press(app: Flask, make: Make) -> None:
    partner = make.partner("Gate")
    admin = app.test_client().sign_in(make.account(admin_of=[partner]))
    admin.submit("/en/partners/gate", "/en/partners/gate/confirm")
    assert "Confirmed by Gate" in app.test_client().page("/en/partners/gate").text
    curator = app.test_client().sign_in(make.account(roles=[Role.CURATOR]))
    curator.submit("/en/staff/partners/gate", "/en/staff/partners/gate/confirm")
    assert "Confirmed by the portal’s staff" in app.test_client().page("/en/partners/gate").text
    with app.app_context():
        due = db.session.get_one(Partner, partner.id).next_confirmation_due
    assert due is not None
    assert due > clock.today() + timedelta(days=360)


def test_others_do_not_confirm(app: Flask, make: Make) -> None:
    partner = make.partner("Gate")
    editor = app.test_client().sign_in(make.account(editor_of=[partner]))
    assert "confirm" not in editor.page("/en/partners/gate").text.lower().split("not yet confirmed")[0]


def test_who_edits_a_project_confirms_it_with_a_press(app: Flask, make: Make) -> None:
    partner = make.partner("Gate")
    make.project("Tunnel", partners=[(partner, Part.COORDINATOR)])
    admin = app.test_client().sign_in(make.account(admin_of=[partner]))
    admin.submit("/en/projects/tunnel/state", "/en/projects/tunnel/confirm")
    assert "Confirmed by Gate on" in app.test_client().page("/en/projects/tunnel").text
