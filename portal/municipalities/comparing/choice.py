"""Which municipalities an address wants side by side: `?m=vejle&m=kolding`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

LEAST, MOST = 2, 6


@dataclass(frozen=True)
class Choice:
    """The municipalities that are compared, and what of the address is not taken."""

    chosen: Sequence[str]
    unknown: Sequence[str] = ()
    twice: Sequence[str] = ()
    too_many: Sequence[str] = ()

    @property
    def is_enough(self) -> bool:
        return len(self.chosen) >= LEAST

    @property
    def is_full(self) -> bool:
        return len(self.chosen) >= MOST

    def url(self, path: str) -> str:
        return f"{path}?{urlencode([('m', slug) for slug in self.chosen])}" if self.chosen else path

    def without(self, slug: str, path: str) -> str:
        return Choice([one for one in self.chosen if one != slug]).url(path)

    def with_one(self, slug: str, path: str) -> str:
        return Choice([*self.chosen, slug]).url(path)


def read(wanted: Iterable[str], known: Mapping[str, object]) -> Choice:
    """What an address asks for, in its order: each once, those that there are, and not more than fit side by side."""
    asked = [one.strip() for one in wanted if one.strip()]
    first = list(dict.fromkeys(asked))
    there = [slug for slug in first if slug in known]
    return Choice(
        there[:MOST],
        [slug[:60] for slug in first if slug not in known][:MOST],
        [slug for slug in there if asked.count(slug) > 1],
        there[MOST:],
    )
