"""A project's history: for those inside, in words, with differences, and no more than one may know."""

from typing import Any

import pytest
from flask import Flask

from portal.core import audit
from portal.core.db import transaction
from portal.core.permissions import SYSTEM
from portal.core.permissions import Role as Platform
from portal.projects.models import Role, TeamRole
from tests.make import Make

HISTORY = "/en/projects/ours/history"


@pytest.fixture
def manager(make: Make) -> Any:
    account = make.account("Manager")
    make.project("Ours", team={TeamRole.MANAGER: account}, summary_en="A pump that warms the whole of the town. " * 2)
    return account


def test_what_changed_is_told_in_words(client: Any, manager: Any) -> None:
    client.sign_in(manager)
    client.submit("/en/projects/ours/facts", kind="policy", starts="2026-05")
    client.submit("/en/projects/ours/edit", summary_en="A pump that cools the whole of the town. " * 2)
    client.submit("/en/projects/ours/money/costs", total_cost="2500000.50", total_cost_currency="DKK")
    page = client.page(HISTORY)
    assert "2,500,000.5" in page.text
    assert "Manager" in page.text
    assert "Facts changed" in page.text
    assert "Policy" in page.text
    assert "May 2026" in page.text
    assert "Summary, English" in page.text
    assert next(" ".join("".join(one.itertext()).split()) for one in page.all("del")) == "[gone] warms"
    assert page.text.index("Texts changed") < page.text.index("Facts changed")


def test_it_is_for_those_inside(app: Flask, make: Make, manager: Any) -> None:
    partner = make.partner()
    make.project("Theirs", partners=[(partner, Role.OBSERVER)])
    address = "/en/projects/theirs/history"
    for account, status in (
        (make.account(editor_of=[partner]), 200),
        (make.account(roles=[Platform.EDITOR]), 200),
        (make.account(admin_of=[make.partner()]), 404),
        (make.account(roles=[Platform.ADMINISTRATOR]), 404),
        (manager, 404),
    ):
        assert app.test_client().sign_in(account).get(address).status_code == status
    assert app.test_client().get(address).status_code == 303


def test_who_was_asked_from_outside_is_for_managers(app: Flask, make: Make) -> None:
    manager, reader = make.account(), make.account()
    make.project("Ours", team={TeamRole.MANAGER: manager, TeamRole.READER: reader})
    client = app.test_client().sign_in(manager)
    client.submit("/en/projects/ours/team", "/en/projects/ours/team/share", email="a@example.org", role="reader")
    assert "Shared with somebody from outside" in client.page(HISTORY).text
    assert "Shared with somebody from outside" not in app.test_client().sign_in(reader).page(HISTORY).text


def test_it_has_pages(app: Flask, client: Any, make: Make) -> None:
    manager = make.account()
    project = make.project("Ours", team={TeamRole.MANAGER: manager})
    with app.app_context(), transaction():
        for _ in range(31):
            audit.record(SYSTEM, "project.facts_revised", "project", project.id, {"acronym": ("", "X")})
    client.sign_in(manager)
    assert f"{HISTORY}?page=2" in client.page(HISTORY).links
    client.page(f"{HISTORY}?page=2")
    for beyond in ("3", "0", "-1", "x", "9" * 40):
        assert client.get(f"{HISTORY}?page={beyond}").status_code == 404
