"""Where to join is for the registered alone, and who they are for nobody; what is full says so at once."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.search import indexer
from portal.webinars.models import State, Webinar
from portal.webinars.registration import upkeep
from tests.make import Make
from tests.webinars.registration.conftest import ROOM

PAGE = "/en/webinars/heat-for-two-continents"
PUBLIC = (
    "/en/", "/en/webinars", PAGE, "/da/webinars/heat-for-two-continents", f"{PAGE}.ics", f"{PAGE}/register",
    f"{PAGE}/registered", "/en/webinars.ics", "/en/webinars.atom", "/en/webinars.rss", "/en/webinars.json",
    "/en/webinars.csv", "/en/search?q=heat", "/en/search?q=nobody+guesses", "/en/search/suggest?q=heat",
    "/en/partners/dtu", "/sitemap.xml", "/en/webinars?state=upcoming",
)  # fmt: skip


def test_where_to_join_and_who_comes_is_in_nothing_public(
    app: Flask, client: Any, make: Make, webinar: Webinar, person: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ann = person("Annelise")
    ann.register(organisation="Vindby Kommune", is_listed="y")
    ann.confirm()
    with app.app_context():
        indexer.rebuild()
    secrets = (ROOM, "nobody-guesses", "Annelise", "annelise", "Vindby", ann.link().rpartition("/")[2])
    readers = [
        client,
        app.test_client().sign_in(make.account()),
        app.test_client().sign_in(make.account(roles=[Role.CURATOR])),
    ]
    for reader in readers:
        for address in PUBLIC:
            for _ in range(2):  # the second comes from the cache
                answer = reader.get(address)
                assert answer.status_code in (200, 404), address
                text = answer.get_data(as_text=True)
                assert [one for one in secrets if one in text.replace("q=nobody+guesses", "")] == [], address
        assert reader.get(f"{PAGE}/registrations").status_code != 200
    assert ROOM in ann.page().links
    with app.app_context():
        upkeep.work(clock.now())
        with transaction():
            upkeep.sweep(clock.now())
    said = "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in caplog.records)
    assert [one for one in secrets if one in said] == []


def test_what_is_full_says_so_with_the_next_request(
    app: Flask, client: Any, webinar: Webinar, revise: Any, person: Any
) -> None:
    def said() -> tuple[bool, bool, bool]:
        page, row = client.page(PAGE), client.page("/en/webinars")
        return f"{PAGE}/register" in page.links, "Full" in page.text, "Full" in row.text

    ann, bo = person("Ann"), person("Bo")
    assert said() == (True, False, False)
    ann.register()
    assert said() == (True, False, False)
    bo.register()
    assert said() == (True, True, True)
    bo.client.submit(f"{bo.link()}/cancel", status=200)
    assert said() == (True, False, False)
    bo.register()
    assert said() == (True, True, True)
    with app.app_context():
        upkeep.work(clock.now() + timedelta(hours=3))
    assert said() == (True, False, False)
    revise(registration_closes_at=clock.now() - timedelta(minutes=1))
    app.test_client().get("/en/webinars")
    assert f"{PAGE}/register" not in app.test_client().page(f"{PAGE}?fresh").links
    revise(state=State.ANNOUNCED)
    assert f"{PAGE}/register" not in app.test_client().page(f"{PAGE}?fresher").links
