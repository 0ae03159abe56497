"""Work that may have to wait for strangers: in threads beside the worker's own, so that mail and index go on."""

import logging
import threading
from collections.abc import Callable

from flask import Flask

logger = logging.getLogger(__name__)


class Background:
    """A round of some work at a time, in `lanes` threads. Daemons: the process may end in the middle of a round."""

    def __init__(self, app: Flask, name: str, work: Callable[[int], None], lanes: int = 1) -> None:
        self._app = app
        self._name = name
        self._work = work
        self._threads: dict[int, threading.Thread] = {}
        self._lanes = range(lanes)
        self._again: set[int] = set()
        self._lock = threading.Lock()

    def start(self, *, again: bool = False) -> None:
        """Begin a round in every lane whose last one is over. `again`: those under way are followed by another, for
        they may have looked before there was what is to be done. `work` is told the number of its lane."""
        with self._lock:
            for lane in self._lanes:
                if lane not in self._threads:
                    thread = threading.Thread(target=self._run, args=(lane,), name=f"{self._name}-{lane}", daemon=True)
                    self._threads[lane] = thread
                    thread.start()
                elif again:
                    self._again.add(lane)

    def wait(self) -> None:
        """Until all rounds are over."""
        for thread in list(self._threads.values()):
            thread.join()

    def _run(self, lane: int) -> None:
        while True:
            self._round(lane)
            with self._lock:
                if lane not in self._again:
                    del self._threads[lane]
                    return
                self._again.remove(lane)

    def _round(self, lane: int) -> None:
        with self._app.app_context():
            try:
                self._work(lane)
            except Exception:
                logger.exception("%s: a round broke off", self._name)
