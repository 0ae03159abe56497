"""Taking in the series of news.csv, whose single webinars nobody has reported."""

import re
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from portal.core import audit, intake, slugs
from portal.core.bilingual import other
from portal.core.db import db
from portal.core.intake import Intake
from portal.core.permissions import SYSTEM
from portal.core.tables import Row
from portal.partners.load import PARTNERS
from portal.partners.models import Partner
from portal.projects.load import PROJECTS, themes_of_projects
from portal.projects.models import Project
from portal.search import outbox
from portal.webinars.load import mark_hosts, names_of_partners
from portal.webinars.models import Series, SeriesPartner, SeriesProject, SeriesState, SeriesTheme, Webinar
from portal.webinars.series.queries import KIND

_SERIES = re.compile(r"\bwebinar(?:s|er)?[ -]?(?:serie[sn]?|række[n]?)\b", re.IGNORECASE)


def calls_itself_series(row: Row) -> bool:
    """Whether a webinar's row without a date is of a whole series, by its own title: such files know no other word."""
    return row["date"] is None and any(_SERIES.search(row[title] or "") for title in ("title", "title_translated"))


def load_series(rows: Sequence[Row], at: Intake) -> None:
    """Add or update series. New ones are published; an existing one's state is left as it is here."""
    partners = intake.keys_of(Partner, Partner.slug)
    projects = intake.keys_of(Project, Project.slug)
    rows = at.resolve(rows, "partner_ids", partners, "partner", PARTNERS.file)
    rows = at.resolve(rows, "project_ids", projects, "project", PROJECTS.file)
    names = names_of_partners()
    themes = themes_of_projects()
    taken = slugs.in_use(KIND, Series.slug)

    def make(row: Row) -> Series:
        slug = slugs.free(row["title"], row.key, taken)
        return Series(slug=slug, state=SeriesState.PUBLISHED, created_at=at.now, updated_at=at.now)

    def fill(series: Series, row: Row) -> Sequence[SeriesPartner]:
        _write(series, row, at)
        intake.tie(series.partners, "partner_id", [partners[key] for key in row["partner_ids"]], SeriesPartner)
        project_ids = [projects[key] for key in row["project_ids"]]
        if intake.tie(series.projects, "project_id", project_ids, SeriesProject):
            of_projects = sorted({theme for id in project_ids for theme in themes.get(id, ())})
            intake.tie(series.themes, "theme", of_projects, SeriesTheme)
        series.host_names = mark_hosts(series.partners, row["host"], names)
        return series.partners

    children = (Series.partners, Series.projects, Series.themes)
    there = intake.existing(Series, rows, Series.slug, *(selectinload(child) for child in children))
    outcomes = at.upsert(rows, there, make, fill)
    for outcome in outcomes:
        outcome.thing.updated_at = at.now
        if outcome.is_new:
            _take_the_place_of_webinar(outcome.row.key, at)
    outbox.touch_all(KIND, at.record(KIND, outcomes))


def _write(series: Series, row: Row, at: Intake) -> None:
    language = row["language"]
    texts = {f"title_{language}": row["title"], f"summary_{language}": row["summary"]}
    if row["title_translated"]:
        there = other(language)
        texts |= {f"title_{there}": row["title_translated"], f"summary_{there}": row["summary_translated"]}
    series.write(at.now, **texts)
    series.speaker_names = row["speaker_organisations"]
    series.info_url = row["url"]
    series.source_note = row["note"]
    series.source_url, series.retrieved = row["source_url"], row["retrieved"]


def _take_the_place_of_webinar(key: str, at: Intake) -> None:
    """Earlier releases took the row for a webinar; its address leads to the series, which has the same name."""
    webinar_id = db.session.scalar(select(Webinar.id).where(Webinar.import_key == key))
    if webinar_id is not None:
        db.session.execute(delete(Webinar).where(Webinar.id == webinar_id))
        audit.record(SYSTEM, "webinar.became_series", "webinar", webinar_id, now=at.now)
        outbox.touch_all("webinar", [webinar_id])
