"""`flask mail`: see that the portal can write to people."""

from typing import BinaryIO

import click
from flask.cli import AppGroup

from portal.core import bilingual, bounces, clock, mail
from portal.core.db import transaction

group = AppGroup("mail", help="The mail that the portal sends.")


@group.command("test")
@click.argument("address")
@click.option("--language", type=click.Choice(bilingual.LANGUAGES), default=bilingual.DEFAULT)
def test(address: str, language: str) -> None:
    """Send a test to ADDRESS and tell what came of it."""
    with transaction():
        sent = mail.post(address, "test", kind="test", language=language, address=mail.sender())
    mail.deliver()
    if sent.error:
        raise click.ClickException(f"not sent: {sent.error}")
    click.echo(f"Sent to {address}.")


@group.command("bounced")
@click.argument("report", type=click.File("rb"), default="-")
def bounced(report: BinaryIO) -> None:
    """Read a delivery report from REPORT (default: standard input) and note which mailbox is not there any more.

    For the mail server to call with each mail that comes back to the portal's sending address.
    """
    found = bounces.read(report.read(bounces.LARGEST))
    if found is None:
        click.echo("No report of a permanent failure; nothing noted.")
        return
    with transaction():
        is_known = mail.take_back(found.message_id, found.reason, now=clock.now())
    click.echo("Noted." if is_known else "No mail of ours, or noted before.")
