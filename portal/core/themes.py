"""What projects, partners, news and data are about."""

from collections.abc import Iterable
from enum import StrEnum


class Theme(StrEnum):
    ENERGY = "energy"
    HEAT = "heat"
    MOBILITY = "mobility"
    WATER = "water"
    BUILDINGS = "buildings"
    WASTE = "waste"
    DATA = "data"
    HEALTH = "health"
    GOVERNANCE = "governance"
    PLANNING = "planning"
    CLIMATE = "climate"


_PLACE = {theme: place for place, theme in enumerate(Theme)}


def in_order(themes: Iterable[Theme]) -> list[Theme]:
    """The themes in the order of the list above."""
    return sorted(themes, key=_PLACE.__getitem__)


def by_owner(ids: Iterable[int], pairs: Iterable[tuple[int, Theme]]) -> dict[int, list[Theme]]:
    """Each id with its themes in order, from (id, theme) pairs."""
    found: dict[int, list[Theme]] = {owner: [] for owner in ids}
    for owner, theme in pairs:
        found[owner].append(theme)
    return {owner: in_order(themes) for owner, themes in found.items()}
