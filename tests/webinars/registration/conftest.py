"""A webinar that people can register for, and what they do with a browser and their mail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.strangers import Pace
from portal.partners.models import Partner
from portal.webinars.models import State, Webinar, WebinarPartner
from portal.webinars.registration.models import Registration
from tests.make import Make
from tests.page import LintingClient

ROOM = "https://meet.example/a-room-that-nobody-guesses"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "least_s", 0.0)


@pytest.fixture
def host(make: Make) -> Partner:
    return make.partner("DTU")


@pytest.fixture
def webinar(make: Make, host: Partner) -> Webinar:
    """In ten days, seen from Boston, with two places."""
    starts = clock.now().replace(microsecond=0) + timedelta(days=10)
    made = make.webinar(
        "Heat for two continents",
        title_da="Varme til to verdensdele",
        state=State.OPEN,
        held_on=starts.date(),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        zone="America/New_York",
        capacity=2,
        join_url=ROOM,
        partners=[host],
    )
    with make.writing():
        db.session.get_one(WebinarPartner, (made.id, host.id)).is_host = True
    return made


@pytest.fixture
def revise(make: Make, webinar: Webinar) -> Callable[..., None]:
    """Change the webinar as its editors would."""

    def change(**values: Any) -> None:
        with make.writing():
            found = db.session.get_one(Webinar, webinar.id)
            for name, value in values.items():
                setattr(found, name, value)

    return change


class Person:
    """Somebody with a mailbox and a browser."""

    def __init__(self, app: Flask, postbox: Any, name: str, language: str = "en") -> None:
        self.app, self.postbox, self.name, self.language = app, postbox, name, language
        self.email = f"{name.lower()}@example.org"
        self.client: LintingClient = app.test_client()  # type: ignore[assignment]

    def register(self, slug: str = "heat-for-two-continents", **fields: Any) -> None:
        page = f"/{self.language}/webinars/{slug}/register"
        self.client.submit(page, **{"name": self.name, "email": self.email, **fields})

    def confirm(self) -> None:
        self.client.submit(self.link())

    def link(self, about: str = "") -> str:
        path: str = self.postbox.link(self.email, about=about)
        return path

    def page(self) -> Any:
        return self.client.page(self.link())

    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.postbox.fetch(self.email)]


@pytest.fixture
def person(app: Flask, postbox: Any) -> Callable[..., Person]:
    return lambda name, language="en": Person(app, postbox, name, language)


@pytest.fixture
def states(app: Flask) -> Callable[[], dict[str, str]]:
    """Name → state of everybody who is registered."""

    def ask() -> dict[str, str]:
        with app.app_context():
            rows = db.session.execute(select(Registration.name, Registration.state).order_by(Registration.place))
            return {name: state.value for name, state in rows}

    return ask
