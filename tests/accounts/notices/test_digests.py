"""What happened is told once, grouped, in the reader's language, to those who may still see it, never empty."""

import io
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update
from werkzeug.datastructures import FileStorage

from portal.accounts.models import Account, MailChoice
from portal.accounts.notices import operations as notices
from portal.accounts.notices.models import Notice
from portal.core import audit, clock, mail
from portal.core.db import db, transaction
from portal.core.mail import Mail
from portal.core.permissions import Actor
from portal.projects.models import Project, TeamMember, TeamRole, Visibility
from portal.projects.watching import operations as watching
from tests.make import Make
from tests.postbox import Postbox
from tests.uploads import PDF

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def happens(app: Flask) -> Callable[..., None]:
    """`happens(project, "document.added", "Minutes")`: somebody did something in a project."""

    def note(project: Project, action: str = "document.added", what: str = "Minutes", by: int = 999) -> None:
        with app.app_context(), transaction():
            actor = Actor(account_id=by, name="Somebody Else")
            audit.record(actor, action, "project", project.id, {"document": (what, what)})

    return note


def sweep(app: Flask) -> int:
    with app.app_context():
        now = clock.now()
        with transaction():
            watching.gather(now)
        return notices.send_digests(now)


def choose(make: Make, account: Account, choice: MailChoice, **more: Any) -> None:
    with make.writing():
        found = db.session.get(Account, account.id)
        assert found is not None
        for name, value in {"mail_choice": choice, **more}.items():
            setattr(found, name, value)


@pytest.fixture
def reader(make: Make) -> Account:
    return make.account("Reader")


def test_the_team_is_told_the_next_morning_grouped_by_project(
    app: Flask, make: Make, postbox: Postbox, frozen: Any, happens: Any, reader: Account
) -> None:
    heat = make.project("Heat", visibility=Visibility.MEMBERS, team={TeamRole.READER: reader})
    wind = make.project("Wind", team={TeamRole.MANAGER: reader})
    happens(heat, what="Minutes")
    happens(wind, "milestone.done", what="Ready")
    happens(heat, "document.version_sent", what="Budget")
    frozen.shift(60)
    assert sweep(app) == 0
    frozen.move_to(datetime(2026, 11, 26, 6, 1, tzinfo=UTC))
    assert (sweep(app), sweep(app)) == (1, 0)
    [received] = postbox.fetch("reader@example.org")
    text = received.get_content().replace("\r", "")
    assert received["Subject"] == "3 pieces of news for you"
    assert text.index("Heat\n") < text.index("New version of a document: Budget (Somebody Else)")
    assert text.index("Budget") < text.index("Document added: Minutes") < text.index("Wind\n")
    assert "/en/projects/heat/documents" in text


def test_what_one_did_oneself_is_no_news(
    app: Flask, make: Make, postbox: Postbox, frozen: Any, happens: Any, reader: Account
) -> None:
    happens(make.project(team={TeamRole.MANAGER: reader}), by=reader.id)
    frozen.shift(timedelta(days=1))
    assert sweep(app) == 0


@pytest.mark.parametrize(
    ("choice", "days", "number"),
    [
        (MailChoice.OFF, 8, 0),
        (MailChoice.IMMEDIATELY, 0, 1),
        (MailChoice.DAILY, 0, 0),
        (MailChoice.DAILY, 1, 1),
        (MailChoice.WEEKLY, 4, 0),
        (MailChoice.WEEKLY, 5, 1),
    ],
)
def test_mail_comes_as_often_as_was_chosen(
    app: Flask, make: Make, frozen: Any, happens: Any, reader: Account, choice: MailChoice, days: int, number: int
) -> None:
    choose(make, reader, choice)
    happens(make.project(team={TeamRole.MANAGER: reader}))
    frozen.shift(timedelta(days=days, minutes=1))
    assert sweep(app) == number


def test_who_turns_mail_on_again_does_not_get_what_was_before(
    app: Flask, make: Make, frozen: Any, happens: Any, reader: Account
) -> None:
    choose(make, reader, MailChoice.OFF)
    happens(make.project(team={TeamRole.MANAGER: reader}))
    frozen.shift(timedelta(days=1))
    sweep(app)
    choose(make, reader, MailChoice.IMMEDIATELY)
    assert sweep(app) == 0


def test_who_lost_access_meanwhile_is_not_told(
    app: Flask, make: Make, frozen: Any, happens: Any, reader: Account
) -> None:
    project = make.project(visibility=Visibility.MEMBERS, team={TeamRole.READER: reader})
    happens(project)
    frozen.shift(60)
    sweep(app)
    with make.writing():
        db.session.execute(delete(TeamMember).where(TeamMember.project_id == project.id))
    frozen.shift(timedelta(days=1))
    assert sweep(app) == 0
    with app.app_context():
        assert db.session.scalars(select(Mail)).all() == []


