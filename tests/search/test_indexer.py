"""The way from a change to the index: nothing lost, nothing doubled, every fault repaired."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core.db import db, transaction
from portal.search import indexer, outbox, queries
from portal.search.models import IndexManifest, OutboxRow
from portal.search.shelf import Shelf
from tests.search.conftest import Things

ROOT = Path(__file__).resolve().parent.parent.parent


def found(app: Flask, text: str) -> list[int]:
    with app.app_context():
        page = queries.search(text)
        assert not page.degraded
        return [hit.id for hit in page.hits]


def waiting(app: Flask) -> int:
    with app.app_context():
        return outbox.pending_count()


def in_order(app: Flask) -> bool:
    with app.app_context():
        return not indexer.check()


def test_a_change_is_found_after_one_sync(app: Flask, things: Things, inside: Any) -> None:
    things.put(1, "Havvind")
    with inside():
        indexer.sync()
    things.put(2, "Solceller")
    things.put(1, "Landvind")
    with inside():
        assert indexer.sync() == 2
        assert indexer.sync() == 0
    assert found(app, "havvind") == []
    assert found(app, "landvind") == [1]
    assert found(app, "solceller") == [2]
    assert waiting(app) == 0
    assert in_order(app)


def test_what_is_withdrawn_leaves_the_index(app: Flask, things: Things, inside: Any) -> None:
    things.put(1, "Havvind")
    with inside():
        indexer.sync()
    things.withdraw(1)
    with inside():
        indexer.sync()
        assert indexer.check() == indexer.Differences(None)


def test_a_change_that_is_rolled_back_is_never_seen(app: Flask, things: Things, inside: Any) -> None:
    woken: list[bool] = []
    outbox.when_committed(lambda: woken.append(True))
    with inside(), contextlib.suppress(RuntimeError), transaction():
        outbox.touch("thing", 1)
        raise RuntimeError
    assert waiting(app) == 0
    assert woken == []
    things.put(1, "Havvind")
    assert woken == [True]


def test_more_changes_than_one_commit_holds_are_all_taken_in(
    app: Flask, things: Things, inside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside():
        indexer.sync()
    monkeypatch.setattr(indexer, "BATCH", 3)
    for number in range(10):
        things.put(number, f"Vindmølle {number}")
    with inside():
        assert indexer.sync() == 10
    assert sorted(found(app, "vindmølle")) == list(range(10))


def test_a_change_made_while_the_index_is_rebuilt_is_not_lost(app: Flask, things: Things, inside: Any) -> None:
    for number in range(5):
        things.put(number, f"Vindmølle {number}")
    with inside():
        indexer.rebuild(lambda done, total: things.put(3, "Solcelle") if done == total == 5 else None)
    assert found(app, "solcelle") == [3]
    assert waiting(app) == 0
    assert in_order(app)


def test_a_rebuild_tells_how_far_it_is_and_leaves_one_folder(
    things: Things, place: Shelf, inside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "CHUNK", 2)
    for number in range(5):
        things.put(number, "Vindmølle")
    told: list[tuple[int, int]] = []
    with inside():
        assert indexer.rebuild(lambda done, total: told.append((done, total))) == 5
        assert indexer.rebuild() == 5
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert len(list(place.root.glob("generation-*"))) == 1
    assert not (place.root / "building").exists()


def test_only_one_writes(
    app: Flask, things: Things, place: Shelf, inside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    things.put(1, "Havvind")
    monkeypatch.setattr(indexer, "WAIT", 0.1)
    holding, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with place.lock(0):
            holding.set()
            leave.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    holding.wait(20)
    with inside():
        assert indexer.sync() == 0
        with pytest.raises(indexer.Busy):
            indexer.rebuild()
    leave.set()
    other.join()
    with inside():
        indexer.sync()
    assert found(app, "havvind") == [1]


def test_differences_are_named_and_repaired(app: Flask, things: Things, inside: Any) -> None:
    for number in range(4):
        things.put(number, f"Vindmølle {number}")
    with inside():
        indexer.sync()
    # Behind the outbox's back, as time or a mistake would.
    things.public[0] = things.public[0].__class__("thing", 0, 9, "/things/0", title_da="Solcelle")
    del things.public[1]
    things.public[7] = things.public[0].__class__("thing", 7, 1, "/things/7", title_da="Varmepumpe")
    with inside():
        assert indexer.check() == indexer.Differences(None, ("thing:7",), ("thing:1",), ("thing:0",))
        assert indexer.repair() == 3
        assert not indexer.check()
    assert found(app, "solcelle") == [0]
    assert found(app, "varmepumpe") == [7]


# Killed at the worst moments. The child runs the same code and is killed by the kernel, not by an exception.

CHILD = """
import os, signal, sys
from portal import create_app
from portal.core.db import transaction
from portal.search import indexer, outbox, sources
from portal.search.documents import Document

