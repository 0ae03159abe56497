"""What the words of partners.csv mean here."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.partners.models import PartnerType


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A type, and the source's own word where that is another one."""

    type: PartnerType
    source_word: str = ""

    def __str__(self) -> str:
        return self.type


TYPES: Mapping[str, TypeWord] = {
    **{type.value: TypeWord(type) for type in PartnerType},
    "NGO": TypeWord(PartnerType.ASSOCIATION, "NGO"),
    "research": TypeWord(PartnerType.RESEARCH_INSTITUTE, "research"),
}
