"""Registering without an account: proven by mail, given a place in order, left by link."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.webinars.models import State, Webinar
from portal.webinars.registration import upkeep
from portal.webinars.registration.models import Registration
from tests.page import filled_in
from tests.webinars.registration.conftest import ROOM

REGISTER = "/en/webinars/heat-for-two-continents/register"


def test_from_the_form_to_a_place_to_leaving_it(
    app: Flask, client: Any, webinar: Webinar, person: Any, states: Any
) -> None:
    ann, bo, cy, dea = person("Ann"), person("Bo", "da"), person("Cy"), person("Dea")
    for one in (ann, bo, cy, dea):
        one.register()
        one.confirm()
    assert states() == {"Ann": "confirmed", "Bo": "confirmed", "Cy": "waitlisted", "Dea": "waitlisted"}
    assert "number 1" in cy.page().text
    assert "number 2" in dea.page().text
    assert ROOM in ann.page().links
    assert ROOM not in cy.page().html
    assert "Waiting list" in client.page(REGISTER).h1
    assert "2 people are on it" in client.page(REGISTER).text
    # A mail scanner follows every link and changes nothing.
    cancel = f"{bo.link()}/cancel"
    bo.client.page(cancel)
    assert states()["Bo"] == "confirmed"
    bo.client.submit(cancel, status=200)
    bo.client.post(cancel)
    assert states() == {"Ann": "confirmed", "Bo": "cancelled", "Cy": "confirmed", "Dea": "waitlisted"}
    assert cy.subjects()[-1] == "You have got a place: Heat for two continents"
    assert ROOM in cy.page().links
    assert "number 1" in dea.page().text
    # Who left may come back, behind the others.
    bo.register()
    bo.confirm()
    assert states() == {"Ann": "confirmed", "Cy": "confirmed", "Dea": "waitlisted", "Bo": "waitlisted"}


def test_the_answer_never_tells_who_is_registered(app: Flask, webinar: Webinar, person: Any, states: Any) -> None:
    ann = person("Ann")
    answers = []
    for _ in range(3):
        form = next(one for one in ann.client.page(REGISTER).all("form") if one.get("method") == "post")
        sent = {**filled_in(form), "name": "Ann", "email": "ANN@example.org"}
        answers.append([ann.client.post(REGISTER, data=sent) for _ in range(2)])  # a double click each time
        if len(answers) == 2:
            ann.confirm()
    assert {(one.status_code, one.location) for pair in answers for one in pair} == {
        (303, "/en/webinars/heat-for-two-continents/registered")
    }
    assert states() == {"Ann": "confirmed"}
    assert [one.partition(":")[0] for one in ann.subjects()] == [
        "Confirm your registration",
        "Confirm your registration",
        "You have a place",
        "You are registered already",
    ]


def test_what_cannot_be_taken_stays_in_the_form(client: Any, webinar: Webinar) -> None:
    page = client.submit(REGISTER, status=422, name=" ", email="nobody", organisation="Odense Kommune")
    text = page.get_data(as_text=True)
    assert "Write your name." in text
    assert "This is not an e-mail address." in text
    assert "Odense Kommune" in text


@pytest.mark.parametrize("closed", ["begun", "window", "early", "called off", "announced", "draft"])
def test_who_comes_too_late_or_too_early_is_told(client: Any, webinar: Webinar, revise: Any, closed: str) -> None:
    now = clock.now()
    changes: dict[str, dict[str, Any]] = {
        "begun": {"starts_at": now - timedelta(minutes=1)},
        "window": {"registration_closes_at": now - timedelta(minutes=1)},
        "early": {"registration_opens_at": now + timedelta(days=1)},
        "called off": {"state": State.CANCELLED},
        "announced": {"state": State.ANNOUNCED},
        "draft": {"state": State.DRAFT},
    }
    form = next(one for one in client.page(REGISTER).all("form") if one.get("method") == "post")
    sent = {**filled_in(form), "name": "Ann", "email": "ann@example.org"}
    revise(**changes[closed])
    if closed in ("begun", "window", "early"):
        assert client.page(REGISTER).h1.startswith("Registration is")
        assert client.post(REGISTER, data=sent).status_code == 409
    else:
        assert client.get(REGISTER).status_code == 404
        assert client.post(REGISTER, data=sent).status_code == 404


def test_a_turn_is_kept_for_two_hours(app: Flask, webinar: Webinar, revise: Any, person: Any, states: Any) -> None:
    revise(capacity=1)
    ann, bo = person("Ann"), person("Bo")
    ann.register()
    bo.register()
    bo.confirm()
    assert states() == {"Ann": "unconfirmed", "Bo": "waitlisted"}
    with app.app_context():
        upkeep.work(clock.now() + timedelta(hours=1, minutes=59))
    assert states()["Bo"] == "waitlisted"
    with app.app_context():
        upkeep.work(clock.now() + timedelta(hours=2, minutes=1))
    assert states()["Bo"] == "confirmed"
    ann.confirm()
    assert states() == {"Bo": "confirmed", "Ann": "waitlisted"}


def test_who_never_proves_an_address_is_forgotten(app: Flask, webinar: Webinar, person: Any) -> None:
    person("Ann").register()
    now = clock.now()
    with app.app_context():
        for days in (1, 4):
            upkeep.work(now + timedelta(days=days))
            with transaction():
                upkeep.sweep(now + timedelta(days=days))
            assert db.session.scalar(select(func.count()).select_from(Registration)) == (1 if days == 1 else 0)


def test_limits(app: Flask, webinar: Webinar, person: Any) -> None:
    ann = person("Ann")
    for _ in range(10):
        ann.register()
    ann.client.submit(REGISTER, status=429, name="Ann", email=ann.email)
    assert len(ann.subjects()) == 10


def test_links_that_open_nothing(client: Any, webinar: Webinar, person: Any) -> None:
    ann = person("Ann")
    ann.register()
    link = ann.link()
    for address in ("/en/webinars/registration/nonsense", f"{link}x", f"{link[:-1]}"):
        for page in ("", "/cancel", "/feedback", "/forget", "/webinar.ics"):
            assert client.get(address + page).status_code == 410
        assert client.post(f"{address}/cancel").status_code == 410
    assert client.get(f"{link}/webinar.ics").status_code == 404
    assert client.get(f"{link}/feedback").status_code == 404
    answer = client.get(link)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_consent_to_be_listed_is_given_and_taken_back(webinar: Webinar, person: Any) -> None:
    ann, bo = person("Ann"), person("Bo")
    ann.register(is_listed="y", organisation="Odense <b>Kommune</b>")
    bo.register()
    ann.confirm()
    bo.confirm()
    assert "Ann, Odense <b>Kommune</b>" in bo.page().text
    ann.client.submit(ann.link(), f"{ann.link()}/listed")
    assert "Odense" not in bo.page().text
    bo.client.submit(bo.link(), f"{bo.link()}/listed")
    assert "Bo" in ann.page().text


def test_who_asks_is_forgotten_at_once(app: Flask, webinar: Webinar, person: Any, states: Any, revise: Any) -> None:
    revise(capacity=1)
    ann, bo = person("Ann"), person("Bo")
    for one in (ann, bo):
        one.register(organisation="Odense")
        one.confirm()
    link = ann.link()
    ann.client.submit(f"{link}/forget")
    assert ann.client.get(link).status_code == 410
    assert states() == {"": "cancelled", "Bo": "confirmed"}
    with app.app_context():
        one = db.session.scalars(select(Registration).order_by(Registration.id)).first()
        assert one is not None
        assert (one.email, one.name, one.organisation) == (None, "", "")
