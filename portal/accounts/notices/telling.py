"""How notices are put into words: by whoever knows the things they are about, for what the account may see now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.accounts.notices.models import Notice
from portal.core.bilingual import Language, speaking
from portal.core.permissions import Actor


@dataclass(frozen=True)
class Place:
    """A page that words lead to; the anchor names a spot on it."""

    endpoint: str
    values: Mapping[str, Any]
    anchor: str = ""


@dataclass(frozen=True)
class Told:
    """One notice in words: what it happened in, what happened, and where to look."""

    group: str
    line: str
    place: Place


@dataclass
class Group:
    """What is told of one thing; the newest first."""

    title: str
    items: list[tuple[Notice, Told]] = field(default_factory=list)

    @property
    def newest(self) -> datetime:
        return self.items[0][0].at


Teller = Callable[[Sequence[Notice], Actor], Mapping[int, Told]]
"""Notices of one kind of subject → their words by notice id. What the actor may not see (any more) is left out."""

_tellers: dict[str, Teller] = {}


def register(subject_kind: str, teller: Teller) -> None:
    """Let a slice tell of its own things."""
    _tellers[subject_kind] = teller


def told(notices: Sequence[Notice], actor: Actor, language: Language) -> list[Group]:
    """The notices in the reader's language, grouped by what they are about."""
    words: dict[int, Told] = {}
    with speaking(language):
        for kind, teller in _tellers.items():
            mine = [one for one in notices if one.subject_kind == kind]
            if mine:
                words.update(teller(mine, actor))
    groups: dict[tuple[str, int], Group] = {}
    for notice in sorted(notices, key=lambda one: (one.at, one.id), reverse=True):
        if found := words.get(notice.id):
            group = groups.setdefault((notice.subject_kind, notice.subject_id), Group(found.group))
            group.items.append((notice, found))
    return sorted(groups.values(), key=lambda group: group.newest, reverse=True)
