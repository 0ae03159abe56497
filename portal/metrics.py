"""/metrics for Prometheus, for loopback or whoever has the token: requests by status, what waits, how old it is.

By hand rather than by a library: several processes serve, each counts for itself into a small file, and whoever is
asked adds the files up.
"""

import fcntl
import hmac
import ipaddress
import json
import logging
import os
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.core import clock, web
from portal.core.permissions import audience
from portal.health import bp
from portal.staff.system import vitals

FLUSH_S = 5.0
ENDED = "ended.json"
TEXT = "text/plain; version=0.0.4; charset=utf-8"

logger = logging.getLogger(__name__)


class Tally:
    """How many answers of each status this process has given, and with it all the others of the instance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._flushed = 0.0
        self._pid = 0

    def count(self, status: int) -> None:
        """Count an answer; from time to time write down what was counted."""
        with self._lock:
            if self._pid != os.getpid():  # a fork counts for itself from here on
                self._pid, self._counts = os.getpid(), Counter()
            self._counts[str(status)] += 1
            if time.monotonic() - self._flushed > FLUSH_S:
                self._flush()

    def totals(self) -> Counter[str]:
        """Status → answers, of all processes of this instance, also of those that have ended."""
        with self._lock:
            if self._pid == os.getpid():
                self._flush()
        total: Counter[str] = Counter()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._bury()
                for path in self.folder.glob("*.json"):
                    total.update(_read(path))
        return total

    def _flush(self) -> None:
        self._flushed = time.monotonic()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(self.folder / f"{self._pid}.json", self._counts)
        except OSError as error:
            logger.warning("requests could not be counted: %s", error)

    def _bury(self) -> None:
        """Add what ended processes have counted to one file."""
        gone = [path for path in self.folder.glob("[0-9]*.json") if not _is_running(int(path.stem))]
        if gone:
            ended = Counter(_read(self.folder / ENDED))
            for path in gone:
                ended.update(_read(path))
                path.unlink(missing_ok=True)
            _write(self.folder / ENDED, ended)


def install(app: Flask) -> None:
    """Count every answer of the app. What the page cache answers never comes here."""
    tally = app.extensions["tally"] = Tally(Path(app.instance_path) / "metrics")

    @app.after_request
    def count(response: Response) -> Response:
        tally.count(response.status_code)
        return response


@bp.get("/metrics")
@audience("everyone")
def metrics() -> ResponseReturnValue:
    web.uncached()
    if not (_is_near() or _has_token()):
        raise NoSuchPage
    return Response("".join(_lines()), content_type=TEXT)


def _is_near() -> bool:
    """Whether the asker is on this machine. What a proxy passes on is not, though it comes from the proxy's address."""
    if not current_app.config["PORTAL_TRUSTED_PROXIES"] and (
        "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    ):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    token = str(current_app.config["PORTAL_METRICS_TOKEN"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(token.encode(), given.encode("utf-8", "replace"))


def _lines() -> list[str]:
    tally: Tally = current_app.extensions["tally"]
    lines = ["# HELP portal_requests_total Answers that the page cache did not give.\n"]
    lines += ["# TYPE portal_requests_total counter\n"]
    lines += [f'portal_requests_total{{status="{status}"}} {n}\n' for status, n in sorted(tally.totals().items())]
    lines += ["# HELP portal_up Whether a part of the portal is well.\n", "# TYPE portal_up gauge\n"]
    taken = vitals.take(clock.now())
    lines += [f'portal_up{{part="{vital.name}"}} {int(vital.is_well)}\n' for vital in taken]
    for vital in taken:
        for name, value in vital.figures.items():
            if isinstance(value, (int, float)):
                metric = f"portal_{vital.name}_{name}"
                lines += [f"# TYPE {metric} gauge\n", f"{metric} {value}\n"]
    return lines


def _read(path: Path) -> dict[str, int]:
    try:
        return {str(status): int(n) for status, n in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write(path: Path, counts: Counter[str]) -> None:
    partly = path.with_suffix(f".{os.getpid()}.partly")
    partly.write_text(json.dumps(counts), encoding="utf-8")
    partly.replace(path)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
