"""Lay a .br and a .gz beside every static text file that gains by it, and take away those whose source is gone."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parent.parent / "portal/static"
TEXTS = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest", ".xml"}
WORTHWHILE = 0.9
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".br": lambda content: brotli.compress(content, quality=11),
    ".gz": lambda content: gzip.compress(content, 9, mtime=0),
}


def main() -> None:
    for packed in [path for path in STATIC.rglob("*") if path.suffix in PACKERS]:
        if not packed.with_suffix("").is_file():
            packed.unlink()
    for source in [path for path in STATIC.rglob("*") if path.suffix in TEXTS and path.is_file()]:
        for ending, pack in PACKERS.items():
            _pack(source, source.with_name(source.name + ending), pack)


def _pack(source: Path, target: Path, pack: Callable[[bytes], bytes]) -> None:
    """Write `target` with the time of its source, which is how a later run knows that it is current."""
    made = source.stat().st_mtime_ns
    if target.exists() and target.stat().st_mtime_ns == made:
        return
    content = source.read_bytes()
    packed = pack(content)
    if len(packed) > WORTHWHILE * len(content):
        target.unlink(missing_ok=True)
        return
    new = target.with_name(target.name + ".new")
    new.write_bytes(packed)
    os.utime(new, ns=(made, made))
    new.replace(target)


if __name__ == "__main__":
    main()
