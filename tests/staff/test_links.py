"""Links to elsewhere: collected from our pages, looked at politely, broken only after days, mended by staff."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from werkzeug import Request, Response

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.permissions import Actor, Role, allows
from portal.partners.models import Partner, PartnerState
from portal.projects.models import Project, Update, Visibility
from portal.staff.links import checks, operations, queries
from portal.staff.links.models import ExternalAddress, LinkState
from portal.staff.links.permissions import managed_by
from tests.make import Make

LINKS = "/en/staff/links"


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[HTTPServer]:
    """A web server of somebody else's, which the portal may ask although it is on loopback."""
    with HTTPServer(host="127.0.0.1") as server:
        app.config["PORTAL_OUTGOING_ALLOW"] = frozenset({f"127.0.0.1:{server.port}"})
        yield server


@pytest.fixture
def curator(client: Any, make: Make) -> None:
    client.sign_in(make.account(roles=[Role.CURATOR]))


def address(app: Flask, url: str = "") -> Any:
    with app.app_context():
        stmt = select(ExternalAddress)
        return db.session.scalar(stmt.where(ExternalAddress.url == url) if url else stmt)


def look(app: Flask, *, collect: bool = True) -> int:
    with app.app_context():
        if collect:
            checks.collect()
        return checks.run()


