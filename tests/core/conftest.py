"""What the tests of asking strangers share."""

from collections.abc import Callable, Iterator

import pytest

from tests.hostile import Server, servers


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers on loopback that behave as they are told."""
    with servers() as start:
        yield start
