"""Reading boundaries from a GeoJSON file, and naming everything that is wrong with it."""

import json
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.municipalities.boundaries.geometry import Point, Ring, crossing

CODE = "kommunekode"
SCALE = 10_000_000
"""Points are whole numbers of this part of a degree: what is compared and crossed is then exact."""

WEST, EAST, SOUTH, NORTH = 7.0, 16.0, 54.0, 58.5  # Denmark with some sea around it
TOLD = 20


@dataclass
class Reading:
    """What a file holds: the rings of each municipality code, and what is wrong."""

    rings: dict[str, list[Ring]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    about: Mapping[str, Any] = field(default_factory=dict)
    """The file's own members besides its features, such as an attribution."""


class _BadShapeError(Exception):
    """What is wrong with one municipality's shape."""


def read(content: bytes, names: Mapping[str, str]) -> Reading:
    """The rings of the municipalities (`names`: code → name) that a file of WGS84 polygons draws."""
    reading = Reading()
    try:
        file = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reading.problems.append(f"The file is not JSON: {error}.")
        return reading
    if not isinstance(file, dict) or not isinstance(file.get("features"), list):
        reading.problems.append("The file is not a GeoJSON FeatureCollection: it has no list of features.")
        return reading
    reading.about = {name: value for name, value in file.items() if name != "features"}
    features = [feature if isinstance(feature, dict) else {} for feature in file["features"]]
    if problem := _projection(file, features):
        reading.problems.append(problem)
        return reading
    _join(reading, features, names)
    return reading


def _join(reading: Reading, features: Collection[dict[str, Any]], names: Mapping[str, str]) -> None:
    codes = [_code(feature) for feature in features]
    if nameless := codes.count(""):
        reading.problems.append(f"{nameless} features have no {CODE} among their properties.")
    counts = Counter(filter(None, codes))
    twice = sorted(code for code, count in counts.items() if count > 1)
    extra = sorted(counts.keys() - names.keys())
    missing = sorted(names.keys() - counts.keys())
    for what, found in (
        ("More than one feature for", [_called(code, names) for code in twice]),
        ("No municipality of this portal has the code", extra),
        ("The file has no feature for", [_called(code, names) for code in missing]),
    ):
        if found:
            reading.problems.append(f"{what}: {_few(found)}.")
    for code, feature in zip(codes, features, strict=True):
        if code in names:
            try:
                reading.rings[code] = _rings(feature)
            except _BadShapeError as error:
                reading.problems.append(f"{_called(code, names)}: {error}.")


def _code(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties")
    code = properties.get(CODE) if isinstance(properties, dict) else None
    return str(code).strip() if code is not None else ""


def _called(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names[code]}" if code in names else code


def _few(found: list[str]) -> str:
    more = f" and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return ", ".join(found[:TOLD]) + more


def _projection(file: Mapping[str, Any], features: Collection[dict[str, Any]]) -> str:
    """What is wrong with the coordinates of the whole file, judged by the first that lies outside Denmark."""
    crs = json.dumps(file.get("crs") or "")
    if "EPSG" in crs and not crs.rstrip('"} ').endswith(("4326", "4258")):
        return f"The file says that its coordinates are {crs}; convert it to WGS84 (EPSG:4326) first."
    for feature in features:
        geometry = feature.get("geometry")
        for x, y in _numbers(geometry.get("coordinates") if isinstance(geometry, dict) else None):
            if WEST <= x <= EAST and SOUTH <= y <= NORTH:
                continue
            place = f"{x:g}, {y:g}"
            if SOUTH <= x <= NORTH and WEST <= y <= EAST:
                return f"The coordinates are latitude first ({place}); GeoJSON has the longitude first."
            if abs(x) > 180 or abs(y) > 90:
                return (
                    f"The coordinates are metres, not degrees ({place} looks like UTM zone 32); "
                    "convert the file to WGS84 (EPSG:4326) first."
                )
            return f"The point {place} ({_code(feature) or 'no code'}) lies outside Denmark."
    return ""


def _numbers(part: Any) -> Iterator[tuple[float, float]]:
    """Every position within nested lists that is two numbers; what is none is judged with its ring."""
    if not isinstance(part, list):
        return
    if len(part) >= 2 and all(_is_number(one) for one in part[:2]):
        yield part[0], part[1]
    else:
        for inner in part:
            yield from _numbers(inner)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _rings(feature: Mapping[str, Any]) -> list[Ring]:
    geometry = feature.get("geometry")
    geometry = geometry if isinstance(geometry, dict) else {}
    parts = geometry.get("coordinates")
    match geometry.get("type"):
        case "Polygon":
            polygons = [parts]
        case "MultiPolygon":
            polygons = parts if isinstance(parts, list) else []
        case other:
            raise _BadShapeError(f"its geometry is {other or 'missing'}, not Polygon or MultiPolygon")
    rings = [_ring(ring) for polygon in polygons for ring in (polygon if isinstance(polygon, list) else [None])]
    if not rings:
        raise _BadShapeError("its polygon is empty")
    if place := crossing(rings):
        x, y = place
        raise _BadShapeError(f"its boundary crosses itself near {x / SCALE:.4f}, {y / SCALE:.4f}")
    return rings


def _ring(positions: Any) -> Ring:
    """A closed ring as its points, each once, without those that repeat the one before."""
    if not isinstance(positions, list) or not all(
        isinstance(one, list) and len(one) >= 2 and all(_is_number(part) for part in one[:2]) for one in positions
    ):
        raise _BadShapeError("a ring has a position that is not two numbers")
    points: list[Point] = [(round(one[0] * SCALE), round(one[1] * SCALE)) for one in positions]
    if not points or points[0] != points[-1]:
        start = f" (it begins at {positions[0][0]}, {positions[0][1]})" if points else ""
        raise _BadShapeError(f"a ring is not closed{start}")
    ring = [point for number, point in enumerate(points[:-1]) if point != points[number + 1]]
    if len(set(ring)) < 3:
        raise _BadShapeError("a ring has fewer than three different points")
    return tuple(ring)
