"""How long a page of search results takes at several sizes: `python -m bench.search [--sizes 1000,10000]`.

Builds an index of synthetic bilingual articles from a seed and asks two-word queries with all
facets and twenty excerpts. Words are drawn by Zipf's law, as in real texts.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from portal.core.themes import Theme
from portal.search.documents import Document
from portal.search.engines.base import Filters, Request
from portal.search.engines.whoosh import WhooshEngine
from portal.search.highlight import Marker
from portal.search.query import parse

THEMES = [theme.value for theme in Theme]
SYLLABLES = re.findall(r"\w+", "ba de fjern varme lys net by sko le hav vind mo tor kom mune plan rå data en er gi sol")
VOCABULARY = 20_000
QUERIES = 300


def vocabulary(chance: random.Random) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(words)


def documents(number: int, chance: random.Random, words: Sequence[str]) -> Iterator[Document]:
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length)).capitalize()

    for one in range(number):
        day = date(2015, 1, 1) + timedelta(days=chance.randrange(4000))
        yield Document(
            kind=chance.choice(["article", "article", "article", "project", "webinar"]),
            id=one,
            version=1,
            path=f"/news/{one}",
            title_da=text(7),
            title_en=text(7),
            summary_da=text(30),
            summary_en=text(30),
            body_da=text(200),
            body_en=text(200),
            themes=tuple(chance.sample(THEMES, 2)),
            partners=tuple(f"partner-{chance.randrange(215)}" for _ in range(3)),
            municipalities=(f"municipality-{chance.randrange(98)}",),
            years=(day.year,),
            date=day,
        )


def measure(number: int, seed: int) -> str:
    chance = random.Random(seed)
    words = vocabulary(chance)
    with tempfile.TemporaryDirectory() as folder:
        engine, at = WhooshEngine(), Path(folder) / "index"
        started = time.perf_counter()
        writer = engine.create(at)
        for document in documents(number, chance, words):
            writer.put(document)
        writer.commit()
        built = time.perf_counter() - started
        started = time.perf_counter()
        reader = engine.open(at)
        opened = time.perf_counter() - started
        size = sum(engine.files(at).values()) / 1e6
        # Asked words are those people know: the more frequent part of the vocabulary, each query once.
        asked = [" ".join(chance.sample(words[:4000], 2)) for _ in range(QUERIES)]
        cold = [_page_ms(reader, text) for text in asked]
        warm = [_page_ms(reader, text) for text in asked]
    return (
        f"{number:>7,} documents: built in {built:.1f} s, {size:.0f} MB, opened in {opened * 1000:.0f} ms; "
        f"first time asked {_spread(cold)}; asked again {_spread(warm)}"
    )


def _page_ms(reader: object, text: str) -> float:
    started = time.perf_counter()
    request = Request(parse(text), Filters(theme=("energy",)) if len(text) % 2 else Filters())
    found = reader.search(request)  # type: ignore[attr-defined]
    marker = Marker(request.query)
    for hit in found.hits:
        document = hit.document
        marker.whole(document.title_da)
        marker.excerpt([document.summary_da, document.body_da, document.summary_en, document.body_en])
    return (time.perf_counter() - started) * 1000


def _spread(times: Sequence[float]) -> str:
    return f"p50 {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    for size in options.sizes.split(","):
        print(measure(int(size), options.seed), flush=True)


if __name__ == "__main__":
    main()
