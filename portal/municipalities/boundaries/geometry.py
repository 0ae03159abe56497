"""Lines on a map: whether they cross, the borders that neighbours share, and fewer points for the same shape."""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

Point = tuple[int, int]
Ring = tuple[Point, ...]
"""A closed line; the first point is not repeated at the end."""

Arc = tuple[Point, ...]
"""A piece of boundary between two places where borders meet, or a whole ring that meets none (first point = last)."""

Simplify = Callable[[Arc], Sequence[Point]]


def crossing(rings: Iterable[Ring]) -> Point | None:
    """Near where two lines of the rings cross; touching is no crossing."""
    segments = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), a, b)
        for ring in rings
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
    )
    open_: list[tuple[int, Point, Point]] = []
    for left, right, a, b in segments:
        open_ = [one for one in open_ if one[0] >= left]
        for _, c, d in open_:
            if _cross(a, b, c, d):
                return (a[0] + b[0]) // 2, (a[1] + b[1]) // 2
        open_.append((right, a, b))
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> int:
    """Twice the area of the triangle, negative where it turns to the right."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def area(ring: Sequence[Point]) -> float:
    """What a ring encloses, without a sign."""
    around = zip(ring, (*ring[1:], ring[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in around)) / 2


def simplified(shapes: Mapping[str, Sequence[Ring]], simplify: Simplify) -> dict[str, list[list[Point]]]:
    """The same shapes with each border simplified once: neighbours that shared it share what is left of it."""
    meeting = _meeting([ring for rings in shapes.values() for ring in rings])
    known: dict[Arc, Sequence[Point]] = {}

    def drawn(arc: Arc) -> Sequence[Point]:
        key = min(arc, arc[::-1])
        if key not in known:
            known[key] = simplify(key)
        return known[key] if key == arc else known[key][::-1]

    return {
        name: [[point for arc in _arcs(ring, meeting) for point in drawn(arc)[:-1]] for ring in rings]
        for name, rings in shapes.items()
    }


def _meeting(rings: Iterable[Ring]) -> set[Point]:
    """The points where borders meet or part: their neighbours are not the same two in every ring."""
    beside: dict[Point, frozenset[Point]] = {}
    found = set()
    for ring in rings:
        for number, point in enumerate(ring):
            pair = frozenset((ring[number - 1], ring[(number + 1) % len(ring)]))
            if beside.setdefault(point, pair) != pair:
                found.add(point)
    return found


def _arcs(ring: Ring, meeting: set[Point]) -> list[Arc]:
    cuts = [number for number, point in enumerate(ring) if point in meeting]
    if not cuts:
        # Two that share the whole ring, such as an enclave and what is around it, begin it at the same point.
        start = ring.index(min(ring))
        return [(*ring[start:], *ring[:start], ring[start])]
    turned = (*ring[cuts[0] :], *ring[: cuts[0]], ring[cuts[0]])
    ends = [cut - cuts[0] for cut in cuts] + [len(ring)]
    return [turned[a : b + 1] for a, b in pairwise(ends)]


def visvalingam(points: Sequence[Point], least: float) -> list[Point]:
    """The line without the points that matter least: those whose triangle with their neighbours is under `least`.

    The ends stay, and of a closed line at least a triangle.
    """
    keep = 4 if points[0] == points[-1] else 2
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    size = [abs(_turn(*points[n - 1 : n + 2])) / 2 if 0 < n < len(points) - 1 else 0.0 for n in range(len(points))]
    heap = [(size[number], number) for number in range(1, len(points) - 1)]
    heapq.heapify(heap)
    left, gone = len(points), [False] * len(points)
    while heap and left > keep:
        smallest, number = heapq.heappop(heap)
        if gone[number] or smallest != size[number]:
            continue
        if smallest >= least:
            break
        gone[number] = True
        left -= 1
        a, b = before[number], after[number]
        after[a], before[b] = b, a
        for one in (a, b):
            if 0 < one < len(points) - 1:
                # Never less than what went before it, or a curve would unravel from one end.
                fresh = abs(_turn(points[before[one]], points[one], points[after[one]])) / 2
                size[one] = max(fresh, smallest)
                heapq.heappush(heap, (size[one], one))
    return [point for number, point in enumerate(points) if not gone[number]]
