"""The news as visitors get it: pages, feeds and files."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest

from portal.core import clock
from portal.core.dates import Precision
from portal.core.db import db
from portal.core.slugs import renamed
from portal.core.themes import Theme
from portal.news.models import Kind, State
from portal.search.outbox import touch

HOUR = timedelta(hours=1)
FEEDS = ("atom", "rss", "json")
ODD = ("%00", "🙂", "a" * 10_000, "%22%27%3B--", "%E2%80%AE")


@pytest.fixture
def article(make: Any) -> Any:
    return make.article(
        "Heat from data",
        title_da="Varme fra data",
        standfirst_en="A short summary.",
        body_en="Read **more** at [our page](/en/projects).",
        themes=[Theme.ENERGY],
        partners=[make.partner("Gate 21")],
        projects=[make.project("DOLL")],
        municipalities=[make.municipality("Albertslund")],
    )


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_list_and_the_page_stand_in_both_languages(client: Any, article: Any, language: str) -> None:
    assert article.text("title", language).text in client.page(f"/{language}/news").text
    page = client.page(f"/{language}/news/{article.slug}")
    assert page.h1 == article.text("title", language).text
    for path in ("partners/gate-21", "projects/doll", "municipalities/albertslund"):
        assert f"/{language}/{path}" in page.links


def test_a_text_in_the_other_language_is_marked_as_such(client: Any, make: Any) -> None:
    make.article("Only English", standfirst_en="In English.")
    page = client.page("/da/news/only-english")
    assert any(element.get("lang") == "en" for element in page.all("span"))
    assert any("notice--language" in element.get("class", "") for element in page.all("div"))


@pytest.mark.parametrize(
    ("precision", "shown"),
    [(Precision.DAY, "1 February 2016"), (Precision.MONTH, "February 2016"), (Precision.YEAR, "2016")],
)
def test_a_date_is_as_exact_as_it_is_known(client: Any, make: Any, precision: Precision, shown: str) -> None:
    make.article("Dated", publish_at=clock.start_of(datetime(2016, 2, 1, tzinfo=UTC).date()), dated_precision=precision)
    page = client.page("/en/news/dated")
    assert f"News · {shown} Dated" in page.text
    data = json.loads(next(e.text for e in page.all("script") if e.get("type") == "application/ld+json"))
    assert data["datePublished"] == {"day": "2016-02-01", "month": "2016-02", "year": "2016"}[precision]


def test_an_article_without_a_date_comes_last_and_says_so(client: Any, make: Any) -> None:
    make.article("Undated", publish_at=None)
    make.article("Old", publish_at=datetime(1999, 1, 1, tzinfo=UTC))
    for sort in ("newest", "oldest"):
        text = client.page(f"/en/news?sort={sort}").text
        assert text.index("Old") < text.index("Undated")
    assert "Date not reported" in client.page("/en/news/undated").text


def test_an_excerpt_leads_to_its_source_by_name(client: Any, make: Any) -> None:
    make.article("Excerpt", origin_url="https://www.energinet.dk/one?a=1&b=2")
    page = client.page("/en/news/excerpt")
    assert "https://www.energinet.dk/one?a=1&b=2" in page.links
    assert "Read it at energinet.dk (opens another site)" in page.text


def test_an_address_that_is_none_of_the_web_becomes_no_link(client: Any, make: Any) -> None:
    make.article("Odd source", origin_url="javascript:alert(1)")
    assert not [link for link in client.page("/en/news/odd-source").links if link.startswith("javascript")]


def test_a_correction_is_shown_as_what_it_is(client: Any, make: Any) -> None:
    make.article("Corrected", correction_en="It is *eight*, not seven. <script>alert(1)</script>")
    page = client.page("/en/news/corrected")
    assert "Correction It is eight, not seven." in page.text
    assert "<script>alert" not in page.html


def test_what_is_archived_stays_and_is_marked(client: Any, make: Any) -> None:
    make.article("Kept", state=State.ARCHIVED)
    assert "Archived" in client.page("/en/news").text
    assert "is archived" in client.page("/en/news/kept").text
    assert "Kept" not in client.get("/en/news.atom").get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "publish_in", "expire_in", "status"),
    [
        (State.DRAFT, -HOUR, None, 404),
        (State.IN_REVIEW, -HOUR, None, 404),
        (State.SCHEDULED, HOUR, None, 404),
        (State.PUBLISHED, HOUR, None, 404),
        (State.SCHEDULED, -HOUR, None, 200),
        (State.PUBLISHED, -2 * HOUR, -HOUR, 410),
        (State.WITHDRAWN, -HOUR, None, 410),
        (State.WITHDRAWN, HOUR, None, 404),
    ],
)
def test_nothing_shows_before_its_time_or_after(
    client: Any, make: Any, state: State, publish_in: timedelta, expire_in: timedelta | None, status: int
) -> None:
    now = clock.now()
    make.article("Known to all")
    make.article(
        "Secret plan",
        state=state,
        publish_at=now + publish_in,
        expire_at=now + expire_in if expire_in else None,
        themes=[Theme.ENERGY],
        partners=[make.partner("Gate 21")],
    )
    client.page("/en/news/secret-plan", status=status)
    is_out = status == 200
    for path in ("news", "news?theme=energy", "news.csv", *(f"news.{ending}" for ending in FEEDS)):
        body = client.get(f"/en/{path}").get_data(as_text=True)
        assert ("secret-plan" in body) is is_out, path
    assert ("Gate 21" in client.page("/en/news").text) is is_out


def test_a_hidden_article_answers_like_one_that_is_not_there(client: Any, make: Any) -> None:
    make.article("Draft", state=State.DRAFT)
    hidden, missing = client.get("/en/news/draft"), client.get("/en/news/nope1")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.get_data(as_text=True).replace("draft", "nope1") == missing.get_data(as_text=True)


def test_a_renamed_article_redirects(app: Any, client: Any, make: Any) -> None:
    make.article("New name")
    with make.writing():
        renamed("article", "old-name", "new-name", now=clock.now())
    answer = client.get("/da/news/old-name")
    assert answer.status_code == 301
    assert answer.location.endswith("/da/news/new-name")


def test_unknown_filters_show_nothing_and_say_so(client: Any, article: Any) -> None:
    page = client.page("/en/news?theme=alchemy")
    assert "alchemy" in page.text
    assert article.title_en not in page.text
    assert client.get("/en/news?page=2").status_code == 404
    assert client.get("/en/news.atom?theme=alchemy").status_code == 200


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", ["news?theme={0}&year={0}", "news?page={0}", "news/{0}", "news.atom?partner={0}"])
def test_odd_input_is_no_error(client: Any, path: str, odd: str) -> None:
    assert client.get("/da/" + path.format(odd)).status_code in (200, 404)


def test_the_list_costs_the_same_for_two_as_for_forty(app: Any, make: Any, count_queries: Any) -> None:
    def cost(address: str) -> int:
        with count_queries() as seen:
            assert app.test_client().get(address).status_code == 200
        return len(seen)

    partner = make.partner()
    addresses = ("/en/news", "/en/news.atom", "/en/news.csv", "/en/news/first")
    make.article("First", themes=[Theme.DATA], partners=[partner], author_id=partner.id)
    make.article(themes=[Theme.DATA], partners=[partner])
    with_two = [cost(address) for address in addresses]
    for _ in range(38):
        make.article(themes=[Theme.DATA, Theme.ENERGY], partners=[partner], author_id=partner.id)
    assert [cost(address) for address in addresses] == with_two


@pytest.mark.parametrize("ending", FEEDS)
def test_a_feed_has_the_filters_of_the_list_and_says_them(client: Any, make: Any, ending: str) -> None:
    gate = make.partner("Gate 21")
    make.article("About energy", themes=[Theme.ENERGY], partners=[gate])
    make.article("About water", themes=[Theme.WATER])
    answer = client.get(f"/en/news.{ending}?theme=energy&partner=gate-21")
    body = answer.get_data(as_text=True)
    assert "Energy · Gate 21" in body
    assert "About energy" in body
    assert "About water" not in body
    assert "theme=energy" in body
    assert "/en/news?theme=energy" in client.page("/en/news?theme=energy").html


@pytest.mark.parametrize("ending", ["atom", "rss"])
def test_feed_readers_understand_the_feed(client: Any, article: Any, ending: str) -> None:
    read = feedparser.parse(client.get(f"/da/news.{ending}").data)
    assert not read.bozo
    assert read.feed.language == "da"
    [entry] = read.entries
    assert entry.title == "Varme fra data"
    assert entry.link == f"http://localhost/da/news/{article.slug}"
    english = feedparser.parse(client.get(f"/en/news.{ending}").data).entries[0]
    assert 'href="http://localhost/en/projects"' in english.content[0].value
    assert english.id != entry.id


def test_a_feed_marks_what_is_in_the_other_language(client: Any, make: Any) -> None:
    make.article("Only English")
    make.article("Dansk", title_da="Kun dansk", title_en="")
    items = json.loads(client.get("/da/news.json").data)["items"]
    assert {item["title"]: item["language"] for item in items} == {"Only English": "en", "Kun dansk": "da"}
    only = json.loads(client.get("/da/news.json?language=da").data)["items"]
    assert [item["title"] for item in only] == ["Kun dansk"]


def test_an_inexact_date_is_not_told_as_an_exact_one(client: Any, make: Any) -> None:
    make.article("Some time in 2016", publish_at=datetime(2016, 1, 1, tzinfo=UTC), dated_precision=Precision.YEAR)
    [item] = json.loads(client.get("/en/news.json").data)["items"]
    assert "date_published" not in item


def test_a_feed_holds_the_newest_thirty(client: Any, make: Any) -> None:
    for day in range(1, 32):
        make.article(f"Article {day:02}", publish_at=datetime(2026, 1, day, tzinfo=UTC))
    entries = feedparser.parse(client.get("/en/news.atom").data).entries
    assert len(entries) == 30
    assert entries[0].title == "Article 31"
    assert "Article 01" not in [entry.title for entry in entries]


@pytest.mark.parametrize("path", ["news", "news/heat-from-data", *(f"news.{ending}" for ending in FEEDS)])
def test_what_has_not_changed_is_not_sent_again(client: Any, make: Any, article: Any, path: str) -> None:
    first = client.get(f"/en/{path}")
    assert first.status_code == 200
    assert first.last_modified
    again = {"If-None-Match": first.headers["ETag"]}
    unchanged = client.get(f"/en/{path}", headers=again)
    assert unchanged.status_code == 304
    assert not unchanged.data
    with make.writing():
        changed = db.session.get(type(article), article.id)
        changed.title_en = "Heat from more data"
        changed.updated_at = clock.now()
        touch("article", article.id)
    assert client.get(f"/en/{path}", headers=again).status_code == 200


def test_the_table_holds_what_the_list_shows(client: Any, make: Any) -> None:
    make.article("=1+1", slug="formula", themes=[Theme.ENERGY], kind=Kind.CASE)
    make.article("Water", themes=[Theme.WATER])
    answer = client.get("/en/news.csv?theme=energy")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["Title"] == "'=1+1"
    assert row["Kind"] == "Case"
    assert row["Themes"] == "Energy"
    assert row["Address"] == "http://localhost/en/news/formula"
    assert client.get("/en/news.xlsx?theme=energy").data.startswith(b"PK")
