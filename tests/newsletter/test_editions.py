"""Editions: composed at their hour from what came out, looked over by editors, written to each reader once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.permissions import Role
from portal.core.themes import Theme
from portal.news.models import Article
from portal.news.models import State as ArticleState
from portal.newsletter import operations
from portal.newsletter.calendar import RHYTHMS
from portal.newsletter.models import Edition, EditionState, Frequency, Subscriber, SubscriberState, SubscriberTheme
from portal.webinars.models import State as WebinarState
from tests.make import Make

DESK = "/en/staff/newsletter"
THURSDAY = datetime(2026, 3, 5, 5, 30, tzinfo=UTC)  # 6.30 in Denmark
TUESDAY = THURSDAY - timedelta(days=2)


@pytest.fixture
def thursday() -> Iterator[Any]:
    with time_machine.travel(THURSDAY, tick=False) as traveller:
        yield traveller


def compose(app: Flask) -> None:
    with app.app_context(), transaction():
        operations.compose(clock.now())


def send(app: Flask) -> int:
    with app.app_context():
        return operations.send(clock.now())


def editions(app: Flask, frequency: Frequency = Frequency.WEEKLY) -> list[Edition]:
    with app.app_context():
        stmt = select(Edition).where(Edition.frequency == frequency).options(selectinload(Edition.items))
        return list(db.session.scalars(stmt.order_by(Edition.until)))


def reader(make: Make, email: str, *themes: Theme, **given: Any) -> Subscriber:
    values = {
        "email": email,
        "language": "en",
        "frequency": Frequency.WEEKLY,
        "state": SubscriberState.CONFIRMED,
        "asked_at": TUESDAY,
        "confirmed_at": TUESDAY,
        "themes": [SubscriberTheme(theme=theme) for theme in themes],
    }
    one = Subscriber(**{**values, **given})
    with make.writing():
        db.session.add(one)
    return one


@pytest.mark.sqlite_only
def test_the_hours_are_those_of_danish_clocks() -> None:
    weekly, daily = RHYTHMS[Frequency.WEEKLY], RHYTHMS[Frequency.DAILY]
    assert weekly.last(THURSDAY) == datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
    assert weekly.last(THURSDAY - timedelta(hours=1)) == datetime(2026, 2, 26, 5, 0, tzinfo=UTC)
    assert daily.last(TUESDAY) == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    # The night in which the clocks are put forward: eight is eight.
    spring = datetime(2026, 3, 29, 4, 0, tzinfo=UTC)
    assert daily.sent(daily.last(spring)) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_an_edition_is_composed_once_looked_over_and_written_to_whom_it_concerns(
    app: Flask, make: Make, client: Any, postbox: Any, thursday: Any
) -> None:
    make.article("A heat pump", publish_at=TUESDAY, themes=["energy"], standfirst_en="It is warm.")
    make.article("Open data", publish_at=TUESDAY, themes=["data"])
    make.article("Long ago", publish_at=TUESDAY - timedelta(days=60))
    make.article("Next month", publish_at=TUESDAY + timedelta(days=30), state=ArticleState.SCHEDULED)
    make.article("A draft", publish_at=None, created_at=TUESDAY, state=ArticleState.DRAFT)
    make.webinar("Heat at home", starts_at=THURSDAY + timedelta(days=5), zone="Europe/Copenhagen", themes=["heat"])
    make.webinar("Off", starts_at=THURSDAY + timedelta(days=5), zone="Europe/Copenhagen", state=WebinarState.CANCELLED)
    for address, themes in (("all@example.org", ()), ("energy@example.org", (Theme.ENERGY,))):
        reader(make, address, *themes)
    reader(make, "water@example.org", Theme.WATER)
    reader(make, "pending@example.org", state=SubscriberState.PENDING, confirmed_at=None)
    compose(app)
    compose(app)
    [edition] = editions(app)
    assert len(edition.items) == 3
    assert send(app) == 0, "the staff have their hours"
    editor = make.account(email="editor@example.org", roles=[Role.EDITOR])
    client.sign_in(editor)
    page = f"{DESK}/{edition.id}"
    assert "Weekly newsletter" in client.page(DESK).text
    shown = client.page(page)
    boxes = {one.get("value") for one in shown.all("input") if one.get("name") == "left_out"}
    assert len(boxes) == 3
    client.submit(page, subject_en="Warm houses", intro_en="Dear readers")
    client.submit(page, f"{page}/try")
    assert postbox.fetch("editor@example.org")[-1]["Subject"] == "[Trial] Warm houses"
    client.submit(page, f"{page}/hold")
    thursday.shift(timedelta(days=2))
    assert send(app) == 0
    # Withdrawn meanwhile: it is in no mail.
    with make.writing():
        db.session.scalars(select(Article).where(Article.title_en == "Open data")).one().state = ArticleState.WITHDRAWN
    client.sign_in(editor)
    client.submit(page, f"{page}/release")
    assert send(app) == 2
    assert send(app) == 0
    [whole] = postbox.fetch("all@example.org")
    text = whole.get_content()
    for words in ("Dear readers", "A heat pump", "It is warm.", "Heat at home", "/newsletter/unsubscribe/"):
        assert words in text
    for words in ("Open data", "Long ago", "Next month", "A draft", "Off"):
        assert words not in text
    assert whole["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [some] = postbox.fetch("energy@example.org")
    assert "A heat pump" in some.get_content()
    assert "Heat at home" not in some.get_content()
    assert not postbox.fetch("water@example.org"), "never an empty mail"
    assert not postbox.fetch("pending@example.org")
    assert editions(app)[0].state is EditionState.SENT
    shown = client.page(page).text
    assert "2 mails" in shown
    assert "Hold it back" not in shown


def test_what_is_taken_from_a_feed_is_news_when_it_is_taken(app: Flask, make: Make, thursday: Any) -> None:
    make.article("From a feed", publish_at=TUESDAY - timedelta(days=12), created_at=TUESDAY)
    make.article("From the archive", publish_at=TUESDAY - timedelta(days=900), created_at=TUESDAY)
    compose(app)
    assert len(editions(app)[0].items) == 1


def test_a_week_without_news_is_passed_and_what_a_worker_missed_is_made_up(
    app: Flask, make: Make, thursday: Any
) -> None:
    compose(app)
    assert editions(app)[0].state is EditionState.EMPTY
    thursday.shift(timedelta(days=15))
    make.article("Late", publish_at=THURSDAY + timedelta(days=3), created_at=THURSDAY)
    compose(app)
    first, second = editions(app)
    assert second.since == first.until
    assert [item.kind for item in second.items] == ["article"]


def test_only_editors_see_the_newsletters_desk(make: Make, client: Any) -> None:
    for roles in ([Role.CURATOR], [Role.ADMINISTRATOR], []):
        client.sign_in(make.account(roles=roles))
        assert client.get(DESK).status_code in (403, 404)
    client.sign_in(make.account(roles=[Role.EDITOR]))
    assert "No edition is composed yet." in client.page(DESK).text
    assert client.get(f"{DESK}/999").status_code == 404
