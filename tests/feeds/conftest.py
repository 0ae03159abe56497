"""Strangers on loopback whose feeds the portal may ask for, and a fetcher without much patience."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.core.outgoing import Limits
from portal.feeds.fetching.fetch import Patience
from portal.feeds.fetching.library import Library
from portal.feeds.fetching.rounds import Fetcher
from portal.feeds.reader import Cost, Reader
from tests.hostile import Play, Server, servers

HASTY = Patience(seconds=30, limits=Limits(seconds=2.0))


@pytest.fixture
def serve(app: Flask) -> Iterator[Callable[..., Server]]:
    """`serve(play)` starts a server that the portal may ask although it is on loopback."""
    with servers() as start:

        def started(play: Play, *rest: Any) -> Server:
            server = start(play, *rest)
            app.config["PORTAL_OUTGOING_ALLOW"] |= {server.pair}
            return server

        app.config["PORTAL_OUTGOING_ALLOW"] = frozenset()
        yield started


@pytest.fixture(scope="module")
def kept_reader() -> Iterator[Reader]:
    """One reading process for the tests of a module: starting one takes a third of a second."""
    with Reader(Cost(cpu_s=2, wall_s=30)) as reader:
        yield reader


@pytest.fixture
def fetcher(kept_reader: Reader) -> Fetcher:
    fetcher = Fetcher(HASTY, kept_reader.cost)
    fetcher.reader, fetcher.library = kept_reader, Library()
    return fetcher
