"""Who works with whom: municipalities and partners, tied where they take part in the same project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, product


class Side(StrEnum):
    """What a member of the graph is."""

    MUNICIPALITY = "municipality"
    PARTNER = "partner"


Key = tuple[Side, int]
"""A member by its side and its id."""

Tie = tuple[Key, Key]
"""Two members, in order."""


@dataclass
class Member:
    """A municipality or a partner: the projects it takes part in, and with whom it shares which of them."""

    key: Key
    projects: set[int] = field(default_factory=set)
    shared: dict[Key, set[int]] = field(default_factory=dict)

    @property
    def weight(self) -> tuple[int, int]:
        """By what the ones are chosen that the picture has room for."""
        return len(self.shared), len(self.projects)


def members(taking_part: Iterable[tuple[int, Key]]) -> Mapping[Key, Member]:
    """The members with their ties, made of (project, who takes part in it).

    A municipality is tied to the partners of its projects. Two municipalities are tied only by a project that has no
    partner: otherwise a programme for all would tie everybody to everybody, and those two meet at the partner.
    """
    of: dict[int, set[Key]] = {}
    for project, key in taking_part:
        of.setdefault(project, set()).add(key)
    found: dict[Key, Member] = {}
    for project, keys in of.items():
        for key in keys:
            found.setdefault(key, Member(key)).projects.add(project)
        for one, other in _tied(sorted(keys)):
            found[one].shared.setdefault(other, set()).add(project)
            found[other].shared.setdefault(one, set()).add(project)
    return {key: found[key] for key in sorted(found)}


def _tied(keys: list[Key]) -> Iterable[Tie]:
    places = [key for key in keys if key[0] is Side.MUNICIPALITY]
    partners = [key for key in keys if key[0] is Side.PARTNER]
    return product(places, partners) if partners else combinations(places, 2)


def shown(all_of_them: Mapping[Key, Member], room: int) -> list[Member]:
    """Those with most ties, as many as there is room for; who is tied to nobody is not drawn."""
    tied = [one for one in all_of_them.values() if one.shared]
    chosen = sorted(tied, key=lambda one: one.weight, reverse=True)[:room]
    return sorted(chosen, key=lambda one: one.key)
