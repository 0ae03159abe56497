"""See that there is a Chromium for the browser tests; install Debian's where that is possible, else say what to do."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = ("chromium", "fonts-liberation")
INSTALL = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"


def main() -> None:
    if named := os.environ.get("CHROMIUM"):
        if not shutil.which(named):
            sys.exit(f"CHROMIUM names {named}, which is not a program here.")
        return
    if any(shutil.which(name) for name in NAMES):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            "The browser tests need Chromium and found none. Install it, or name one by CHROMIUM=/path/to/browser. "
            f"On Debian and Ubuntu: sudo sh -c '{INSTALL}'"
        )
    print("Installing Chromium for the browser tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *PACKAGES],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(
                f"Chromium could not be installed by: {' '.join(command)}\n{done.stderr.strip()[-1500:]}\n"
                "Install one yourself, or name one by CHROMIUM=/path/to/browser."
            )


if __name__ == "__main__":
    main()
