"""What we have written ourselves. Slices above register it from `portal.app`; feeds import none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

Teller = Callable[[datetime], "Sequence[Own]"]
"""What a slice has published, or is about to, since a moment."""

_tellers: dict[str, Teller] = {}


@dataclass(frozen=True, slots=True)
class Own:
    """A thing of ours that tells a story. A text in two languages is two of these. `urls`: where it is or came from."""

    kind: str
    id: int
    title: str
    text: str = ""
    urls: tuple[str, ...] = ()


def register(kind: str, teller: Teller) -> None:
    """Let a kind of thing count as ours. Registering it again replaces its teller."""
    _tellers[kind] = teller


def since(moment: datetime) -> list[Own]:
    """Everything of ours since then."""
    return [own for teller in _tellers.values() for own in teller(moment)]
