"""What comes out, goes and is held in a month: articles and webinars, each with the state of its languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from portal.core import clock
from portal.core.bilingual import LANGUAGES, Shown, is_stale, text_of
from portal.core.db import any_of, read
from portal.core.labels import label
from portal.core.permissions import Actor
from portal.core.templating import clock_time
from portal.core.texts import gettext as _
from portal.core.web import path_for
from portal.news.models import Article
from portal.news.models import State as ArticleState
from portal.news.permissions import looked_inside_by
from portal.webinars.models import State as WebinarState
from portal.webinars.models import Webinar
from portal.webinars.permissions import OUT as WEBINARS_OUT
from portal.webinars.permissions import looked_inside_by as webinar_looked_inside_by

NEWS = (ArticleState.DRAFT, ArticleState.SUBMITTED, ArticleState.IN_REVIEW, ArticleState.SCHEDULED)
NEWS_OUT = (ArticleState.PUBLISHED, ArticleState.ARCHIVED)


@dataclass(frozen=True)
class Entry:
    """Something on a day: what it is, when, and which of its languages lack something."""

    day: date
    at: datetime | None
    what: str
    title: Shown
    url: str
    state: str
    is_settled: bool
    lacking: tuple[str, ...]

    @property
    def time(self) -> str:
        return clock_time(self.at) if self.at else ""


@dataclass(frozen=True)
class Day:
    """A day of the month with what is on it."""

    day: date
    entries: tuple[Entry, ...]


def month(year: int, number: int, actor: Actor) -> list[Day]:
    """Every day of a month, with what comes out, expires or is held on it, in order of time."""
    first = date(year, number, 1)
    end = (first + timedelta(days=32)).replace(day=1)
    found = sorted(
        [*_articles(first, end, actor), *_webinars(first, end, actor)],
        key=lambda one: (one.at is not None, one.at.timestamp() if one.at else 0, str(one.title)),
    )
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    return [Day(day, tuple(one for one in found if one.day == day)) for day in days]


def _articles(first: date, end: date, actor: Actor) -> Iterator[Entry]:
    since, until = clock.start_of(first), clock.start_of(end)
    rows = read(
        select(
            Article.id,
            Article.title_da,
            Article.title_en,
            Article.revised_da_at,
            Article.revised_en_at,
            Article.state,
            Article.publish_at,
            Article.expire_at,
        ).where(
            looked_inside_by(actor),
            any_of(Article.state, (*NEWS, *NEWS_OUT)),
            or_(
                and_(Article.publish_at >= since, Article.publish_at < until),
                and_(Article.expire_at >= since, Article.expire_at < until),
            ),
        )
    )
    for row in rows:
        for what, moment in ((_("Article"), row.publish_at), (_("Expires"), row.expire_at)):
            if moment is not None and since <= moment < until:
                yield _entry(
                    row, moment.astimezone(clock.COPENHAGEN).date(), moment, what, row.state in NEWS_OUT,
                    path_for("newsroom.show", article_id=row.id),
                )  # fmt: skip


def _webinars(first: date, end: date, actor: Actor) -> Iterator[Entry]:
    since, until = clock.start_of(first), clock.start_of(end)
    rows = read(
        select(
            Webinar.slug,
            Webinar.title_da,
            Webinar.title_en,
            Webinar.revised_da_at,
            Webinar.revised_en_at,
            Webinar.state,
            Webinar.held_on,
            Webinar.starts_at,
        ).where(
            webinar_looked_inside_by(actor),
            Webinar.state != WebinarState.WITHDRAWN,
            or_(
                and_(Webinar.starts_at >= since, Webinar.starts_at < until),
                and_(Webinar.starts_at.is_(None), Webinar.held_on >= first, Webinar.held_on < end),
            ),
        )
    )
    for row in rows:
        day = row.starts_at.astimezone(clock.COPENHAGEN).date() if row.starts_at else row.held_on
        url = path_for("webinar_states.index", slug=row.slug)
        yield _entry(row, day, row.starts_at, _("Webinar"), row.state in WEBINARS_OUT, url)


def _entry(row: Any, day: date, at: datetime | None, what: str, is_settled: bool, url: str) -> Entry:
    return Entry(day, at, what, text_of(row, "title"), url, label(row.state), is_settled, tuple(_lacking(row)))


def _lacking(row: Any) -> Iterator[str]:
    names = {
        "da": (_("Danish is missing"), _("Danish is behind")),
        "en": (_("English is missing"), _("English is behind")),
    }
    for language in LANGUAGES:
        if not getattr(row, f"title_{language}"):
            yield names[language][0]
        elif is_stale(row, language):
            yield names[language][1]
