"""What is read out of a feed, as it passes from the process that reads to the one that stores."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

MOST_ITEMS = 200
MOST_CATEGORIES = 12
MOST_TRANSLATIONS = 5


class Unreadable(Exception):
    """Nothing is to be had from the body. `trouble` is a word of `models.Trouble`; `candidates` are feeds it names."""

    def __init__(self, trouble: str, detail: str = "", candidates: "Sequence[Candidate]" = ()) -> None:
        super().__init__(f"{trouble}: {detail}" if detail else trouble)
        self.trouble = trouble
        self.detail = detail
        self.candidates = tuple(candidates)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that a page names in its head."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed, in plain words. What it does not say is empty.

    `translations` are the addresses at which the entry itself says that it stands in another language.
    """

    link: str = ""
    guid: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    translations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed. `found` counts its items, of which at most `MOST_ITEMS` are here; `complaint`: what is wrong in it."""

    kind: str = ""
    title: str = ""
    link: str = ""
    language: str = ""
    ttl_s: int = 0
    found: int = 0
    complaint: str = ""
    items: tuple[Item, ...] = field(default_factory=tuple)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        plain = asdict(self)
        for item in plain["items"]:
            for name in ("published", "updated"):
                item[name] = item[name].isoformat() if item[name] else None
        return plain


def from_plain(plain: Mapping[str, Any]) -> Parsed:
    """The same again. It comes from a process that has read what a stranger wrote, so nothing is taken on trust."""
    items = tuple(_item(one) for one in plain["items"][:MOST_ITEMS])
    words = {name: str(plain[name])[:1000] for name in ("kind", "title", "link", "language", "complaint")}
    return Parsed(**words, ttl_s=int(plain["ttl_s"]), found=int(plain["found"]), items=items)


def _item(plain: Mapping[str, Any]) -> Item:
    words = {name: str(plain[name])[:2000] for name in ("link", "guid", "title", "text", "author", "language")}
    categories = tuple(str(one)[:200] for one in plain["categories"][:MOST_CATEGORIES])
    published, updated = (_moment(plain[name]) for name in ("published", "updated"))
    translations = tuple(str(one)[:2000] for one in plain["translations"][:MOST_TRANSLATIONS])
    return Item(**words, categories=categories, published=published, updated=updated, translations=translations)


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
