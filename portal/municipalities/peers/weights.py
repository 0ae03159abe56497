"""How much each measure counts, as an address says it: `?population=2&area=0`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.municipalities.peers.distance import EVEN, Measure, Weights

CHOICES = (0, 1, 2, 3)
"""Not at all, as the others, twice and three times as much."""


@dataclass(frozen=True)
class Asked:
    """The weights of an address, and what in it is none: (measure, what was written)."""

    weights: Weights
    wrong: Sequence[tuple[Measure, str]] = ()
    is_nothing: bool = False
    """All weights were 0; the even ones are taken instead."""

    @property
    def query(self) -> dict[str, int]:
        """What an address has to say for these weights: those that are not the usual ones."""
        return {one.value: int(self.weights[one]) for one in Measure if self.weights[one] != EVEN[one]}


def read(arguments: Mapping[str, str]) -> Asked:
    """The weights that an address asks for. One that cannot be counts as the usual one, and is named."""
    weights, wrong = dict(EVEN), []
    for measure in Measure:
        written = arguments.get(measure, "").strip()
        if written in map(str, CHOICES):
            weights[measure] = float(written)
        elif written:
            wrong.append((measure, written[:40]))
    if not any(weights.values()):
        return Asked(EVEN, wrong, is_nothing=True)
    return Asked(weights, wrong)