def test_an_onlooker_is_told_what_the_public_page_says_and_no_more(
    app: Flask, client: Any, make: Make, postbox: Postbox, frozen: Any, happens: Any, reader: Account
) -> None:
    project = make.project("Open")
    choose(make, reader, MailChoice.IMMEDIATELY)
    client.sign_in(reader)
    happens(project, "project.texts_revised", what="")  # before anybody asked
    frozen.shift(1)
    client.submit("/en/projects/open", "/en/projects/open/watch")
    happens(project, "document.added")
    happens(project, "project.texts_revised", what="")
    frozen.shift(60)
    sweep(app)
    [received] = postbox.fetch("reader@example.org")
    assert "Document" not in received.get_content()
    assert "Somebody Else" not in received.get_content()
    assert "1 unread" in client.page("/en/about").html.replace('<span class="visually-hidden">', "")
    client.submit("/en/projects/open", "/en/projects/open/watch?on=no")
    happens(project, "project.texts_revised")
    frozen.shift(60)
    assert sweep(app) == 0


def test_an_onlooker_is_told_of_public_news_and_a_member_where_it_stands(
    app: Flask, make: Make, postbox: Postbox, frozen: Any, reader: Account
) -> None:
    manager, colleague = make.account("Manager"), make.account("Colleague")
    make.project("Open", team={TeamRole.MANAGER: manager, TeamRole.READER: colleague})
    for account in (reader, colleague, manager):
        choose(make, account, MailChoice.IMMEDIATELY)
    onlooker = app.test_client().sign_in(reader)
    onlooker.submit("/en/projects/open", "/en/projects/open/watch")
    writer = app.test_client().sign_in(manager)
    for title, seen in (("First house", "public"), ("Trouble inside", "members")):
        writer.submit("/en/projects/open/updates/new", title_en=title, visibility=seen)
        file = FileStorage(io.BytesIO(PDF), f"{title}.pdf")
        writer.submit("/en/projects/open/documents/new", title_en=f"Report: {title}", visibility=seen, file=file)
    writer.submit("/en/projects/open/plan/milestones/new", title_en="Second house")
    frozen.shift(60)
    sweep(app)
    read = {name: postbox.fetch(f"{name}@example.org")[-1].get_content() for name in ("reader", "colleague")}
    for words in ("First house", "Report: First house", "/projects/open/updates/1"):
        assert words in read["reader"]
    for words in ("Trouble inside", "Second house", "Manager"):
        assert words not in read["reader"]
        assert words in read["colleague"]
    assert "/projects/open/documents/2" in read["colleague"]
    assert "/projects/open#progress" in read["colleague"]  # a reader has no page of the plan
    # Another manager is led to the part itself.
    with make.writing():
        db.session.execute(update(TeamMember).where(TeamMember.account_id == colleague.id).values(role="manager"))
    places = app.test_client().sign_in(colleague).page("/en/account/notices").links
    assert "/en/projects/open/plan#milestone-1" in places
    assert "/en/projects/open/updates#update-2" in places


def test_a_team_member_may_stop_watching(
    app: Flask, client: Any, make: Make, frozen: Any, happens: Any, reader: Account
) -> None:
    project = make.project("Heat", team={TeamRole.MANAGER: reader})
    client.sign_in(reader)
    client.submit("/en/projects/heat", "/en/projects/heat/watch?on=no")
    happens(project)
    frozen.shift(timedelta(days=1))
    assert sweep(app) == 0


def test_a_project_that_is_not_seen_cannot_be_watched(client: Any, make: Make, reader: Account) -> None:
    make.project("Closed", visibility=Visibility.MEMBERS)
    make.project("Open")
    client.sign_in(reader)
    token = client.page("/en/projects/open").all("form")[-1]
    value = next(e.get("value") for e in token.iter() if e.get("name") == "csrf_token")
    assert client.post("/en/projects/closed/watch", data={"csrf_token": value}).status_code == 404


def test_staff_reading_is_told_to_nobody(app: Flask, make: Make, frozen: Any, happens: Any, reader: Account) -> None:
    happens(make.project(team={TeamRole.MANAGER: reader}), "document.read")
    frozen.shift(timedelta(days=1))
    assert sweep(app) == 0


