"""Start web and worker side by side and say where the portal is. With --check: only see that the port is free."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
PATIENCE_S = 60
STOPPED = (128 + signal.SIGINT, 128 + signal.SIGTERM)  # what honcho ends with when it was told to


def main(arguments: list[str]) -> None:
    port = _port()
    _require_free(port)
    if "--check" in arguments:
        return
    address = f"http://127.0.0.1:{port}"
    environment = {"PORTAL_BASE_URL": address, **os.environ, "PORT": str(port), "PATH": f"{BIN}:{os.environ['PATH']}"}
    processes = subprocess.Popen([BIN / "honcho", "start"], cwd=ROOT, env=environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches honcho by itself; here we only wait for it
    signal.signal(signal.SIGTERM, lambda *_: processes.terminate())
    if _answers(f"{address}/healthz", processes):
        here = "" if port == 8000 else f"PORTAL_BASE_URL={address} "
        print(
            f"\n  The portal is at {address}  (Ctrl-C stops it)\n"
            "  Make the first administrator in another terminal; the link that it prints sets the password:\n"
            f"    {here}.venv/bin/flask users create you@example.org --name 'Your name' --role administrator\n",
            flush=True,
        )
    status = processes.wait()
    sys.exit(0 if status in STOPPED else status)


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}")


def _answers(url: str, processes: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while processes.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    main(sys.argv[1:])
