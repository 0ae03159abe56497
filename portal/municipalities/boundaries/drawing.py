"""From points on the globe to paths of an SVG picture."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.municipalities.boundaries.geojson import SCALE
from portal.municipalities.boundaries.geometry import Arc, Point, Ring, area, simplified, visvalingam

HEIGHT = 1000
"""Of the picture in its own units: one is about 350 m on the ground."""

MARGIN = 4
PARALLEL = 56.0  # a degree of longitude is as long as it is in the middle of the country
LEAST = 5.0  # square units: about 0.6 km²

FAR_EAST = 13.5
BOX_AT = (11.95, 57.42)  # empty sea in the picture's upper right corner
BOX_MARGIN = 14


@dataclass(frozen=True)
class Picture:
    """Paths by municipality code, in a picture of this size; `frame` is around what is not in its place."""

    width: int
    height: int
    frame: str
    paths: Mapping[str, str]
    points: int


def draw(shapes: Mapping[str, Sequence[Ring]]) -> Picture:
    """The municipalities in an equirectangular projection; what lies east of 13.5° E (Bornholm) in a box."""
    moved, boxed = _with_box(shapes)
    every = [point for rings in moved.values() for ring in rings for point in ring]
    stretch = math.cos(math.radians(PARALLEL))
    west, north = min(x for x, _ in every), max(y for _, y in every)
    degrees = max(north - min(y for _, y in every), 1)
    unit = (HEIGHT - 2 * MARGIN) / degrees

    def place(point: Point) -> Point:
        return round((point[0] - west) * stretch * unit) + MARGIN, round((north - point[1]) * unit) + MARGIN

    def simplify(arc: Arc) -> Sequence[Point]:
        fine = [(round(x * stretch), y) for x, y in arc]
        kept = set(visvalingam(fine, LEAST / unit**2))
        return [place(point) for point, at in zip(arc, fine, strict=True) if at in kept]

    drawn = {
        code: _worth_drawing(rings, [[place(point) for point in ring] for ring in moved[code]])
        for code, rings in simplified(moved, simplify).items()
    }
    placed = [point for rings in drawn.values() for ring in rings for point in ring]
    return Picture(
        max((x for x, _ in placed), default=0) + MARGIN,
        max((y for _, y in placed), default=0) + MARGIN,
        _frame([point for code in boxed for ring in drawn[code] for point in ring]),
        {code: "".join(map(_path, rings)) for code, rings in drawn.items()},
        len(placed),
    )


def _with_box(shapes: Mapping[str, Sequence[Ring]]) -> tuple[dict[str, Sequence[Ring]], list[str]]:
    """The shapes with those of the far east moved into the box, and which ones those are."""
    far = {code for code, rings in shapes.items() if all(x > FAR_EAST * SCALE for ring in rings for x, _ in ring)}
    if not far or far == shapes.keys():
        return dict(shapes), []
    points = [point for code in far for ring in shapes[code] for point in ring]
    dx = round(BOX_AT[0] * SCALE) - min(x for x, _ in points)
    dy = round(BOX_AT[1] * SCALE) - max(y for _, y in points)
    return {
        code: [tuple((x + dx, y + dy) for x, y in ring) for ring in rings] if code in far else rings
        for code, rings in shapes.items()
    }, sorted(far)


def _worth_drawing(rings: Sequence[Sequence[Point]], full: Sequence[Sequence[Point]]) -> list[Sequence[Point]]:
    """The rings that are larger than a speck; of each municipality always the largest, unsimplified if need be."""
    clean = [_without_repeats(ring) for ring in rings]
    kept: list[Sequence[Point]] = [ring for ring in clean if len(set(ring)) > 2 and area(ring) >= 1]
    return kept or [max(map(_without_repeats, full), key=area)]


def _without_repeats(ring: Sequence[Point]) -> Sequence[Point]:
    return [point for number, point in enumerate(ring) if point != ring[number - 1]] or ring[:1]


def _path(ring: Sequence[Point]) -> str:
    (x, y), *rest = ring
    steps, at = [f"M{x} {y}"], (x, y)
    for number, point in enumerate(rest):
        dx, dy = point[0] - at[0], point[1] - at[1]
        steps.append(f"{'l' if not number else '' if dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}")
        at = point
    return "".join(steps) + "z"


def _frame(points: Sequence[Point]) -> str:
    """A box around the points, with some air."""
    if not points:
        return ""
    left, right = min(x for x, _ in points) - BOX_MARGIN, max(x for x, _ in points) + BOX_MARGIN
    top, bottom = max(min(y for _, y in points) - BOX_MARGIN, 1), max(y for _, y in points) + BOX_MARGIN
    return f"M{left} {top}H{right}V{bottom}H{left}z"
