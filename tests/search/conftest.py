"""A source of documents that tests decide on, beside the real ones."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from portal.core.db import transaction
from portal.core.permissions import Actor
from portal.search import outbox, shelf, sources
from portal.search.documents import Document


class Things:
    """A slice of tests' own: what is public is what stands in `public`."""

    kind = "thing"

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.public: dict[int, Document] = {}

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        yield from [one for number, one in self.public.items() if ids is None or number in ids]

    def visible(self, ids: Collection[int], _actor: Actor) -> set[int]:
        return set(ids) & self.public.keys()

    def versions(self) -> Mapping[int, int]:
        return {number: one.version for number, one in self.public.items()}

    def known_since(self, _ids: Collection[int]) -> Mapping[int, datetime]:
        return {}

    def put(self, number: int, title: str, **given: Any) -> None:
        """Publish or change a thing, as an operation would."""
        version = self.public[number].version + 1 if number in self.public else 1
        document = Document(self.kind, number, version, f"/things/{number}", title_da=title)
        self.public[number] = replace(document, **given)
        self._touch(number)

    def withdraw(self, number: int) -> None:
        del self.public[number]
        self._touch(number)

    def _touch(self, number: int) -> None:
        with self.app.app_context(), transaction():
            outbox.touch(self.kind, number)


@pytest.fixture
def things(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Things:
    """The only source there is; nothing is indexed yet."""
    own = Things(app)
    monkeypatch.setattr(sources, "_sources", {own.kind: own})
    return own


@pytest.fixture
def place(app: Flask) -> shelf.Shelf:
    """Where the application's index stands."""
    with app.app_context():
        return shelf.current()


@pytest.fixture
def inside(app: Flask) -> Any:
    """`with inside():` is a piece of work of its own, as a request or a task is."""

    @contextlib.contextmanager
    def work() -> Iterator[None]:
        with app.app_context():
            yield

    return work
