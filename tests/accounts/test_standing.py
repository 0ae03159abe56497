"""What the workspace says to somebody who acts for no partner yet: the next step, or what it waits for."""

from typing import Any

from flask import Flask
from sqlalchemy import update

from portal.accounts.models import Account
from portal.core.db import db
from portal.core.permissions import Role
from portal.projects.models import TeamRole
from tests.make import THEN, Make

WORKSPACE = "/en/my"
WAY = "Your way in"


def test_the_workspace_leads_from_the_first_step_to_the_partner(app: Flask, client: Any, make: Make) -> None:
    harbour = make.partner("Harbour")
    make.account("Admin", admin_of=[harbour])
    newcomer = make.account("Newcomer", email_verified_at=None)
    client.sign_in(newcomer)
    page = client.page(WORKSPACE)
    assert "Your e-mail address is not verified yet" in page.text
    assert "/en/account/join" not in page.links
    assert client.submit(WORKSPACE, "/en/account/verify").location == "/en/account/settings/partners"

    with make.writing():
        db.session.execute(update(Account).where(Account.id == newcomer.id).values(email_verified_at=THEN))
    page = client.page(WORKSPACE)
    assert {"/en/account/join", "/en/account/propose"} <= set(page.links)

    client.submit("/en/account/join", partner=str(harbour.id))
    page = client.page(WORKSPACE)
    assert "Harbour Waits for an answer" in page.text
    assert "/en/account/join" not in page.links

    client.submit("/en/account/propose", name="Fjord Labs", type="company")
    assert "Fjord Labs Suggested The staff look at the proposal" in client.page(WORKSPACE).text


def test_who_has_somewhere_to_be_is_led_nowhere(app: Flask, make: Make) -> None:
    shared = make.account("Shared")
    make.project(team={TeamRole.READER: shared})
    for account in (shared, make.account(admin_of=[make.partner()]), make.account(roles=[Role.EDITOR])):
        assert WAY not in app.test_client().sign_in(account).page(WORKSPACE).text
