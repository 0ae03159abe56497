"""What the words of projects.csv and project_participants.csv mean here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.tables import own_words
from portal.core.themes import Theme
from portal.projects.models import Barrier, FundingState, MunicipalityRole, Role, State

THEMES: Mapping[str, Theme] = {
    **own_words(Theme),
    "resources": Theme.WASTE,
}

BARRIERS: Mapping[str, Barrier] = {
    **own_words(Barrier),
    "data access": Barrier.DATA_ACCESS,
    "legislation/regulation": Barrier.LEGISLATION,
}


@dataclass(frozen=True, slots=True)
class StateWord:
    """A state, and the source's own words where no state says the same."""

    state: State | None
    source_words: str = ""

    def __str__(self) -> str:
        return self.state or self.source_words


STATES: Mapping[str, StateWord] = {
    **{state.value: StateWord(state) for state in State},
    "open-ended or end unknown": StateWord(None, "open-ended or end unknown"),
    "running or planned": StateWord(None, "running or planned"),
}


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A role, and the source's own word where it says more than the role or where no role fits."""

    role: Role | None
    source_word: str = ""

    def __str__(self) -> str:
        return self.source_word or self.role or ""


ROLES: Mapping[str, RoleWord] = {
    **{role.value: RoleWord(role) for role in Role},
    "lead": RoleWord(Role.COORDINATOR),
    "participant": RoleWord(Role.PARTNER),
    "co-funder": RoleWord(Role.FUNDER, "co-funder"),
    "supplier": RoleWord(Role.CONTRACTOR, "supplier"),
    "supporting": RoleWord(Role.ASSOCIATE, "supporting"),
    # Leads the Danish part only: the project's one coordinator is somebody else.
    "Danish coordinator": RoleWord(Role.PARTNER, "Danish coordinator"),
    "demo site": RoleWord(Role.PARTNER, "demo site"),
    "facilitator": RoleWord(Role.PARTNER, "facilitator"),
    "host": RoleWord(Role.PARTNER, "host"),
    "operator": RoleWord(Role.PARTNER, "operator"),
    "problem owner": RoleWord(Role.PARTNER, "problem owner"),
    "project management": RoleWord(Role.PARTNER, "project management"),
    "secretariat": RoleWord(Role.PARTNER, "secretariat"),
    "steering chair": RoleWord(Role.PARTNER, "steering chair"),
    # Decides about the project without taking part in it: none of our roles says that.
    "authority": RoleWord(None, "authority"),
}

MUNICIPALITY_ROLES: Mapping[str, MunicipalityRole] = {
    Role.COORDINATOR: MunicipalityRole.LEAD,
    "demo site": MunicipalityRole.DEMONSTRATION_SITE,
}
"""What a role of a municipality's own organisation says about the municipality. Other roles do not say
whether the project takes place there, so they say nothing."""

FUNDING_STATES: tuple[tuple[str, FundingState | None], ...] = (
    ("applied for", FundingState.APPLIED),
    ("proposed", None),
    ("", FundingState.GRANTED),
)
"""The first phrase that a project's note holds tells what its grant amount is; without one it was granted."""

_GRANT_NUMBER = re.compile(r"\bgrant ([\w/-]*\d[\w/-]*)|\b(LIFE\d\d[ -]IPC[\w/ -]*\d)")


def grant_number(programme: str) -> str:
    """The number of the grant where the programme's name tells it."""
    found = _GRANT_NUMBER.search(programme)
    return next((part for part in found.groups() if part), "")[:60] if found else ""


# --- Project names: one column, one language

_DANISH = re.compile(
    r"[æøå]|\b(?:og|af|til|med|den|det|der|som)\b|\b(?:energi(?!es|z|s)|klima|lokal(?!e)|databaseret|strategisk)\w*",
    re.IGNORECASE,
)
_BOTH = re.compile(r"(.+\S)\s+\(([^()]+)\)")
_SUBTITLE = re.compile(r"(.+?\S)\s+[-–]\s+(\S.+)")


@dataclass(frozen=True, slots=True)
class Titles:
    """A project's name in the language or languages that its source gives it in."""

    da: str = ""
    en: str = ""

    def __str__(self) -> str:
        return f"{self.da}\n{self.en}"


def titles(name: str) -> Titles:
    """Sort a name by language.

    `Danish name (English name)`, or the other way round, holds both. Otherwise the subtitle
    decides where there is one. Names that are no Danish words, such as acronyms and brands,
    count as English: they are international, and the Danish page says so.
    """
    if found := _BOTH.fullmatch(name):
        first, second = found.groups()
        if is_danish(first) != is_danish(second):
            return Titles(first, second) if is_danish(first) else Titles(second, first)
    if found := _SUBTITLE.fullmatch(name):
        head, subtitle = found.groups()
        name = f"{head} – {subtitle}"
        return Titles(da=name) if is_danish(subtitle) else Titles(en=name)
    return Titles(da=name) if is_danish(name) else Titles(en=name)


def is_danish(text: str) -> bool:
    """Whether a title shows Danish letters or common Danish words."""
    return _DANISH.search(text) is not None
