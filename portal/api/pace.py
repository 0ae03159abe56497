"""How often one address may ask a process: counted in memory, for reading must write nothing."""

import time
from collections import OrderedDict
from threading import Lock

from portal.core.errors import TooMany

MOST, WINDOW_S = 300, 60
KEPT = 10_000


class Pace:
    """At most so many questions in each window, for each asker."""

    def __init__(self, most: int = MOST, window: float = WINDOW_S) -> None:
        self.most, self.window = most, window
        self.asked: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self.lock = Lock()

    def check(self, who: str, now: float | None = None) -> None:
        """Pass silently, or raise `TooMany` with the seconds to wait."""
        now = time.monotonic() if now is None else now
        with self.lock:
            began, count = self.asked.get(who, (now, 0))
            if now - began >= self.window:
                began, count = now, 0
            self.asked[who] = (began, count + 1)
            self.asked.move_to_end(who)
            while len(self.asked) > KEPT:
                self.asked.popitem(last=False)
        if count >= self.most:
            raise TooMany(max(1, round(began + self.window - now)))
