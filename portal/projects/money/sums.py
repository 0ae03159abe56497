"""Money of a kind added up: never across currencies, kinds or states, and never with the total cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.projects.models import FundingKind, FundingState


@dataclass(frozen=True)
class Sum:
    """So many amounts of one kind, state and currency, together."""

    kind: FundingKind
    state: FundingState | None
    currency: str
    amount: Decimal
    count: int


def sums_of(funding: Iterable[Any]) -> Sequence[Sum]:
    """The sums of rows that have an amount, in the order of kinds and states; what has none counts in no sum."""
    found: dict[tuple[FundingKind, FundingState | None, str], list[Decimal]] = {}
    for one in funding:
        if one.amount is not None:
            found.setdefault((one.kind, one.state, one.currency), []).append(one.amount)
    sums = [Sum(*key, sum(amounts, Decimal(0)), len(amounts)) for key, amounts in found.items()]
    return sorted(sums, key=_place)


def _place(one: Sum) -> tuple[int, int, str]:
    states: list[FundingState | None] = [*FundingState, None]
    return list(FundingKind).index(one.kind), states.index(one.state), one.currency
