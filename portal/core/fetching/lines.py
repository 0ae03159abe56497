"""The lines on which strangers answer: each with a deadline, and its bytes counted as they come."""

import http.client
import io
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection

from portal.core.fetching.errors import TimedOut, TooLarge


class Watchdog:
    """One deadline. At its end the guarded line is shut, and `bitten` tells that end from the server's."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self.bitten = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        with self._lock:
            self._release()

    def left(self) -> float:
        """The seconds that remain, or TimedOut."""
        self.check()
        return max(self._end - time.monotonic(), 0.001)

    def check(self) -> None:
        if self.bitten or time.monotonic() >= self._end:
            raise TimedOut("the answer was not complete in time")

    def guard(self, line: socket.socket) -> None:
        """Watch this line instead of the one before."""
        with self._lock:
            self._release()
            # A duplicate: the line itself may be closed meanwhile and its number be another's,
            # and shutting a TLS socket from another thread would make its owner read in the clear.
            self._line = line.dup()
        self.check()

    def _bite(self) -> None:
        with self._lock:
            self.bitten = True
            if self._line is not None:
                with suppress(OSError):  # already closed by the server
                    self._line.shutdown(socket.SHUT_RDWR)
            self._release()

    def _release(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class Meter(io.RawIOBase):
    """A socket's bytes, counted as they come: `http.client` alone would read a chunk of "-1" bytes for ever."""

    def __init__(self, line: io.RawIOBase, cap: int, watchdog: Watchdog) -> None:
        self._line = line
        self._left = cap
        self._watchdog = watchdog

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._line.readinto(buffer)
        self._watchdog.check()  # before the end of a shut line is taken for an end
        self._left -= count or 0
        if self._left < 0:
            raise TooLarge("the answer is larger than what is read")
        return count

    def close(self) -> None:
        self._line.close()
        super().close()


class MeteredResponse(http.client.HTTPResponse):
    def __init__(self, line: socket.socket, *args: Any, meter: Callable[[io.RawIOBase], Meter], **kwargs: Any) -> None:
        super().__init__(line, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(meter(raw))


class PlainConnection(HTTPConnection):
    dial: Callable[[], socket.socket]

    def _new_conn(self) -> socket.socket:
        return self.dial()


class TLSConnection(HTTPSConnection):
    dial: Callable[[], socket.socket]

    def _new_conn(self) -> socket.socket:
        return self.dial()
