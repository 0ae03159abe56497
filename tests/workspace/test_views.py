"""Saved views: kept under a name, one's own, and gone when dropped."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, allows
from portal.workspace.models import SavedView
from portal.workspace.permissions import used_by
from tests.make import Make

ADDRESS = "/en/my/projects"


def test_a_view_is_saved_found_and_dropped(client: Any, make: Make) -> None:
    client.sign_in(make.account())
    client.submit(f"{ADDRESS}?theme=energy&group=state", name="Energy by state")
    page = client.page(ADDRESS)
    assert "The view “Energy by state” is saved." in page.text
    assert f"{ADDRESS}?theme=energy&group=state" in page.links
    here = [one for one in client.page(f"{ADDRESS}?theme=energy&group=state").all("a") if one.get("aria-current")]
    assert "Energy by state" in ["".join(one.itertext()) for one in here]
    client.submit(ADDRESS, "/en/my/views/1/drop")
    assert "Energy by state" not in client.page(ADDRESS).text


def test_the_same_name_takes_the_new_choice(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account())
    client.submit(f"{ADDRESS}?theme=energy", name="Mine")
    client.submit(f"{ADDRESS}?theme=water", name="Mine")
    with app.app_context():
        assert db.session.scalars(select(SavedView.query)).all() == ["theme=water"]


@pytest.mark.parametrize(("name", "said"), [("", "Give the view a name."), ("x" * 81, "80 characters")])
def test_a_bad_name_is_told_at_its_field(client: Any, make: Make, name: str, said: str) -> None:
    answer = client.sign_in(make.account()).submit(ADDRESS, status=422, name=name)
    assert said in answer.text


def test_nobody_reaches_anothers_view(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account())
    client.submit(f"{ADDRESS}?theme=energy", name="Mine")
    stranger = app.test_client().sign_in(make.account())
    stranger.submit(f"{ADDRESS}?theme=water", name="Theirs")
    assert "Mine" not in stranger.page(ADDRESS).text
    token = stranger.page(ADDRESS).html.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert stranger.post("/en/my/views/1/drop", data={"csrf_token": token}).status_code == 404
    assert app.test_client().get(ADDRESS).location == "/en/account/sign-in?next=/en/my/projects"


def test_question_and_sql_agree(app: Flask, client: Any, make: Make) -> None:
    mine, other = make.account(), make.account()
    client.sign_in(mine).submit(ADDRESS, name="Mine")
    with app.app_context():
        [view] = db.session.scalars(select(SavedView))
        for actor in (VISITOR, Actor(account_id=mine.id), Actor(account_id=other.id)):
            found = bool(db.session.scalars(select(SavedView).where(used_by(actor))).all())
            assert allows(actor, "saved_view.use", view) == found
