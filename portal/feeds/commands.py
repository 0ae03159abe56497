"""`flask feeds`: fetching what is due or what is named, and adding a feed with a look at what it would bring."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from portal.core import clock
from portal.core.bars import bars
from portal.core.db import db, transaction
from portal.core.errors import DomainError, Invalid
from portal.core.permissions import SYSTEM
from portal.feeds import operations
from portal.feeds.fetching import claims
from portal.feeds.fetching.rounds import Fetcher, run_due
from portal.feeds.fetching.store import Outcome
from portal.feeds.models import RUNNING, Feed, FeedState
from portal.feeds.operations import Details
from portal.partners.models import Partner

WIDE = 44


@click.group("feeds")
def feeds() -> None:
    """Other people's news feeds."""


@feeds.command("fetch")
@click.option("--all", "everything", is_flag=True, help="Every running feed, whether it is due or not.")
@click.option("--feed", "feed_id", type=int, help="This feed, whether it is due or not.")
@with_appcontext
def fetch(*, everything: bool, feed_id: int | None) -> None:
    """Fetch the feeds that are due, or all, or one. Only feeds that a curator has approved are fetched."""
    chosen = _one(feed_id) if feed_id is not None else _running() if everything else None
    failed = 0
    click.echo(f"{'':{WIDE}}{'new':>6}{'waiting':>9}{'changed':>9}")
    with Fetcher() as fetcher, bars() as shown:
        if chosen is None:
            count = run_due(fetcher, _tell)
        else:
            count = 0
            advance = shown.begin({"feeds": len(chosen)})
            for one in chosen:
                claimed = claims.claim(one, now=clock.now())
                outcome = fetcher.run(claimed) if claimed else None
                if outcome is None:
                    click.echo(f"feed {one} is being fetched by somebody else", err=True)
                else:
                    _tell(outcome)
                    count += 1
                    failed += outcome.trouble is not None
                advance("feeds", 1)
    click.echo(f"{count} feeds fetched.")
    if failed and feed_id is not None:
        raise click.exceptions.Exit(1)


@feeds.command("add")
@click.argument("url")
@click.option("--partner", "slug", required=True, help="The slug of the partner whose news it brings.")
@with_appcontext
def add(url: str, slug: str) -> None:
    """Suggest the feed at URL, or the one that the site at URL names, and show what it would bring."""
    partner_id = db.session.scalar(select(Partner.id).where(Partner.slug == slug, Partner.merged_into_id.is_(None)))
    if partner_id is None:
        raise click.ClickException(f"There is no partner {slug!r}.")
    try:
        with transaction():
            feed = operations.suggest(Details(url), partner_id, actor=SYSTEM, now=clock.now())
    except Invalid as wrong:
        raise click.ClickException(f"{url} {wrong.reason}.") from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    claimed = claims.claim(feed.id, now=clock.now(), is_test=True)
    if claimed is not None:
        with Fetcher() as fetcher:
            fetcher.run(claimed)
    _report(feed.id)


def _one(feed_id: int) -> list[int]:
    feed = db.session.get(Feed, feed_id)
    if feed is None:
        raise click.ClickException(f"There is no feed {feed_id}.")
    if not feed.is_running:
        raise click.ClickException(
            f"Feed {feed_id} is {feed.state}: only feeds that a curator has approved are fetched."
        )
    return [feed_id]


def _running() -> list[int]:
    return list(db.session.scalars(select(Feed.id).where(Feed.state.in_(RUNNING)).order_by(Feed.id)))


def _tell(outcome: Outcome) -> None:
    name = f"{outcome.feed_id} {outcome.title}"[: WIDE - 1]
    if outcome.trouble:
        click.echo(f"{name:{WIDE}}{outcome.trouble}: {outcome.detail}")
    else:
        click.echo(f"{name:{WIDE}}{outcome.new:6}{outcome.waiting:9}{outcome.refreshed:9}")


def _report(feed_id: int) -> None:
    feed = db.session.get_one(Feed, feed_id, populate_existing=True)
    report = feed.test_report or {}
    click.echo(f"Feed {feed.id}: {feed.url}")
    for one in report.get("candidates", ()):
        click.echo(f"  named by the page: {one['url']} {one['title']}")
    if trouble := report.get("trouble"):
        click.echo(f"  {trouble}: {report['detail']}")
        raise click.exceptions.Exit(1)
    for one in report.get("entries", ()):
        day = (one["published_at"] or "no date")[:10]
        click.echo(f"  {day:10}  {one['title']}" + (f"  [{one['passed']}]" if one["passed"] else ""))
    click.echo(f"  {report.get('found', 0)} entries, {report.get('waiting', 0)} would wait for the editors.")
    if feed.state is FeedState.TESTED:
        where = current_app.config["PORTAL_BASE_URL"]
        click.echo(f"Nothing was taken in: a curator approves the feed at {where}/staff.")
