"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static"


def url(name: str) -> str:
    """`/static/css/main.css?v=1a2b3c4d`; the file's own address when it is not there."""
    return f"/static/{name}{_version(name)}"


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    path = FOLDER / name
    return f"?v={sha256(path.read_bytes()).hexdigest()[:8]}" if path.is_file() else ""
