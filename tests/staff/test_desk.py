"""The desk shows each of the staff what waits for them, the oldest first."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.core.permissions import Role
from portal.staff import desk
from tests.make import THEN, Make

DESK = "/en/staff"


def _queue(name: str, count: int, age: int, *roles: Role) -> desk.Queue:
    return desk.Queue(
        name, name, "staff.index", lambda _: count, roles or tuple(Role), lambda _: THEN - timedelta(days=age)
    )


def test_the_longest_wait_comes_first_and_empty_queues_last(
    client: Any, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And people stand before what nobody waits for, however long it has been so."""
    upkeep = replace(_queue("Upkeep", 9, 300), is_upkeep=True)
    queues = (upkeep, _queue("Young", 3, 1), _queue("Idle", 0, 90), _queue("Old", 1, 30))
    monkeypatch.setattr(desk, "QUEUES", queues)
    text = client.sign_in(make.account(roles=[Role.CURATOR])).page(DESK).text
    order = ("First of all", "Old", "Young", "To be looked after", "Upkeep", "in 1 other queue", "Idle")
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)


def test_a_queue_is_shown_to_those_who_decide_it(client: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "QUEUES", (_queue("For curators", 1, 1, Role.CURATOR),))
    page = client.sign_in(make.account(roles=[Role.EDITOR])).page(DESK)
    assert "For curators" not in page.text
    assert "Nothing is urgent." in page.text


def test_the_menu_leads_only_where_one_may_go(client: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = replace(desk.PAGES[0], label="Closed", roles=(Role.ADMINISTRATOR,))
    monkeypatch.setattr(desk, "PAGES", (*desk.PAGES, closed))
    assert "Closed" not in client.sign_in(make.account(roles=[Role.EDITOR])).page(DESK).text


def test_the_desk_is_for_staff(client: Any, make: Make) -> None:
    assert client.get(DESK).location == "/en/account/sign-in?next=/en/staff"
    client.sign_in(make.account(admin_of=[make.partner()]))
    assert client.get(DESK).status_code == 404