def test_a_worker_that_dies_in_the_middle_sends_once(
    app: Flask, make: Make, postbox: Postbox, frozen: Any, happens: Any, reader: Account, monkeypatch: Any
) -> None:
    choose(make, reader, MailChoice.IMMEDIATELY)
    happens(make.project(team={TeamRole.MANAGER: reader}))
    frozen.shift(60)
    real = mail.post

    def dies(*arguments: Any, **values: Any) -> None:
        real(*arguments, **values)
        raise KeyboardInterrupt

    monkeypatch.setattr(mail, "post", dies)
    with suppress(KeyboardInterrupt):
        sweep(app)
    assert postbox.fetch() == []
    monkeypatch.undo()
    assert (sweep(app), sweep(app)) == (1, 0)
    assert len(postbox.fetch()) == 1


def test_the_mail_speaks_the_language_of_its_reader(
    app: Flask, make: Make, postbox: Postbox, frozen: Any, happens: Any, reader: Account
) -> None:
    choose(make, reader, MailChoice.IMMEDIATELY, locale="da")
    happens(make.project("Heat", title_da="Varme", team={TeamRole.MANAGER: reader}))
    frozen.shift(60)
    sweep(app)
    [received] = postbox.fetch()
    assert received["Subject"] == "Dokument tilføjet: Minutes (Somebody Else) – Varme"
    assert "/da/projects/heat/documents" in received.get_content()


@pytest.fixture
def mailed(app: Flask, make: Make, postbox: Postbox, frozen: Any, happens: Any, reader: Account) -> Any:
    choose(make, reader, MailChoice.IMMEDIATELY)
    happens(make.project("Heat", team={TeamRole.MANAGER: reader}))
    frozen.shift(60)
    sweep(app)
    return postbox.fetch("reader@example.org")[0]


def unsubscribing(received: Any) -> str:
    found = re.fullmatch(r"<https?://[^/]+(/\S+)>", re.sub(r"\s", "", received["List-Unsubscribe"]))
    assert found
    return found[1]


def test_a_mail_program_ends_the_mail_in_one_click(app: Flask, mailed: Any, reader: Account) -> None:
    assert mailed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for _ in range(2):
        answer = app.test_client().post(
            unsubscribing(mailed),
            data="List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
    with app.app_context():
        found = db.session.get(Account, reader.id)
        assert found is not None
        assert found.mail_choice is MailChoice.OFF
        actions = db.session.scalars(select(audit.AuditEntry.action)).all()
        assert actions.count("account.unsubscribed") == 1


def test_looking_at_the_link_only_asks(app: Flask, client: Any, mailed: Any, reader: Account) -> None:
    page = client.page(unsubscribing(mailed))
    assert "Stop the mail" in page.text
    with app.app_context():
        found = db.session.get(Account, reader.id)
        assert found is not None
        assert found.mail_choice is MailChoice.IMMEDIATELY
    assert "You get no more mail" in client.post(unsubscribing(mailed)).text


def test_a_link_that_was_changed_opens_nothing(client: Any, mailed: Any) -> None:
    address = unsubscribing(mailed)
    for wrong in (f"{address}x", "/en/account/unsubscribe/1", address.replace("unsubscribe/", "unsubscribe/2")):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404


def test_no_other_form_goes_without_its_token(client: Any, reader: Account) -> None:
    client.sign_in(reader)
    assert client.post("/en/account/notices/read").location.startswith("/en")
    assert "notices/read" not in client.post("/en/account/notices/read").location


def test_the_page_shows_what_is_new_first_and_marks_it_read(
    app: Flask, client: Any, make: Make, frozen: Any, happens: Any, reader: Account
) -> None:
    project = make.project("Heat", team={TeamRole.MANAGER: reader})
    client.sign_in(reader)
    assert "Nothing yet" in client.page("/en/account/notices").text
    happens(project)
    frozen.shift(60)
    sweep(app)
    page = client.page("/en/account/notices")
    assert "New" in page.text
    assert "Document added: Minutes (Somebody Else)" in page.text
    client.submit("/en/account/notices", "/en/account/notices/read")
    assert "Mark all as read" not in client.page("/en/account/notices").text
    frozen.shift(timedelta(days=1))
    assert sweep(app) == 0  # what was read needs no mail


def test_notices_of_others_are_not_touched(
    app: Flask, client: Any, make: Make, frozen: Any, happens: Any, reader: Account
) -> None:
    other = make.account()
    happens(make.project(team={TeamRole.MANAGER: reader, TeamRole.READER: other}))
    frozen.shift(60)
    sweep(app)
    client.sign_in(other)
    client.submit("/en/account/notices", "/en/account/notices/read")
    with app.app_context():
        unread = select(Notice.account_id).where(Notice.read_at.is_(None))
        assert db.session.scalars(unread).all() == [reader.id]
