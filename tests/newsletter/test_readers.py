"""Getting the newsletter: asked for, confirmed by the mailbox, changed and ended by its links, without an account."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.core import clock, mail
from portal.core.db import db
from portal.core.strangers import Pace
from portal.newsletter.models import Frequency, Subscriber, SubscriberState, SubscriberTheme
from portal.newsletter.personal import holder
from tests.make import Make

NEWSLETTER = "/en/newsletter"
EMAIL = "reader@example.org"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "least_s", 0)


def subscribers(app: Flask) -> list[Subscriber]:
    with app.app_context():
        return list(db.session.scalars(select(Subscriber)))


def themes(app: Flask) -> set[str]:
    with app.app_context():
        return {tie.theme.value for tie in db.session.scalars(select(SubscriberTheme))}


def test_a_reader_asks_says_yes_changes_and_ends_it(app: Flask, client: Any, postbox: Any) -> None:
    client.submit(NEWSLETTER, email=" Reader@Example.org ", frequency="daily", themes=["energy", "data"])
    [reader] = subscribers(app)
    assert (reader.email, reader.state, reader.frequency) == (EMAIL, SubscriberState.PENDING, Frequency.DAILY)
    link = postbox.link(EMAIL)
    assert "Get the newsletter?" in client.page(link).text
    assert subscribers(app)[0].state is SubscriberState.PENDING, "a mail program that looks at links says no yes"
    mine = client.submit(link).location
    assert subscribers(app)[0].state is SubscriberState.CONFIRMED
    assert client.get(link).status_code == 404, "a link that was used confirms nobody again"
    client.submit(mine, frequency="weekly", language="da")
    assert (subscribers(app)[0].frequency, subscribers(app)[0].language) == (Frequency.WEEKLY, "da")
    assert themes(app) == {"energy", "data"}, "what is not touched stays"
    client.submit(mine, themes=["water"])
    assert themes(app) == {"water"}
    # The page says the same to everybody; the mailbox is told that it gets it already, and is flooded by nobody.
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        for _twice in range(2):
            client.submit(NEWSLETTER, email=EMAIL)
        told = [mail["Subject"] for mail in postbox.fetch(EMAIL)]
    assert told[1:] == ["Du får allerede nyhedsbrevet fra Smart Samfund"]
    ending = mine.replace("/mine/", "/unsubscribe/")
    assert "End the newsletter?" in client.page(ending).text
    # As a mail program sends it (RFC 8058): no cookie, no form of ours.
    for _twice in range(2):
        assert app.test_client().post(ending, data={"List-Unsubscribe": "One-Click"}).status_code == 303
    assert not subscribers(app)
    assert client.get(mine).status_code == 404


def test_what_cannot_be_is_said_and_strangers_flood_nobody(app: Flask, client: Any, postbox: Any) -> None:
    assert "This is not an e-mail address." in client.submit(NEWSLETTER, email="nobody", status=422).text
    for _again in range(3):
        client.submit(NEWSLETTER, email=EMAIL)
    assert len(postbox.fetch(EMAIL)) == 1
    for wrong in ("confirm/none", "mine/none", "unsubscribe/none"):
        assert client.get(f"{NEWSLETTER}/{wrong}").status_code == 404
    link = postbox.link(EMAIL)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert client.get(link).status_code == 404


def test_a_mailbox_that_is_not_there_gets_no_more(app: Flask, client: Any, postbox: Any) -> None:
    client.submit(NEWSLETTER, email=EMAIL)
    client.submit(postbox.link(EMAIL))
    with app.app_context():
        message_id = db.session.scalars(select(mail.Mail.message_id)).one()
    for action, status, state in (
        ("delayed", "4.4.1", SubscriberState.CONFIRMED),
        ("failed", "5.1.1", SubscriberState.BOUNCED),
    ):
        result = tell(app, report(message_id, action, status))
        assert result.exit_code == 0, result.output
        assert subscribers(app)[0].state is state
    assert "noted before" in tell(app, report(message_id, "failed", "5.1.1")).output
    assert "nothing noted" in tell(app, b"Subject: I am away\r\n\r\nUntil Monday.").output
    client.submit(NEWSLETTER, email=EMAIL)
    client.submit(postbox.link(EMAIL))
    assert subscribers(app)[0].state is SubscriberState.CONFIRMED


def tell(app: Flask, raw: bytes) -> Result:
    return app.test_cli_runner().invoke(args=["mail", "bounced"], input=raw)


def report(message_id: str, action: str, status: str) -> bytes:
    """What a mail server sends back (RFC 3464)."""
    failure = (
        f"Final-Recipient: rfc822; {EMAIL}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 no such user"
    )
    parts = (
        "Content-Type: text/plain\n\nYour mail could not be delivered.\n",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.org\n\n{failure}\n",
        f"Content-Type: text/rfc822-headers\n\nSubject: Confirm\nMessage-ID: {message_id}\n",
    )
    body = "".join(f"--part\n{one}\n" for one in parts) + "--part--\n"
    head = "Content-Type: multipart/report; report-type=delivery-status; boundary=part\nMIME-Version: 1.0\n\n"
    return (head + body).encode()


def test_an_account_takes_its_subscription_along(app: Flask, client: Any, make: Make, postbox: Any) -> None:
    client.submit(NEWSLETTER, email=EMAIL)
    client.submit(postbox.link(EMAIL))
    account = make.account(email=EMAIL)
    with make.writing():
        assert holder.give_out(account.id)[0]["state"] == "confirmed"
        holder.erase(account.id)
    assert not subscribers(app)
