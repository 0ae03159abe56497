"""Filters and their counts over columns held in arrays: what a page costs does not grow with its facets."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from portal.search.engines.base import DIMENSIONS, Filters

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Vocabulary:
    """Numbers for the values of one dimension. Only grows, so numbers stay valid across index generations."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.values: list[str] = []

    def number(self, value: str) -> int:
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]

    def known(self, values: Iterable[str]) -> list[int]:
        return [self._numbers[value] for value in values if value in self._numbers]


class Column:
    """A dimension of many documents: pairs of document number and value number."""

    def __init__(self, documents: Sequence[int] | Ints, values: Sequence[int] | Ints) -> None:
        self.documents = np.asarray(documents, dtype=np.int64)
        self.values = np.asarray(values, dtype=np.int64)

    @classmethod
    def joined(cls, parts: Sequence[tuple[int, "Column"]]) -> "Column":
        """Several columns behind each other; each comes with the number of its first document."""
        if not parts:
            return cls([], [])
        return cls(
            np.concatenate([column.documents + first for first, column in parts]),
            np.concatenate([column.values for _, column in parts]),
        )

    def having(self, numbers: Sequence[int], size: int) -> Mask:
        """Which documents have one of the values."""
        mask = np.zeros(size, dtype=np.bool_)
        mask[self.documents[np.isin(self.values, np.asarray(numbers, dtype=np.int64))]] = True
        return mask

    def counts(self, among: Mask, size: int) -> Ints:
        """For each value, how many of the documents have it."""
        counted: Ints = np.bincount(self.values[among[self.documents]], minlength=size)
        return counted


def filter_and_count(
    matched: Mask, filters: Filters, columns: Mapping[str, Column], vocabularies: Mapping[str, Vocabulary]
) -> tuple[Mask, dict[str, dict[str, int]]]:
    """The documents that pass all filters, and the counts of each dimension under the others' filters."""
    size = len(matched)
    passing = {
        dimension: columns[dimension].having(vocabularies[dimension].known(filters.of(dimension)), size)
        for dimension in DIMENSIONS
        if filters.of(dimension)
    }
    counts = {}
    for dimension in DIMENSIONS:
        among = _all_of(matched, [mask for name, mask in passing.items() if name != dimension])
        values = vocabularies[dimension].values
        numbers = columns[dimension].counts(among, len(values))
        counts[dimension] = {values[number]: int(numbers[number]) for number in np.flatnonzero(numbers)}
    return _all_of(matched, list(passing.values())), counts


def _all_of(matched: Mask, masks: Sequence[Mask]) -> Mask:
    result = matched
    for mask in masks:
        result = result & mask
    return result
