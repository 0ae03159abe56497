"""`flask search`: build the index anew, bring it up to date, compare it with the database."""

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from portal.search import indexer, queries


@click.group("search")
def search() -> None:
    """The search index."""


@search.command("rebuild")
@click.option("--if-missing", is_flag=True, help="Only when there is no index that can be used.")
@with_appcontext
def rebuild(*, if_missing: bool) -> None:
    """Build the index beside the live one, then swap."""
    if if_missing and queries.state().state == "ready":
        click.echo("The search index is there and in order.")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Search index", total=None)
        try:
            written = indexer.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
        except indexer.Busy as busy:
            raise click.ClickException(f"{busy}; try again when it is done") from None
    click.echo(f"The search index holds {written} documents.")


@search.command("sync")
@with_appcontext
def sync() -> None:
    """Take in every change that waits."""
    taken = indexer.sync(wait=indexer.WAIT)
    click.echo(f"{taken} changes taken in.")


@search.command("check")
@with_appcontext
def check() -> None:
    """Compare index and database; exit 1 when they differ."""
    found = indexer.check()
    if found.problem:
        click.echo(f"The index cannot be used: {found.problem}.")
    for name, keys in (
        ("missing in the index", found.missing),
        ("in the index only", found.surplus),
        ("outdated in the index", found.outdated),
    ):
        for key in keys:
            click.echo(f"{key}: {name}")
    click.echo(f"{len(found.keys)} differences, {found.pending} changes waiting.")
    if found:
        raise click.exceptions.Exit(1)
