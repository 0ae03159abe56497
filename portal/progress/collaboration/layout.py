"""Where the members of a graph stand in its picture: a simple model of springs, the same at every run."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

ROUNDS = 260
GRAVITY = 0.04
APART = 26.0
"""How near two may come in the end, in units of the picture."""

GOLDEN = np.pi * (3 - np.sqrt(5))


def placed(
    count: int,
    ties: Collection[tuple[int, int]],
    begins: Sequence[tuple[float, float] | None],
    width: int,
    height: int,
    margin: int,
) -> list[tuple[int, int]]:
    """A place for each of `count` members. Members that have a place in the country begin there; others at their ties'.

    Nothing is drawn by lot: equal input gives an equal picture.
    """
    if not count:
        return []
    tied = np.zeros((count, count))
    for one, other in ties:
        tied[one, other] = tied[other, one] = 1.0
    points = _spring(_start(count, tied, begins), tied)
    return [(round(x), round(y)) for x, y in _apart(_fitted(points, width, height, margin), width, height, margin)]


def _start(count: int, tied: Points, begins: Sequence[tuple[float, float] | None]) -> Points:
    """Places between 0 and 1. A spiral parts those that would begin in one point."""
    turn = np.arange(count) * GOLDEN
    spiral = np.column_stack([np.cos(turn), np.sin(turn)]) * np.sqrt((np.arange(count) + 0.5) / count)[:, None]
    points = 0.5 + 0.35 * spiral
    known = np.array([begin is not None for begin in begins], dtype=bool)
    if known.any():
        places = np.array([begin for begin in begins if begin is not None], dtype=float)
        low, span = places.min(axis=0), np.ptp(places, axis=0).max() or 1.0
        points[known] = (places - low) / span
        weights = tied * known
        near = weights.sum(axis=1)
        drawn = ~known & (near > 0)
        points[drawn] = (weights @ points)[drawn] / near[drawn, None] + 0.03 * spiral[drawn]
    return points


def _spring(points: Points, tied: Points) -> Points:
    """Fruchterman and Reingold: all push one another away, ties pull, and the steps grow smaller."""
    count = len(points)
    ideal = 0.9 / np.sqrt(count)
    # A tie of somebody with many pulls less: otherwise they gather in one heap.
    degrees = np.maximum(tied.sum(axis=1), 1)
    pull = tied / np.sqrt(np.minimum.outer(degrees, degrees))
    x, y = points.T.copy()
    for step in np.linspace(0.08, 0.002, ROUNDS):
        apart_x, apart_y = x[:, None] - x, y[:, None] - y
        square = np.maximum(apart_x**2 + apart_y**2, 1e-8)
        force = ideal**2 / square - pull * np.sqrt(square) / ideal
        move_x = (apart_x * force).sum(axis=1) - GRAVITY * (x - x.mean()) / ideal
        move_y = (apart_y * force).sum(axis=1) - GRAVITY * (y - y.mean()) / ideal
        length = np.maximum(np.hypot(move_x, move_y), 1e-9)
        taken = np.minimum(length, step) / length
        x, y = x + move_x * taken, y + move_y * taken
    return np.column_stack([x, y])


def _fitted(points: Points, width: int, height: int, margin: int) -> Points:
    """The points over the whole picture, each direction stretched by itself."""
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    room = np.array([width - 2 * margin, height - 2 * margin], dtype=float)
    inside = np.where(span > 1e-9, (points - low) / np.where(span > 1e-9, span, 1.0), 0.5)
    return margin + inside * room


def _apart(points: Points, width: int, height: int, margin: int) -> Points:
    """Push apart those that would lie on one another."""
    edge = np.array([width - margin, height - margin], dtype=float)
    for _round in range(60):
        apart = points[:, None, :] - points[None, :, :]
        distance = np.linalg.norm(apart, axis=2)
        np.fill_diagonal(distance, np.inf)
        short = np.clip(APART - distance, 0.0, None)
        if not short.any():
            break
        move = (apart / np.maximum(distance, 1e-6)[:, :, None] * short[:, :, None] / 2).sum(axis=1)
        points = np.clip(points + move, margin, edge)
    return points
