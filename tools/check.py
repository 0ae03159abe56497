"""Run every check, whatever the ones before it said; tell the time of each and what the failed ones wrote."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
CHECKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "format": (("ruff", "format", "--check", "."),),
    "lint": (("ruff", "check", "--quiet", "."),),
    "types": (("mypy",),),
    "layers": (("lint-imports", "--no-logo"),),
    "templates": (("djlint", "--lint", "--quiet", "portal/templates"),),
    "translations": (("python", "tools/translations.py", "check"),),
    "migrations": (("flask", "db", "upgrade"), ("flask", "db", "check")),
}


def main(wanted: list[str]) -> None:
    if unknown := [name for name in wanted if name not in CHECKS]:
        sys.exit(f"No check is called {unknown[0]!r}. There are: {', '.join(CHECKS)}")
    failed = [name for name in wanted or CHECKS if not _passes(name)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")
    print("All checks passed.")


def _passes(name: str) -> bool:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-check-") as instance:
        environment = {**os.environ, "PORTAL_ENV": "development", "PORTAL_INSTANCE": instance}
        # The checks are about the code, not about what this machine is set to.
        for setting in ("PORTAL_DATABASE_URL", "PORTAL_REDIS_URL", "PORTAL_SEARCH_URL"):
            environment.pop(setting, None)
        wrote = _first_failure(CHECKS[name], environment)
    verdict = "ok" if wrote is None else "FAILED"
    print(f"{name:<14}{verdict:<8}{time.monotonic() - started:5.1f} s", flush=True)
    if wrote is not None:
        print(wrote, flush=True)
    return wrote is None


def _first_failure(commands: tuple[tuple[str, ...], ...], environment: dict[str, str]) -> str | None:
    for program, *arguments in commands:
        done = subprocess.run(
            [BIN / program, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return f"{done.stdout}{done.stderr}".strip()
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
