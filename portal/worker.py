"""Work behind the pages: the queue that wakes the worker, its few thin tasks, and `flask work`.

The queue may lose a task (a killed worker does). Nothing depends on it: the row in the search
outbox is the job, the queue only says that there is one, and a sweep every minute finds the rest.
"""

import fcntl
import json
import logging
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from redis import ConnectionPool, RedisError

from portal.accounts import upkeep as accounts
from portal.accounts.notices import operations as notices
from portal.core import (
    clock,
    freshness,
    generations,
    kept,
    mail,
    signs,
    submissions,
    syndication,
    throttle,
    uploads,
    waking,
    websub,
)
from portal.core.background import Background
from portal.core.db import analyze, transaction
from portal.editorial import operations as editorial
from portal.feeds import telling as feed_news
from portal.feeds import upkeep as feeds
from portal.feeds.fetching.rounds import LANES, Lanes
from portal.news.publishing import operations as news
from portal.newsletter import operations as newsletter
from portal.progress.reply import operations as replies
from portal.projects.freshness import operations as confirmations
from portal.projects.team import operations as team
from portal.projects.watching import operations as watching
from portal.search import indexer, outbox
from portal.staff.imports import jobs as imports
from portal.staff.imports import operations as import_operations
from portal.staff.links.checks import Walk
from portal.webinars.registration import upkeep as registrations

# How often an idle worker looks for work in the file-backed queue; Redis tells it at once.
POLL_S = 0.1
REDIS_CONNECT_S = 1
REDIS_ANSWER_S = 5
STOP_S = 20

# What is forgotten after a while, a step each.
FORGETTING = (
    freshness.sweep,
    kept.sweep,
    mail.sweep,
    submissions.sweep,
    throttle.sweep,
    uploads.sweep,
    accounts.sweep,
    feeds.sweep,
    notices.sweep,
    editorial.sweep,
    import_operations.sweep,
    newsletter.sweep,
    replies.sweep,
    team.sweep,
    registrations.sweep,
)

logger = logging.getLogger(__name__)


class JSONSerializer(Serializer):
    """Messages as JSON: whoever can write to the queue must not be able to run code, as pickle would let them."""

    def _serialize(self, data: Any) -> bytes:
        named = {"message": list(data)} if isinstance(data, Message) else {"data": data}
        return json.dumps(named).encode()

    def _deserialize(self, data: bytes) -> Any:
        named = json.loads(data)
        return Message(*named["message"]) if "message" in named else named["data"]


class Queue:
    """The portal's queue, in `instance/` or in Redis, and what its worker does."""

    def __init__(self, app: Flask) -> None:
        self.huey = _huey(app)
        self._app = app
        self._looked_at: datetime | None = None
        self._lanes = Lanes()
        self._feeds: Background | None = None
        self._links: Background | None = None
        self._sync = self.huey.task(name="search_sync")(self.sync)
        self.huey.periodic_task(crontab(), name="sweep")(self.sweep)

    def go_out(self, *, links: bool) -> None:
        """From now on, fetch feeds and look at links: in the worker's own process alone strangers are asked."""
        self._feeds = Background(self._app, "feeds", self._lanes.work, LANES)
        if links:
            self._links = Background(self._app, "links", Walk().work)

    def wake(self) -> None:
        """Tell the worker that something waits for it. A queue that does not answer is only noted."""
        try:
            # A task that nobody has begun will see our change too; so a queue without a worker stays short.
            if not self.huey.pending_count():
                self._sync()
        except (sqlite3.Error, RedisError, OSError) as error:
            logger.warning("the worker could not be woken: %s", error)

    def come_home(self) -> None:
        """Until nobody is out asking strangers."""
        for strangers in filter(None, (self._feeds, self._links)):
            strangers.wait()
        self._lanes.close()

    def waiting(self) -> int:
        """How many tasks nobody has begun; raises what the store raises when it is away."""
        return int(self.huey.pending_count())

    def sync(self) -> None:
        """Bring the search index up to date (a missing or damaged one is built anew), send mail, go on with imports."""
        with self._app.app_context():
            if self._feeds:
                self._feeds.start(again=True)
            self._index()
            now = clock.now()
            notices.send_digests(now)
            newsletter.send(now)
            registrations.work(now)
            mail.deliver()
            imports.work()

    def sweep(self) -> None:
        """Pick up what no wake-up told of, and what time alone made visible or took away."""
        with self._app.app_context():
            now = clock.now()
            with transaction():
                signs.put(signs.WORKER, now=now)
            with transaction():
                news.keep_hours(now)
            if self._looked_at is None or generations.valid_until(self._looked_at) <= now:
                analyze()
                indexer.repair()
            else:
                self._index()
            self._looked_at = now
            for strangers in filter(None, (self._feeds, self._links)):
                strangers.start()
            with transaction():
                watching.gather(now)
                feed_news.tell(now)
            notices.send_digests(now)
            registrations.work(now)
            with transaction():
                newsletter.compose(now)
            newsletter.send(now)
            websub.tell(now, syndication.MEDIA_TYPES)
            mail.deliver()
            imports.work()
            with transaction():
                confirmations.ask_for_confirmations(now)
                replies.keep_time(now)
                for forget in FORGETTING:
                    forget(now)

    def _index(self) -> None:
        """Take in what changed, or build the index anew where an administrator has asked for it."""
        if signs.seen(signs.REBUILD):
            indexer.rebuild()
            with transaction():
                signs.take(signs.REBUILD)
        else:
            indexer.sync()


def _huey(app: Flask) -> Huey:
    url = app.config["PORTAL_REDIS_URL"]
    if url:
        # With limits of its own: a page that saves something must not hang on a queue that is away.
        pool = ConnectionPool.from_url(url, socket_connect_timeout=REDIS_CONNECT_S, socket_timeout=REDIS_ANSWER_S)
        return RedisHuey("portal", connection_pool=pool, results=False, serializer=JSONSerializer())
    file = Path(app.instance_path) / "queue.sqlite"
    return SqliteHuey("portal", filename=str(file), fsync=True, results=False, serializer=JSONSerializer())


class PortalConsumer(Consumer):
    """A consumer that finishes the task in hand when asked to stop, however it is asked."""

    def __init__(self, queue: Queue, *, periodic: bool) -> None:
        super().__init__(
            queue.huey,
            workers=1,  # the index has one writer
            periodic=periodic,
            initial_delay=POLL_S,
            max_delay=POLL_S,
            shutdown_timeout=STOP_S,
        )
        self._signal_actions = {signal.SIGINT: (False, True), signal.SIGTERM: (False, True)}


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Whether this process is the one of this instance that keeps the hours. The kernel frees a dead one's lock."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def queue() -> Queue:
    """The queue of the current app."""
    found: Queue = current_app.extensions["queue"]
    return found


def _wake() -> None:
    queue().wake()


def install(app: Flask) -> None:
    """Give the app its queue, and wake the worker after every commit that concerns it."""
    app.extensions["queue"] = Queue(app)
    outbox.when_committed(_wake)
    mail.when_committed(_wake)
    waking.when_committed(_wake)


@click.command("work")
@with_appcontext
def work() -> None:
    """Run the worker in the foreground."""
    mine = queue()
    with only_one(Path(current_app.instance_path) / "worker.lock") as periodic:
        mine.go_out(links=periodic and current_app.config["PORTAL_CHECK_LINKS"])
        mine.wake()
        PortalConsumer(mine, periodic=periodic).run()
