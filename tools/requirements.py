"""Pin every .in list with hashes into its .txt, free of any trace of the machine that did it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
# {title}
# Made from {source} by `make requirements`; do not edit. Runs on Python 3.11 and newer.

"""
TITLES = {
    "requirements": "What production runs.",
    "requirements-dev": "What tests and checks need besides.",
    "tools/node": "Node.js for a machine that has none; set-up uses its npm.",
}
OPTIONS = (
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--quiet",
)


def main(arguments: list[str]) -> None:
    for name, title in TITLES.items():
        source, target = f"{name}.in", ROOT / f"{name}.txt"
        print(f"Pinning {source}", flush=True)
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *arguments, "-o", f"{name}.txt", source]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{source} cannot be pinned:\n{done.stderr.strip()[-2000:]}")
        target.write_text(HEADER.format(title=title, source=source) + target.read_text())


if __name__ == "__main__":
    main(sys.argv[1:])
