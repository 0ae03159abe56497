"""Mail is a row in the transaction that causes it, and goes out through a real server, once it is there."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import mail
from portal.core.db import db, transaction
from portal.core.mail import Mail
from tests.postbox import Postbox


def posted(app: Flask) -> None:
    with app.app_context(), transaction():
        mail.post("reader@example.org", "test", kind="test", language="da", address="https://example.org/æ")


def test_a_mail_goes_out_once_in_the_language_of_its_reader(app: Flask, postbox: Postbox) -> None:
    posted(app)
    with app.app_context():
        assert (mail.deliver(), mail.deliver(), mail.waiting_count()) == (1, 0, 0)
    [received] = postbox.received
    assert received["To"] == "reader@example.org"
    assert received["Subject"] == "Prøve af portalens post"
    assert "https://example.org/æ" in received.get_content()


def test_a_mail_of_a_transaction_that_failed_is_never_sent(app: Flask, postbox: Postbox) -> None:
    with app.app_context():
        with suppress(LookupError), transaction():
            mail.post("reader@example.org", "test", kind="test", language="en", address="")
            raise LookupError
        assert mail.deliver() == 0
    assert postbox.received == []


def test_a_server_that_refuses_is_asked_again_later_and_later(app: Flask, postbox: Postbox) -> None:
    postbox.refuses = True
    with time_machine.travel("2026-11-25 10:00", tick=False) as clock:
        posted(app)
        with app.app_context():
            assert (mail.deliver(), mail.deliver()) == (0, 0)
            assert "451" in db.session.scalars(select(Mail.error)).one()
            clock.shift(timedelta(seconds=61))
            postbox.refuses = False
            assert mail.deliver() == 1


def test_after_two_days_a_mail_is_given_up_and_says_so(app: Flask) -> None:
    app.config["PORTAL_SMTP_URL"] = "smtp://127.0.0.1:1"
    with time_machine.travel("2026-11-25 10:00", tick=False) as clock:
        posted(app)
        clock.shift(timedelta(hours=49))
        with app.app_context():
            mail.deliver()
            failed = db.session.scalars(select(Mail)).one()
            assert failed.failed_at is not None
            assert mail.waiting_count() == 0


def test_without_a_server_mails_lie_in_the_instance_folder(app: Flask, settings: dict[str, object]) -> None:
    posted(app)
    with app.app_context():
        assert mail.deliver() == 1
    assert len(list((Path(str(settings["PORTAL_INSTANCE"])) / "mail").glob("*.eml"))) == 1


def test_an_operator_tries_the_mail(app: Flask, postbox: Postbox) -> None:
    done = app.test_cli_runner().invoke(args=["mail", "test", "operator@example.org", "--language", "en"])
    assert done.output == "Sent to operator@example.org.\n"
    assert postbox.received[0]["Subject"] == "A test of the portal's mail"


def test_an_operator_is_told_why_no_mail_goes_out(app: Flask) -> None:
    app.config["PORTAL_SMTP_URL"] = "smtp://127.0.0.1:1"
    done = app.test_cli_runner().invoke(args=["mail", "test", "operator@example.org"])
    assert done.exit_code == 1
    assert "Connection refused" in done.output
