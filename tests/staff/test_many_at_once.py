"""Changing many partners at once: what would happen to each, and the way back."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import db
from portal.core.permissions import Role
from portal.core.themes import Theme
from portal.partners.models import Partner, PartnerState, PartnerTheme, PartnerType
from tests.make import Make
from tests.staff.test_imports import IMPORTS, named, write
from tests.staff.test_imports import curator as curator  # noqa: PLC0414  the fixture

MANY = f"{IMPORTS}/many"


def test_a_theme_is_given_to_many_and_taken_back(app: Flask, client: Any, make: Make, curator: Account) -> None:
    first, second = make.partner("First"), make.partner("Second", themes=[PartnerTheme(theme=Theme.WATER)])
    answer = client.submit(MANY, chosen=[str(first.id), str(second.id)], act="add_theme", theme="water")
    place = answer.location
    page = client.page(place)
    assert "Changed (1)" in page.text
    assert "Unchanged (1)" in page.text
    write(client, place)

    def themes() -> list[Theme]:
        with app.app_context():
            return list(db.session.scalars(select(PartnerTheme.theme).order_by(PartnerTheme.partner_id)))

    assert themes() == [Theme.WATER, Theme.WATER]
    client.submit(f"{place}/undo")
    assert themes() == [Theme.WATER]


@pytest.mark.parametrize("state", ["dormant", "left"])
def test_many_change_their_state_and_come_back(
    app: Flask, client: Any, make: Make, curator: Account, postbox: Any, state: str
) -> None:
    partner = make.partner("First")
    make.account("Admin", admin_of=[partner])
    place = client.submit(MANY, chosen=[str(partner.id)], act=state).location
    assert "Published →" in client.page(place).text
    write(client, place)
    assert named(app, "First").state is PartnerState(state)
    assert postbox.fetch("admin@example.org")
    client.submit(f"{place}/undo")
    assert named(app, "First").state is PartnerState.PUBLISHED
    assert app.test_client().get("/en/partners/first").status_code == 200


def test_all_are_taken_out_with_a_reason_and_what_cannot_be_is_told(
    app: Flask, client: Any, make: Make, curator: Account, postbox: Any
) -> None:
    gone, waits = make.partner("Gone"), make.partner("Waits", state=PartnerState.SUGGESTED)
    make.partner("Left", state=PartnerState.LEFT)
    make.account("Ada", admin_of=[gone], email="ada@example.org")
    answer = client.submit(MANY, act="left", all="1", reason="The network has ended.")
    page = client.page(f"{answer.location}?show=bad").text
    assert "Changed (1)Unchanged (1)Cannot be taken (1)" in page
    assert "State: cannot be changed so while it waits to be taken in" in page
    write(client, answer.location)
    assert "The network has ended." in postbox.fetch("ada@example.org")[-1].get_content()
    with app.app_context():
        assert db.session.get_one(Partner, waits.id).state is PartnerState.SUGGESTED


def test_many_need_a_choice_and_an_act(client: Any, make: Make, curator: Account) -> None:
    partner = make.partner()
    assert "Choose at least one partner" in client.submit(MANY, status=422, act="left").text
    answer = client.submit(MANY, status=422, chosen=str(partner.id))
    assert "Say what is to happen" in answer.text
    assert "checked" in answer.text


def test_many_are_those_that_the_directorys_filters_show(app: Flask, client: Any, make: Make, curator: Account) -> None:
    make.partner("Shown", type=PartnerType.UTILITY)
    make.partner("Hidden")
    page = client.page(f"{MANY}?type=utility")
    assert "Shown" in page.text
    assert "Hidden" not in page.text
    assert f"{MANY}?type=utility" in client.page("/en/staff/partners?type=utility").links
    assert app.test_client().sign_in(make.account(roles=[Role.EDITOR])).get(MANY).status_code == 404