class Things:
    kind = "thing"
    titles = {1: "Havvind", 2: "Solceller"}
    def documents(self, ids):
        for number in self.titles:
            if ids is None or number in ids:
                yield Document("thing", number, 1, f"/things/{number}", title_da=self.titles[number])
    def visible(self, ids, actor):
        return set(ids)
    def versions(self):
        return dict.fromkeys(self.titles, 1)

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

app = create_app()
sources._sources.clear()
sources.register(Things())
with app.app_context():
    indexer.sync()
    with transaction():
        outbox.touch("thing", 2)
    if sys.argv[1] == "before the index commit":
        from portal.search.engines.whoosh import WhooshWriter
        WhooshWriter.commit = die
    elif sys.argv[1] == "within the index commit":
        from whoosh.writing import SegmentWriter
        SegmentWriter._commit_toc = die
    elif sys.argv[1] == "before the rows go":
        indexer._describe = die
    elif sys.argv[1] == "within a rebuild":
        indexer._swap = die
    indexer.rebuild() if sys.argv[1] == "within a rebuild" else indexer.sync()
"""


@pytest.mark.parametrize(
    "moment", ["before the index commit", "within the index commit", "before the rows go", "within a rebuild"]
)
def test_a_killed_writer_loses_and_doubles_nothing(
    app: Flask, settings: dict[str, object], things: Things, inside: Any, moment: str
) -> None:
    environment = {**os.environ, **{name: str(value) for name, value in settings.items()}}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, moment], cwd=ROOT, env=environment, check=False, capture_output=True, timeout=60
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert waiting(app) == 1, "the change waits until the index has it"
    things.public = {1: _thing(1, "Havvind"), 2: _thing(2, "Solceller")}
    with inside():
        queries.search("havvind")  # answers, whatever the writer left behind
        indexer.sync()
    assert waiting(app) == 0
    assert found(app, "solceller") == [2]
    assert found(app, "havvind") == [1]
    assert in_order(app)


def _thing(number: int, title: str) -> Any:
    from portal.search.documents import Document

    return Document("thing", number, 1, f"/things/{number}", title_da=title)


# An index that cannot be used: said, answered around, rebuilt.


def lose(place: Shelf) -> None:
    shutil.rmtree(place.root)


def empty(place: Shelf) -> None:
    for path in place.root.glob("generation-*/*"):
        path.unlink()


def cut(place: Shelf) -> None:
    for path in place.root.glob("generation-*/MAIN_*.*"):
        os.truncate(path, 10)


def overwrite(place: Shelf) -> None:
    """Same size, other bytes: only reading can tell."""
    for path in place.root.glob("generation-*/MAIN_*.*"):
        path.write_bytes(b"\xff" * path.stat().st_size)


def put_in_a_stranger(place: Shelf) -> None:
    for folder in place.root.glob("generation-*"):
        (folder / "_MAIN_99.toc").write_bytes(b"not an index")


def outdate(_place: Shelf) -> None:
    with transaction():
        db.session.execute(update(IndexManifest).values(schema="of another version"))


@pytest.mark.parametrize("damage", [lose, empty, cut, overwrite, put_in_a_stranger, outdate])
def test_a_damaged_index_is_noticed_answered_around_and_rebuilt(
    app: Flask, things: Things, place: Shelf, inside: Any, damage: Any
) -> None:
    for number in range(3):
        things.put(number, f"Vindmølle {number}", themes=("energy",))
    with inside():
        indexer.sync()
        queries.search("vindmølle")
        damage(place)
        place._opened = None  # as in a process that starts now
    with inside():
        page = queries.search("vindmølle 2")
        assert page.degraded
        assert page.hits[0].id == 2
        assert page.total == 3
        assert queries.state().state == "degraded"
        assert queries.state().reason
        assert indexer.check()
    with inside():
        indexer.sync()
    with inside():
        assert queries.state().state == "ready"
    assert sorted(found(app, "vindmølle")) == [0, 1, 2]
    assert in_order(app)


def test_a_failing_search_makes_the_writer_look_through_the_index(
    app: Flask, things: Things, place: Shelf, inside: Any
) -> None:
    things.put(1, "Havvind")
    with inside():
        indexer.sync()
        before = queries.state().generation
        place.suspect()
        indexer.sync()
        assert not place.is_suspect
        assert queries.state().generation == before, "a sound index is kept"
    assert found(app, "havvind") == [1]


def test_an_open_reader_survives_the_swap(app: Flask, things: Things, place: Shelf, inside: Any) -> None:
    things.put(1, "Havvind")
    with inside():
        indexer.sync()
        reader = place.reader()
        indexer.rebuild()
        assert reader.inventory() == {"thing:1": 1}
        assert place.reader() is not reader
    assert found(app, "havvind") == [1]


def test_the_outbox_never_reuses_a_number(things: Things, inside: Any) -> None:
    things.put(1, "Havvind")
    with inside():
        first = [row.seq for row in outbox.waiting(10)]
        with transaction():
            outbox.done(first)
    things.put(1, "Havvind")
    with inside():
        assert outbox.waiting(10)[0].seq > first[0]
        assert db.session.query(OutboxRow).count() == 1
