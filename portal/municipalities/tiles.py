"""The tile map: what each municipality's square says, whatever the map is about."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.core.bilingual import text_of


def tile(place: Any, href: str, level: int | None, value: str) -> dict[str, Any]:
    """A square for `tile_map`. `level` is 0–4, or None for what is not known."""
    return {
        "name": str(text_of(place, "name")),
        "short": place.name_da[:3],
        "href": href,
        "col": place.tile_col,
        "row": place.tile_row,
        "level": level,
        "value": value,
        "step": None,
        "is_old": False,
    }


def counted(
    places: Sequence[Any],
    counts: Mapping[int, int],
    bounds: Sequence[int],
    *,
    href: Callable[[Any], str],
    said: Callable[[int], str],
) -> list[dict[str, Any]]:
    """Squares coloured by a count of things; `bounds` are the least counts of the five levels.

    A municipality without any is unknown, not zero: that we know of none does not mean there is none.
    """
    return [
        tile(place, href(place), bisect_right(bounds, count) - 1, said(count))
        if (count := counts.get(place.id, 0))
        else tile(place, href(place), None, "")
        for place in places
    ]
