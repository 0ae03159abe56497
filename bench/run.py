"""What the portal does in a second, as ratios to a bare Flask application in the same run.

    make bench                              everything
    make bench ARGS="--rounds 1 --seconds 2 --sizes 1000"

Every round measures the yardstick and each page one after the other, so whatever else the machine
does falls on all of them; the ratio of a page is the median of its rounds' ratios.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from bench import feeds, search, servers
from portal.core import clock

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"
BROTLI = "Accept-Encoding: br"
CHANGES = 40
CHANGE_GOAL_S = 1.0
SEARCH_GOAL_MS = 25


@dataclass(frozen=True)
class Target:
    """A page to measure, and the ratio to the yardstick it has to reach."""

    name: str
    url: str
    goal: float | None = None
    headers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Pages to ask for in turn, below `url`; without them, `url` alone."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--sizes", default="1000,10000,50000", help="documents in the search index; empty for none")
    options = parser.parse_args()
    servers.require_wrk()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        _say("Loading the reference data")
        settings = servers.instance(Path(folder))
        pages = _pages(settings, options.rounds, options.seconds)
        _say("Saving changes and looking for them")
        changes = _changes(settings)
    _say("Reading and storing feeds")
    fed = [feeds.measure(options.rounds), feeds.pages_meanwhile()]
    found = []
    for size in filter(None, options.sizes.split(",")):
        _say(f"Searching {int(size):,} documents")
        found.append(search.measure(int(size)))
    report = _report(pages, changes, fed, found)
    _write(report)
    _say("\n" + report)


def _pages(settings: dict[str, str], rounds: int, seconds: int) -> list[tuple[Target, float, float]]:
    """Each target with its requests a second and its ratio to the yardstick."""
    uncached_settings = {**settings, "PORTAL_PAGE_CACHE": "off"}
    forgetful_settings = {**uncached_settings, "PORTAL_REMEMBER": "off"}
    with ExitStack() as stack:
        hello = Target("bare Flask “Hello, World!”", stack.enter_context(servers.serving("bench.hello:app", {}, "/")))
        cached = stack.enter_context(servers.serving("wsgi:app", settings, "/healthz"))
        uncached = stack.enter_context(servers.serving("wsgi:app", uncached_settings, "/healthz"))
        forgetful = stack.enter_context(servers.serving("wsgi:app", forgetful_settings, "/healthz"))
        targets = _targets(cached, uncached, forgetful)
        rates: dict[str, list[float]] = {target.name: [] for target in (hello, *targets)}
        for number in range(rounds):
            for target in (hello, *targets):
                _say(f"Round {number + 1} of {rounds}: {target.name}")
                rates[target.name].append(_rate(target, seconds))
    yardstick = rates[hello.name]
    return [
        (
            target,
            statistics.median(rates[target.name]),
            statistics.median(rate / base for rate, base in zip(rates[target.name], yardstick, strict=True)),
        )
        for target in (hello, *targets)
    ]


def _rate(target: Target, seconds: int) -> float:
    for path in target.paths or ("",):
        servers.fetch(f"{target.url}{path}")  # what is made once for all, such as a template, is no part of the page
    return servers.requests_a_second(target.url, seconds, *target.headers, paths=target.paths)


def _targets(cached: str, uncached: str, forgetful: str) -> list[Target]:
    """`uncached` renders each page; `forgetful` besides remembers nothing from one page to the next."""
    listing = "/en/projects"
    body, headers = servers.fetch(f"{cached}{listing}")
    projects = tuple(dict.fromkeys(re.findall(r'href="(/en/projects/[a-z0-9-]+)"', body)))
    theme = re.search(r"[?&](?:amp;)?theme=([a-z-]+)", body)
    if not projects or theme is None:
        sys.exit(f"{listing} shows no project or no theme")
    return [
        Target(
            "project list from the page cache, as browsers ask for it (Brotli)", f"{cached}{listing}", 2.5, (BROTLI,)
        ),
        Target(f"the same, not packed ({len(body.encode()) // 1000} kB)", f"{cached}{listing}"),
        Target("the same, 304", f"{cached}{listing}", 2.5, (f"If-None-Match: {headers['ETag']}",)),
        Target("project list, not cached (20 rows, filters, counts)", f"{uncached}{listing}", 0.06),
        Target("the same, filtered by a theme", f"{uncached}{listing}?theme={theme[1]}"),
        Target("project list, nothing remembered", f"{forgetful}{listing}"),
        Target(f"project page, not cached ({len(projects)} in turn)", uncached, 0.08, paths=projects),
        Target("project page, nothing remembered", forgetful, paths=projects),
        Target("front page, not cached", f"{uncached}/en/"),
        Target("front page, nothing remembered", f"{forgetful}/en/"),
        Target("search results, two words, not cached", f"{uncached}/en/search?q=smart+energy"),
    ]


def _changes(settings: dict[str, str]) -> list[float]:
    """How many seconds pass from a commit until the worker's index shows it on the page of results."""
    from portal import create_app  # after the settings are known
    from portal.core.db import db, transaction
    from portal.news.models import Article
    from portal.search.outbox import touch

    app = create_app(settings)
    waits = []
    with servers.running(servers.worker(), settings), servers.serving("wsgi:app", settings, "/healthz") as address:
        for number in range(CHANGES + 1):
            word = f"x{uuid4().hex[:12]}"
            with app.app_context(), transaction():
                article = db.session.query(Article).order_by(Article.id).first()
                if article is None:
                    sys.exit("the reference data has no article")
                article.title_en = f"{word} in the title"
                article.title_da = ""
                touch("article", article.id)
            saved = time.perf_counter()
            while word not in servers.fetch(f"{address}/en/search?q={word}")[0].partition('class="hit')[2]:
                if time.perf_counter() - saved > servers.PATIENCE_S:
                    sys.exit("a saved change was not found")
                time.sleep(0.01)
            if number:  # the first waits for the worker to start
                waits.append(time.perf_counter() - saved)
    return waits


def _report(
    pages: Sequence[tuple[Target, float, float]], waits: Sequence[float], fed: Sequence[str], found: Sequence[str]
) -> str:
    p95 = statistics.quantiles(waits, n=20)[-1]
    measured = (
        f"Measured on {clock.today().isoformat()}, {servers.machine()}; Granian with one worker and one thread, "
        "wrk with 16 connections on the same machine."
    )
    found_after = (
        f"A saved change is found after {statistics.median(waits) * 1000:.0f} ms (p50), {p95 * 1000:.0f} ms (p95) of "
        f"{len(waits)} saves; goal p95 ≤ {CHANGE_GOAL_S * 1000:.0f} ms: {'met' if p95 <= CHANGE_GOAL_S else 'missed'}."
    )
    lines = [
        BEGIN,
        measured,
        "",
        "| page | requests a second | ratio | goal |",
        "|---|---:|---:|---|",
        *(f"| {target.name} | {rate:,.0f} | {ratio:.2f} | {_goal(target, ratio)} |" for target, rate, ratio in pages),
        "",
        found_after,
        "",
        *(f"- {line}" for line in fed),
        "",
        f"Search, two words, all facets, twenty excerpts, engine time (goal p95 ≤ {SEARCH_GOAL_MS} ms at 10,000):",
        "",
        *(f"- {line.strip()}" for line in found),
        END,
    ]
    return "\n".join(lines)


def _goal(target: Target, ratio: float) -> str:
    if target.goal is None:
        return ""
    return f"≥ {target.goal:g}: {'met' if ratio >= target.goal else 'missed'}"


def _write(report: str) -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{report}{after}", encoding="utf-8")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
