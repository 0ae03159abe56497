"""Make one stylesheet of static/css/main.css and what it imports: static/vendor/site.css.

Browsers could read main.css as it is, but would wait for one more round trip and thirty files.
"""

import re
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / "portal/static/css/main.css"
BUNDLE = ROOT / "portal/static/vendor/site.css"

_IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;')


def bundle(main: Path = MAIN) -> str:
    """The stylesheet with its imports in place, without comments and indentation."""

    def inlined(found: re.Match[str]) -> str:
        name, layer = found.groups()
        # A file beside the bundle is named from static/css/; within the bundle its own addresses hold.
        content = (main.parent / name).read_text(encoding="utf-8")
        return f"@layer {layer} {{\n{content}}}\n" if layer else content

    return _versioned(_lean(_IMPORT.sub(inlined, _without_comments(main.read_text(encoding="utf-8")))))


def _versioned(style: str) -> str:
    """Fonts at the addresses that templates give them (core/assets.py): with these, browsers keep them for ever."""

    def address(found: re.Match[str]) -> str:
        return f"url({found[1]}?v={sha256((BUNDLE.parent / found[1]).read_bytes()).hexdigest()[:8]})"

    return re.sub(r"url\((fonts/[^)]+)\)", address, style)


def _without_comments(style: str) -> str:
    return re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)


def _lean(style: str) -> str:
    """One declaration a line, no more: compression does the rest."""
    lines = (line.strip() for line in _without_comments(style).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def main() -> None:
    made = bundle()
    if not BUNDLE.is_file() or BUNDLE.read_text(encoding="utf-8") != made:
        BUNDLE.parent.mkdir(parents=True, exist_ok=True)
        BUNDLE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
