"""Which partners, projects and municipalities a text names, to be suggested to whoever links it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.core.bilingual import Language
from portal.core.generations import remembered
from portal.core.permissions import VISITOR, Actor
from portal.core.richtext import plain
from portal.search import names
from portal.search.mentions import Dictionary


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that a text names: `name` is what it is called, `matched` how the text says it."""

    kind: str
    id: int
    name: str
    matched: str


def find(text: str, language: Language | None = None, actor: Actor = VISITOR) -> list[Suggestion]:
    """What a text in Markdown or plain words names, in the order in which it does; only what the actor may see.

    `language` is that of the suggestions' names (default: the page's); names of both languages are found.
    """
    return find_in_each([text], language, actor)[0]


def find_in_each(
    texts: Sequence[str], language: Language | None = None, actor: Actor = VISITOR
) -> list[list[Suggestion]]:
    """What each of many texts names, as `find`; what the actor may see is asked once for all of them."""
    known = names.all_kinds()
    dictionary = remembered("mentions", _dictionary)
    asked: set[tuple[str, int]] = set()

    def note(pairs: set[tuple[str, int]]) -> set[tuple[str, int]]:
        asked.update(pairs)
        return set()

    plain_texts = [plain(text) for text in texts]
    for text in plain_texts:
        dictionary.mentions(text, note)
    allowed = set(_admitted(asked, actor))
    return [
        [
            Suggestion(one.kind, one.id, known[one.kind].entries()[one.id].title(language), one.matched)
            for one in dictionary.mentions(text, allowed.intersection)
        ]
        for text in plain_texts
    ]


def _admitted(asked: set[tuple[str, int]], actor: Actor) -> Iterator[tuple[str, int]]:
    for kind, one in names.all_kinds().items():
        ids = {id_ for of_kind, id_ in asked if of_kind == kind}
        yield from ((kind, id_) for id_ in (one.source.visible(ids, actor) if ids else ()))


def _dictionary() -> Dictionary:
    return Dictionary({kind: one.entries().values() for kind, one in names.all_kinds().items()})
