"""The commands an operator types: `flask backup`, `flask data`, `flask demo`, `flask feeds`, `flask mail`,
`flask municipalities`, `flask search`, `flask users`, `flask work`."""

from flask import Flask

from portal.accounts.commands import users
from portal.backup.commands import backup
from portal.core.commands import group as mail
from portal.feeds.commands import feeds
from portal.municipalities.commands import municipalities
from portal.reference.commands import data
from portal.reference.demo import demo
from portal.search.commands import search
from portal.worker import work


def install(app: Flask) -> None:
    """Register every command group."""
    for command in (backup, data, demo, feeds, mail, municipalities, search, users, work):
        app.cli.add_command(command)