def test_an_address_that_answers_is_good(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    elsewhere.expect_request("/there", method="HEAD").respond_with_data("", headers={"ETag": '"1"'})
    make.partner(website=elsewhere.url_for("/there"))
    assert look(app) == 1
    found = address(app)
    assert (found.state, found.status, found.etag) == (LinkState.GOOD, 200, '"1"')
    assert found.next_check_at - found.last_checked_at >= timedelta(days=6)


def test_a_server_that_does_not_know_head_is_asked_again_by_get(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    elsewhere.expect_request("/there", method="HEAD").respond_with_data("", status=405)
    elsewhere.expect_request("/there", method="GET").respond_with_data("here")
    make.partner(website=elsewhere.url_for("/there"))
    look(app)
    assert address(app).state is LinkState.GOOD


def test_a_second_look_is_a_conditional_one(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    asked: list[str | None] = []

    def answer(request: Request) -> Response:
        asked.append(request.headers.get("If-None-Match"))
        return Response(status=304 if asked[-1] else 200, headers={"ETag": '"1"'})

    elsewhere.expect_request("/there").respond_with_handler(answer)
    make.partner(website=elsewhere.url_for("/there"))
    look(app)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        look(app)
    assert asked == [None, '"1"']
    assert address(app).state is LinkState.GOOD


def test_an_address_is_broken_only_after_three_failures_over_days(
    app: Flask, client: Any, make: Make, elsewhere: HTTPServer, curator: None
) -> None:
    elsewhere.expect_request("/gone").respond_with_data("", status=410)
    make.partner("Aarhus Vand", website=elsewhere.url_for("/gone"))
    states = []
    start = clock.now()
    for day in range(4):
        with time_machine.travel(start + timedelta(days=day, hours=day)):
            look(app)
            states.append(address(app).state)
    assert states == [LinkState.FAILING, LinkState.FAILING, LinkState.BROKEN, LinkState.BROKEN]
    page = client.page(LINKS)
    assert "HTTP 410" in page.text
    assert "Stands on Aarhus Vand" in page.text
    assert "Broken links" in client.page("/en/staff").text


def test_one_good_answer_forgives_what_was(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    answers = iter([500, 500, 200])
    elsewhere.expect_request("/there").respond_with_handler(lambda _request: Response(status=next(answers)))
    make.partner(website=elsewhere.url_for("/there"))
    look(app)
    assert address(app).failures == 1
    with time_machine.travel(clock.now() + timedelta(days=2)):
        look(app)
    found = address(app)
    assert (found.state, found.failures, found.first_failed_at) == (LinkState.GOOD, 0, None)


def test_whoever_shuts_programs_out_is_not_broken(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    elsewhere.expect_request("/there").respond_with_data("", status=403)
    make.partner(website=elsewhere.url_for("/there"))
    look(app)
    assert address(app).state is LinkState.GOOD


def test_an_endless_page_answers(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    elsewhere.expect_request("/long", method="HEAD").respond_with_data("", status=405)
    elsewhere.expect_request("/long", method="GET").respond_with_data(b"x" * (checks.LIMITS.raw + 1))
    make.partner(website=elsewhere.url_for("/long"))
    look(app)
    assert address(app).state is LinkState.GOOD


def test_no_address_leads_into_our_own_network(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    app.config["PORTAL_OUTGOING_ALLOW"] = frozenset()
    make.partner(website=elsewhere.url_for("/there"))
    look(app)
    found = address(app)
    assert found.state is LinkState.FAILING
    assert found.reason.startswith("Blocked")
    assert elsewhere.log == []


def test_a_host_is_asked_once_a_minute(app: Flask, make: Make, elsewhere: HTTPServer) -> None:
    elsewhere.expect_request("/a").respond_with_data("")
    elsewhere.expect_request("/b").respond_with_data("")
    make.partner(website=elsewhere.url_for("/a"))
    make.partner(website=elsewhere.url_for("/b"))
    assert [look(app), look(app)] == [1, 0]
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert look(app) == 1


def test_only_what_readers_see_is_collected_and_once_each(app: Flask, make: Make) -> None:
    make.partner(website="https://one.example")
    make.partner(website="https://one.example")
    hidden = make.partner(website="https://hidden.example", state=PartnerState.SUGGESTED)
    make.partner(website="")
    project = make.project(website="https://project.example")
    make.article(origin_url="https://article.example")
    with app.app_context():
        checks.collect()
        checks.collect()
        urls = list(db.session.scalars(select(ExternalAddress.url).order_by(ExternalAddress.url)))
        assert urls == ["https://article.example", "https://one.example", "https://project.example"]
    with make.writing():
        db.session.get_one(Partner, hidden.id).state = PartnerState.PUBLISHED
        db.session.get_one(Project, project.id).visibility = Visibility.MEMBERS
    with app.app_context():
        checks.collect()
        urls = list(db.session.scalars(select(ExternalAddress.url).order_by(ExternalAddress.url)))
        assert urls == ["https://article.example", "https://hidden.example", "https://one.example"]


def test_links_in_texts_are_collected_and_their_pages_named(app: Flask, client: Any, make: Make, curator: None) -> None:
    text = "See [the report](https://text.example/a?b=1&c=2) and [us](/da/about), [mail](mailto:a@example.org)."
    project = make.project("Texts", challenge_da=text, lessons_copy_en="[Copy](https://copy.example)")
    make.project("Hidden", visibility=Visibility.MEMBERS, challenge_da="[x](https://hidden.example)")
    make.article("Told", body_en="[y](https://article.example/y)")
    with make.writing():
        told = {"project_id": project.id, "dated": date(2026, 1, 1), "title_en": "News"}
        db.session.add(Update(body_en="[z](https://update.example)", **told))
        db.session.add(Update(body_en="[z](https://withdrawn.example)", withdrawn_at=clock.now(), **told))
        db.session.add(Update(body_en="[z](https://inside.example)", visibility=Visibility.MEMBERS, **told))
    with app.app_context():
        checks.collect()
        urls = set(db.session.scalars(select(ExternalAddress.url)))
        expected = {"https://text.example/a?b=1&c=2", "https://copy.example", "https://article.example/y"}
        assert urls == {*expected, "https://update.example"}
        places = queries.places_of(["https://text.example/a?b=1&c=2", "https://update.example"])
    assert set(map(frozenset, places.values())) == {frozenset({("project", project.id)})}


def broken(app: Flask, make: Make) -> ExternalAddress:
    make.partner("Aarhus Vand", website="https://gone.example")
    with app.app_context(), transaction():
        operations.collect(now=clock.now())
        found = db.session.scalars(select(ExternalAddress)).one()
        for hours in (0, 30, 60):
            operations.note_failure(found, 404, "HTTP 404", now=clock.now() + timedelta(hours=hours))
    return found


def test_staff_ignore_an_address_and_look_after_it_again(app: Flask, client: Any, make: Make, curator: None) -> None:
    found = broken(app, make)
    client.submit(LINKS, f"{LINKS}/{found.id}/ignore")
    assert address(app).state is LinkState.IGNORED
    with app.app_context(), transaction():
        operations.note_failure(db.session.get_one(ExternalAddress, found.id), 404, "HTTP 404", now=clock.now())
    assert address(app).state is LinkState.IGNORED
    client.submit(f"{LINKS}?state=ignored", f"{LINKS}/{found.id}/heed")
    assert address(app).state is LinkState.UNKNOWN


def test_staff_have_an_address_looked_at_at_once(app: Flask, client: Any, make: Make, curator: None) -> None:
    found = broken(app, make)
    client.submit(LINKS, f"{LINKS}/{found.id}/check")
    with app.app_context():
        assert [one.id for one in queries.due(clock.now(), 5)] == [found.id]


def test_links_are_for_those_who_can_mend_them(app: Flask, make: Make) -> None:
    found = broken(app, make)
    for roles in ([], [Role.ADMINISTRATOR]):
        assert app.test_client().sign_in(make.account(roles=roles)).get(LINKS).status_code == 404
    assert app.test_client().get(LINKS).status_code == 303
    with app.app_context():
        for roles in ([], *([role] for role in Role)):
            actor = Actor(account_id=1, roles=frozenset(roles))
            seen = db.session.scalar(select(ExternalAddress.id).where(managed_by(actor)))
            assert (seen is not None) is allows(actor, "link.manage", found)


@pytest.mark.sqlite_only
def test_an_unknown_state_or_page_is_not_there(client: Any, curator: None) -> None:
    for query in ("?state=odd", "?page=2", "?page=x"):
        assert client.get(LINKS + query).status_code == 404
