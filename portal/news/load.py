"""Taking in news.csv: its form, and the articles of it. Webinars and series of the file are another slice's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import selectinload

from portal.core import clock, intake, slugs, tables
from portal.core.bilingual import LANGUAGES, other
from portal.core.dates import PartialDate, Precision
from portal.core.intake import Intake
from portal.core.tables import Column, Row, Table
from portal.news.models import (
    Article,
    ArticleMunicipality,
    ArticlePartner,
    ArticleProject,
    ArticleTheme,
    State,
)
from portal.news.words import PRECISIONS, Kind
from portal.partners.load import PARTNERS, own_organisations
from portal.partners.load import keys as partner_keys
from portal.projects.load import PROJECTS, themes_of_projects
from portal.projects.models import Project
from portal.search import outbox

KIND = "article"


def _local_time(cell: str) -> datetime:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?", cell):
        raise ValueError(f"is not a time such as 2026-03-28T14:30: {cell[:60]!r}")
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"is not a time such as 2026-03-28T14:30: {cell!r}") from None


def _zone(cell: str) -> str:
    try:
        return ZoneInfo(cell).key
    except (KeyError, ValueError, OSError):  # OSError: a folder of the zone database
        raise ValueError(f"is not a time zone such as Europe/Copenhagen: {cell[:60]!r}") from None


def _sound(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    dated, precision = values["date"], values["date_precision"]
    if (dated.precision if dated else None) is not precision:
        yield "date", f"is {dated or 'blank'}, but date_precision says {precision or 'none'}"
    elif values["kind"] is Kind.SERIES and (dated or values["webinar_start"]):
        yield "date", "a series has no date; its webinars have"
    elif values["kind"] is Kind.WEBINAR:
        yield from _sound_webinar(values)


def _sound_webinar(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    dated, starts, zone = values["date"], values["webinar_start"], values["timezone"]
    if dated and dated.precision is not Precision.DAY:
        yield "date", "a webinar's date is a day or not known"
    elif starts is not None and not zone:
        yield "timezone", "is blank although there is a time"
    elif starts is not None:
        yield from _on_its_day(dated, starts, ZoneInfo(zone))


def _on_its_day(dated: PartialDate | None, starts: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    try:
        moment = clock.moment(starts, zone)
    except ValueError as error:
        yield "webinar_start", str(error)
        return
    if not dated or moment.astimezone(zone).date() != dated.day:
        yield "webinar_start", f"is not on the date of the row: {dated or 'blank'}"


NEWS = Table(
    "news.csv",
    (
        Column("news_id", tables.key(), required=True),
        Column("kind", tables.word(tables.own_words(Kind)), required=True),
        Column("date", tables.partial_date),
        Column("date_precision", tables.word(PRECISIONS), required=True),
        Column("language", tables.word({language: language for language in LANGUAGES}), required=True),
        Column("title", tables.text(200), required=True),
        Column("summary", tables.text(), blank=""),
        Column("title_translated", tables.text(200), optional=True, blank=""),
        Column("summary_translated", tables.text(), optional=True, blank=""),
        Column("partner_ids", tables.several(tables.key()), blank=()),
        Column("project_ids", tables.several(tables.key()), blank=()),
        Column("url", tables.address, blank=""),
        Column("webinar_start", _local_time),
        Column("timezone", _zone, blank=""),
        Column("host", tables.text(), blank=""),
        Column("speaker_organisations", tables.text(), blank=""),
        Column("note", tables.text(), blank=""),
        Column("source_url", tables.addresses, blank=""),
        Column("retrieved", tables.text(200), blank=""),
    ),
    key=("news_id",),
    check=_sound,
)


def load_articles(rows: Sequence[Row], at: Intake) -> None:
    """Add or update articles. New ones are published; an existing one's state is left as it is here."""
    partners = partner_keys()
    projects = intake.keys_of(Project, Project.slug)
    rows = at.resolve(rows, "partner_ids", partners, "partner", PARTNERS.file)
    rows = at.resolve(rows, "project_ids", projects, "project", PROJECTS.file)
    own = own_organisations()
    themes = themes_of_projects()
    taken = slugs.in_use(KIND, Article.slug)

    def make(row: Row) -> Article:
        slug = slugs.free(row["title"], row.key, taken)
        return Article(slug=slug, state=State.PUBLISHED, created_at=at.now, updated_at=at.now)

    def fill(article: Article, row: Row) -> None:
        project_ids = [projects[key] for key in row["project_ids"]]
        partner_ids = [partners[key] for key in row["partner_ids"]]
        _write(article, row, at.now)
        # What follows from the ties is worked out when they change; until then it may be edited here.
        if intake.tie(article.partners, "partner_id", partner_ids, ArticlePartner):
            municipality_ids = sorted({own[id] for id in partner_ids if id in own})
            intake.tie(article.municipalities, "municipality_id", municipality_ids, ArticleMunicipality)
        if intake.tie(article.projects, "project_id", project_ids, ArticleProject):
            of_projects = sorted({theme for id in project_ids for theme in themes.get(id, ())})
            intake.tie(article.themes, "theme", of_projects, ArticleTheme)

    children = (Article.partners, Article.projects, Article.themes, Article.municipalities)
    there = intake.existing(Article, rows, Article.slug, *(selectinload(child) for child in children))
    outcomes = at.upsert(rows, there, make, fill)
    for outcome in outcomes:
        outcome.thing.updated_at = at.now
    outbox.touch_all(KIND, at.record(KIND, outcomes))


def _write(article: Article, row: Row, now: datetime) -> None:
    language = row["language"]
    texts = {f"title_{language}": row["title"], f"standfirst_{language}": row["summary"]}
    if row["title_translated"]:
        translated = {"title": row["title_translated"], "standfirst": row["summary_translated"]}
        texts |= {f"{pair}_{other(language)}": text for pair, text in translated.items()}
    article.write(now, **texts)
    if article.dated != row["date"]:  # the same day keeps the hour that it was given here
        article.publish_at = clock.start_of(row["date"].day) if row["date"] else None
        article.dated_precision = row["date_precision"] or Precision.DAY
    article.origin_url = row["url"]
    article.source_note = row["note"]
    article.source_url, article.retrieved = row["source_url"], row["retrieved"]
