"""Fetching what is due, feed after feed: by the worker's lanes, or by a command."""

import logging
import threading
from collections.abc import Callable
from typing import Self

from flask import current_app

from portal.core import clock
from portal.feeds.fetching import claims, store, trial
from portal.feeds.fetching.claims import Claimed, TooLate
from portal.feeds.fetching.fetch import Failed, Patience, fetch
from portal.feeds.fetching.library import Library
from portal.feeds.fetching.store import Outcome
from portal.feeds.models import Trouble
from portal.feeds.reader import Cost, Reader

LANES = 2
"""How many feeds are fetched at a time: one that keeps us waiting does not keep the others."""

logger = logging.getLogger(__name__)


class Fetcher:
    """Fetches one feed at a time; keeps its reading process and what is told already from one to the next."""

    def __init__(self, patience: Patience | None = None, cost: Cost | None = None) -> None:
        # Settings of the app, so that tests need not wait as long as a feed may take.
        self.patience = patience or current_app.config.get("FEEDS_PATIENCE") or Patience()
        self.reader = Reader(cost or current_app.config.get("FEEDS_COST") or Cost())
        self.library = Library()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.reader.close()

    def run(self, claimed: Claimed) -> Outcome | None:
        """Fetch a feed in hand and write down what came of it; None when somebody else has it by now."""
        try:
            return self._fetched(claimed)
        except TooLate:
            logger.warning("feed %s was taken over by another fetch", claimed.id)
            return None
        except Exception:
            # Whatever it is in this feed: it is noted here, and the next feed has its turn.
            logger.exception("feed %s could not be read or stored", claimed.id)
            return self._given_up(claimed)

    def _fetched(self, claimed: Claimed) -> Outcome:
        if claimed.is_test:
            return trial.run(claimed, self.reader, self.library, patience=self.patience)
        now = clock.now()
        allow = current_app.config["PORTAL_OUTGOING_ALLOW"]
        came = fetch(claimed.request, self.reader, allow=allow, patience=self.patience, now=now)
        if isinstance(came, Failed):
            return store.note_failure(claimed, came, now=clock.now())
        return store.take_in(claimed, came, self.library, now=now)

    def _given_up(self, claimed: Claimed) -> Outcome:
        self.library = Library()
        failed = Failed(Trouble.BROKEN, "could not be read or stored")
        note = trial.note_failure if claimed.is_test else store.note_failure
        return note(claimed, failed, now=clock.now())


def run_due(fetcher: Fetcher, told: Callable[[Outcome], None] = lambda _: None) -> int:
    """Fetch until nothing is due; how many feeds that were."""
    count = 0
    while claimed := claims.next_due(clock.now()):
        if outcome := fetcher.run(claimed):
            count += 1
            told(outcome)
    return count


class Lanes:
    """The worker's fetchers, one a lane, made when first needed."""

    def __init__(self) -> None:
        self._fetchers: dict[int, Fetcher] = {}
        self._lock = threading.Lock()

    def work(self, lane: int) -> None:
        """A round of one lane."""
        with self._lock:
            fetcher = self._fetchers.get(lane) or self._fetchers.setdefault(lane, Fetcher())
        run_due(fetcher)

    def close(self) -> None:
        """End the reading processes; the next round starts others."""
        with self._lock:
            for fetcher in self._fetchers.values():
                fetcher.reader.close()
