"""`flask mail`: see that the portal can write to people."""

import click
from flask.cli import AppGroup

from portal.core import bilingual, mail
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
