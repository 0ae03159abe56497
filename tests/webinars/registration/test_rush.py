"""Everybody at once: as many places as there are, and the order of the rest."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.mail import Mail
from portal.webinars.models import Webinar
from portal.webinars.registration.models import Registration, RegistrationState
from tests.page import filled_in

REGISTER = "/en/webinars/heat-for-two-continents/register"
AT_ONCE = 20
COMING, PLACES, LEAVING = 300, 100, 10


@pytest.mark.slow
def test_three_hundred_people_at_once_for_a_hundred_places(app: Flask, webinar: Webinar, revise: Any) -> None:
    revise(capacity=PLACES)
    first = app.test_client()
    form = filled_in(next(one for one in first.page(REGISTER).all("form") if one.get("method") == "post"))
    cookie = first.get_cookie("session")
    assert cookie is not None
    barrier = Barrier(AT_ONCE)

    def send(number: int, address: str, fields: dict[str, Any]) -> int:
        """As if from a town hall of their own, each with a form of their own."""
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        if number < AT_ONCE:
            barrier.wait(60)
        own = {"csrf_token": form["csrf_token"], "once": f"{number}-{address}", **fields}
        base = {"REMOTE_ADDR": f"192.0.2.{number % 250}"}
        return client.post(address, data=own, environ_overrides=base).status_code

    def all_at_once(addresses: list[str], fields: Any) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda n: send(n, addresses[n], fields(n)), range(len(addresses))))
        assert set(answers) <= {200, 303}, answers

    def person(number: int) -> dict[str, Any]:
        return {"begun": form["begun"], "name": f"P {number}", "email": f"p{number}@example.org"}

    all_at_once([REGISTER] * COMING, person)
    with app.app_context():
        rows = db.session.execute(select(Registration.place, Registration.state)).all()
        links = {one.address: _link(one) for one in db.session.scalars(select(Mail))}
    assert sorted(place for place, _state in rows) == list(range(1, COMING + 1))
    assert {state for _place, state in rows} == {RegistrationState.UNCONFIRMED}

    mixed = random.Random(4).sample(sorted(links), COMING)
    all_at_once([links[address] for address in mixed], lambda _n: {})
    assert _seated(app) == list(range(1, PLACES + 1))
    assert _waiting(app) == list(range(PLACES + 1, COMING + 1))

    with app.app_context():
        leaving = db.session.scalars(select(Registration.email).where(Registration.place <= LEAVING)).all()
    all_at_once([f"{links[str(address)]}/cancel" for address in leaving] * 2, lambda _n: {})
    assert _seated(app) == list(range(LEAVING + 1, PLACES + LEAVING + 1))
    assert _waiting(app) == list(range(PLACES + LEAVING + 1, COMING + 1))
    with app.app_context():
        told = db.session.scalars(select(Mail.address).where(Mail.subject.startswith("You have"))).all()
    assert len(told) == len(set(told)) == PLACES + LEAVING


def _places(app: Flask, state: RegistrationState) -> list[int]:
    with app.app_context():
        mine = select(Registration.place).where(Registration.state == state)
        return list(db.session.scalars(mine.order_by(Registration.place)))


def _seated(app: Flask) -> list[int]:
    return _places(app, RegistrationState.CONFIRMED)


def _waiting(app: Flask) -> list[int]:
    return _places(app, RegistrationState.WAITLISTED)


def _link(mail: Mail) -> str:
    return re.findall(r"https?://[^/\s]+(/\S*)", mail.text)[-1]
