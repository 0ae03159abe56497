"""Reading feeds in a process of their own: started when first needed, kept for the next, ended when it misbehaves."""

import re
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from portal.feeds.reading import child
from portal.feeds.reading.parsed import Candidate, Parsed, Unreadable, from_plain

CHILD = Path(child.__file__).resolve()
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading one body may cost. A process is changed after `bodies`: what libraries forget goes with it."""

    cpu_s: int = 12
    wall_s: float = 15.0
    memory: int = 700 * 1024 * 1024
    bodies: int = 200


class Reader:
    """Hands bodies to its process, one at a time. For one thread."""

    def __init__(self, cost: Cost = Cost()) -> None:
        self.cost = cost
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, body: bytes, url: str, content_type: str = "", *, seconds: float | None = None) -> Parsed:
        """The feed in the body, or `Unreadable`. `seconds` of waiting where less is left than is usual."""
        end = time.monotonic() + min(self.cost.wall_s, self.cost.wall_s if seconds is None else seconds)
        line = self._started()
        found = _CHARSET.search(content_type)
        asked = {"url": url, "charset": found[1] if found else "", "cpu_s": self.cost.cpu_s}
        try:
            with _Patience(line, end):
                child.send(line, asked, body)
                answer = _answer(line)
        except (OSError, EOFError, ValueError) as error:
            # Out of time or killed by a limit: whichever it was, the next body gets a new process.
            self.close()
            is_late = isinstance(error, TimeoutError)
            raise Unreadable("too_costly", "out of time" if is_late else "ended by a limit") from error
        self._read += 1
        if self._read >= self.cost.bodies or answer.get("detail") == "out of memory":
            self.close()
        return _told(answer)

    def close(self) -> None:
        """End the process; the next body starts another one."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line, self._process, self._read = None, None, 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _started(self) -> socket.socket:
        if self._line is None or self._process is None or self._process.poll() is not None:
            self.close()
            self._line, theirs = socket.socketpair()
            with theirs:
                # No environment: that of the portal holds its secrets.
                self._process = subprocess.Popen(  # noqa: S603  ourselves
                    [sys.executable, "-I", "-B", str(CHILD), str(self.cost.memory)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={"LANG": "C.UTF-8"},
                    cwd="/",
                )
        return self._line


def _answer(line: socket.socket) -> dict[str, Any]:
    message = child.receive(line)
    if message is None:
        raise EOFError("the reading process ended")
    return message[0]


def _told(answer: dict[str, Any]) -> Parsed:
    """The feed in an answer, or why there is none. It comes from where a stranger's text was: it may be anything."""
    try:
        if "parsed" in answer:
            return from_plain(answer["parsed"])
        candidates = [Candidate(str(one["url"]), str(one["title"])) for one in answer["candidates"]]
        trouble, detail = str(answer["trouble"]), str(answer["detail"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("broken", "the reading process answered nonsense") from error
    raise Unreadable(trouble, detail, candidates)


class _Patience:
    """A deadline for everything that happens on a line: a timeout alone begins anew with each piece."""

    def __init__(self, line: socket.socket, end: float) -> None:
        self._line = line
        self._bitten = False
        self._timer = threading.Timer(max(end - time.monotonic(), 0.001), self._bite)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._bitten:
            raise TimeoutError("the reading process took too long") from error

    def _bite(self) -> None:
        self._bitten = True
        self._line.shutdown(socket.SHUT_RDWR)
