"""How long a page of search results takes at several sizes: `python -m bench.search [--sizes 1000,10000]`.

Fills a portal of its own by `flask demo generate`, builds the index by `flask search rebuild` and asks
two words of one article at a time, with all facets and twenty highlighted excerpts, as the page does.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from bench import servers
from portal import create_app
from portal.core.db import read
from portal.news.models import Article
from portal.search import queries

QUERIES = 300
SEED = 7


def measure(articles: int, seed: int = SEED) -> str:
    """What was measured, in one line: milliseconds at the median and the 95th percentile."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        settings = servers.empty_instance(Path(folder))
        command = f"demo generate --partners 200 --projects 100 --articles {articles} --seed {seed}"
        servers.flask(settings, *command.split())
        started = time.perf_counter()
        servers.flask(settings, "search", "rebuild")
        built = time.perf_counter() - started
        cold, warm = _ask(settings, random.Random(seed))
    return (
        f"{articles:>7,} articles: index built in {built:.0f} s; "
        f"first time asked {_spread(cold)}; asked again {_spread(warm)}"
    )


def _ask(settings: dict[str, str], chance: random.Random) -> tuple[list[float], list[float]]:
    """Milliseconds of each query, asked once and asked again."""

    def took(text: str) -> float:
        return queries.search(text, language="da").took_ms

    app = create_app(settings)
    with app.app_context():
        asked = _two_words(chance)
        took("energi data")  # opens the index
        return [took(text) for text in asked], [took(text) for text in asked]


def _two_words(chance: random.Random) -> list[str]:
    """Queries of two words that stand in one article's title and standfirst."""

    texts = read(select(Article.title_da, Article.standfirst_da).where(Article.title_da != "")).all()
    asked: dict[str, None] = {}
    while len(asked) < QUERIES:
        words = set(re.findall(r"[a-zæøå]{4,}", " ".join(chance.choice(texts)).lower()))
        if len(words) > 1:
            asked[" ".join(chance.sample(sorted(words), 2))] = None
    return list(asked)


def _spread(times: Sequence[float]) -> str:
    return f"p50 {statistics.median(times):.1f} ms, p95 {_p95(times):.1f} ms"


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    for size in options.sizes.split(","):
        print(measure(int(size), options.seed), flush=True)


if __name__ == "__main__":
    main()
