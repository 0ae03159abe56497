"""Pictures in the sizes that pages need: the whole one, and one cut for cards around what matters in it.

A size is made from the stored file when it is first asked for and kept beside it (`uploads.derived`). There are few
of them, so nobody can have a thousand made.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from PIL import Image

from portal.core import uploads

CARD = (3, 2)
MIDDLE = 50
ENDINGS: Final[Mapping[str, str]] = {"webp": "image/webp", "jpg": "image/jpeg"}
_SAVING: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "progressive": True, "optimize": True}),
}


class Shape(StrEnum):
    WHOLE = "whole"
    CARD = "card"


WIDTHS: Final[Mapping[Shape, tuple[int, ...]]] = {Shape.WHOLE: (480, 960, 1600), Shape.CARD: (320, 640, 1200)}
"""The widths that are made; a picture that is narrower is not drawn larger than it is."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What matters in a picture: per cent from its left and from its top."""

    x: int = MIDDLE
    y: int = MIDDLE


def measured(digest: str) -> tuple[int, int]:
    """Width and height of a stored picture."""
    with Image.open(uploads.path_of(digest)) as picture:
        return picture.size


def widths(shape: Shape, width: int, height: int) -> Sequence[int]:
    """In which widths a picture of this size is there; at least one."""
    most = _cut(width, height, Focus())[2] if shape is Shape.CARD else width
    return [one for one in WIDTHS[shape] if one <= most] or [WIDTHS[shape][0]]


def height_at(shape: Shape, to_width: int, width: int, height: int) -> int:
    """How high a size is that is so wide."""
    wide, high = CARD if shape is Shape.CARD else (width, height)
    return max(1, round(to_width * high / wide))


def sized(digest: str, shape: Shape, to_width: int, ending: str, focus: Focus) -> Path:
    """The file of a size; the address says which, and only those of `widths` are to be asked for."""
    about = f"-{focus.x}x{focus.y}" if shape is Shape.CARD else ""
    name = f"{shape}-{to_width}{about}.{ending}"
    return uploads.derived(digest, name, lambda path: _drawn(path, shape, to_width, ending, focus))


def _drawn(path: Path, shape: Shape, to_width: int, ending: str, focus: Focus) -> bytes:
    with Image.open(path) as picture:
        width, height = picture.size
        left, top, wide, high = _cut(width, height, focus) if shape is Shape.CARD else (0, 0, width, height)
        size = (to_width, height_at(shape, to_width, width, height))
        drawn = picture.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + wide, top + high), reducing_gap=3)
    format_, options = _SAVING[ending]
    made = io.BytesIO()
    _opaque(drawn, ending).save(made, format_, **options)
    return made.getvalue()


def _opaque(picture: Image.Image, ending: str) -> Image.Image:
    """What JPEG can hold: on white where the picture is transparent."""
    if ending != "jpg" or picture.mode in ("RGB", "L"):
        return picture
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _cut(width: int, height: int, focus: Focus) -> tuple[int, int, int, int]:
    """Left, top, width and height of the largest part in the shape of a card, as near around the focus as it goes."""
    wide, high = CARD
    cut_width = min(width, round(height * wide / high))
    cut_height = min(height, round(width * high / wide))
    left = min(max(0, round(width * focus.x / 100 - cut_width / 2)), width - cut_width)
    top = min(max(0, round(height * focus.y / 100 - cut_height / 2)), height - cut_height)
    return left, top, max(1, cut_width), max(1, cut_height)
