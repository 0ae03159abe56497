"""A portal of the benchmark's own, and servers that all run under the same options."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 30
# One worker, one thread: on two cores the server has one of them and wrk the other.
OPTIONS = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning")


def instance(folder: Path) -> dict[str, str]:
    """The settings of a new portal in `folder` with the reference data, loaded by the commands people use."""
    settings = empty_instance(folder)
    flask(settings, "data", "load")
    flask(settings, "search", "rebuild")
    return settings


def empty_instance(folder: Path) -> dict[str, str]:
    """The settings of a new portal in `folder` whose database has tables and nothing in them."""
    settings = {
        "PORTAL_ENV": "production",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_SECRET_KEY": secrets.token_hex(32),
        "PORTAL_BASE_URL": "http://127.0.0.1",
    }
    flask(settings, "db", "upgrade")
    return settings


def flask(settings: Mapping[str, str], *command: str, said: str = "") -> None:
    """Run a `flask` command to its end, `said` to it as its input; what it says is shown only when it fails."""
    arguments = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
    given: dict[str, Any] = {"cwd": ROOT, "env": _environment(settings), "input": said}
    done = subprocess.run(arguments, **given, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"flask {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {**kept, **settings}


@contextmanager
def running(arguments: list[str], settings: Mapping[str, str]) -> Iterator[None]:
    """A process for the length of a block; stopped by its id."""
    process = subprocess.Popen(
        arguments, cwd=ROOT, env=_environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(application: str, settings: Mapping[str, str], ready: str) -> Iterator[str]:
    """The address of a server under Granian that has answered at the path `ready`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    granian = [sys.executable, "-m", "granian", *OPTIONS, "--port", str(port), application]
    with running(granian, settings):
        _wait_for(f"{address}{ready}")
        yield address


def worker() -> list[str]:
    """The arguments that start the portal's worker."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "work"]


def _wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            fetch(url)
        except urllib.error.HTTPError as error:
            sys.exit(f"{url} answered {error.code}")
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"no answer from {url}")


def fetch(url: str, **headers: str) -> tuple[str, Mapping[str, str]]:
    """The body and the headers at an address."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return answer.read().decode(), answer.headers


def require_wrk() -> None:
    """End with one clear line when the load generator is missing."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing. Install it with: apt-get install -y wrk")


def requests_a_second(url: str, seconds: int, *headers: str, paths: Sequence[str] = ()) -> float:
    """What wrk measures with 16 connections on 2 threads, of one page or of all `paths` in turn."""
    given = [part for header in headers for part in ("-H", header)]
    walk = ["-s", str(ROOT / "bench/walk.lua")] if paths else []
    arguments = ["wrk", "-t2", "-c16", f"-d{seconds}s", *walk, *given, url, *paths]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if failed := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors:.*", said):
        sys.exit(f"{url}: {failed[0]}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])  # type: ignore[index]


def machine() -> str:
    """What was measured on, without naming it."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    version = sys.version.split()[0]
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    gigabytes = round(int(memory[1]) / 1e6) if memory else 0
    return f"{os.cpu_count()} cores of {cpu[1] if cpu else 'an unknown processor'}, {gigabytes} GB, Python {version}"
