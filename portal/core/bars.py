"""How long work tells how far it has come: a bar in a terminal, plain lines elsewhere, always on stderr."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DatabaseError

from portal.core.intake import Advance


class Bars:
    """One bar a name. `begin` says what is to come and returns what to call as it is done."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.console = console
        self.progress = Progress(*columns, console=console, disable=not console.is_terminal)

    def begin(self, totals: Mapping[str, int]) -> Advance:
        tasks = {name: self.progress.add_task(name, total=total) for name, total in totals.items()}
        left = dict(totals)

        def advance(name: str, done: int) -> None:
            self.progress.advance(tasks[name], done)
            left[name] -= done
            if left[name] <= 0 and not self.console.is_terminal:
                self.console.print(f"{name}: {totals[name]}", markup=False, highlight=False)

        return advance


def first_line(error: DatabaseError) -> str:
    """What the database complains of, in one line."""
    return str(error.orig).strip().splitlines()[0].rstrip(".")


@contextmanager
def bars() -> Iterator[Bars]:
    """Bars for the length of a block."""
    shown = Bars(Console(file=sys.stderr, stderr=True))
    with shown.progress:
        yield shown
