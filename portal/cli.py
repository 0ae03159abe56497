"""The commands an operator types: `flask data`, `flask search`, `flask demo`, `flask work`."""

from flask import Flask

from portal.reference.commands import data
from portal.reference.demo import demo
from portal.search.commands import search
from portal.worker import work


def install(app: Flask) -> None:
    """Register every command group."""
    for command in (data, demo, search, work):
        app.cli.add_command(command)
