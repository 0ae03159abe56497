"""How an article's picture is shown: its addresses in every size, for pages, feeds and machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.core import pictures
from portal.core.bilingual import Shown, text_of
from portal.core.pictures import Shape
from portal.core.web import absolute, path_for

LARGEST = -1
KEY = "key"
"""What carries the token of a link to a draft: its pictures open by it too."""


@dataclass(frozen=True)
class Pictured:
    """What an `img` element says of a picture in one shape. `src` is the JPEG of middle size."""

    src: str
    srcset: str
    webp: str
    width: int
    height: int
    alt: Shown
    caption: Shown
    credit: str


def pictured(row: Any, shape: str = Shape.WHOLE, key: str = "") -> Pictured:
    """A picture's row (with the article's slug) as it stands on a page."""
    kind = Shape(shape)
    there = pictures.widths(kind, row.width, row.height)
    middle = there[len(there) // 2]
    return Pictured(
        src=address_of(row, kind, middle, "jpg", key),
        srcset=_set(row, kind, there, "jpg", key),
        webp=_set(row, kind, there, "webp", key),
        width=middle,
        height=pictures.height_at(kind, middle, row.width, row.height),
        alt=text_of(row, "alt"),
        caption=text_of(row, "caption"),
        credit=row.credit,
    )


@dataclass(frozen=True)
class Enclosed:
    """A picture as feeds, search engines and other sites are told of it: a JPEG at its full address."""

    url: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    media_type: str = "image/jpeg"


def enclosed(row: Any) -> Enclosed:
    """A picture's row as machines read it, in the shape of a card."""
    width = pictures.widths(Shape.CARD, row.width, row.height)[LARGEST]
    return Enclosed(
        url=absolute(address_of(row, Shape.CARD, width, "jpg")),
        width=width,
        height=pictures.height_at(Shape.CARD, width, row.width, row.height),
        alt=str(text_of(row, "alt")),
        caption=str(text_of(row, "caption")),
        credit=row.credit,
    )


def address_of(row: Any, shape: Shape, width: int, ending: str, key: str = "") -> str:
    """The path of a size. What it shows changes with its address."""
    version = f"{row.digest[:8]}-{row.focus_x}x{row.focus_y}"
    size = {"shape": shape.value, "width": width, "ending": ending, **({KEY: key} if key else {})}
    return path_for("article_pictures.file", slug=row.slug, picture_id=row.id, v=version, **size)


def _set(row: Any, shape: Shape, there: Sequence[int], ending: str, key: str) -> str:
    return ", ".join(f"{address_of(row, shape, width, ending, key)} {width}w" for width in there)
