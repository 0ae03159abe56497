"""Giving out the webinars and series of news.csv, as `load` reads them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.bilingual import other
from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.partners import export as partners
from portal.projects import export as projects
from portal.webinars.models import Series, SeriesPartner, Webinar, WebinarPartner
from portal.webinars.permissions import seen_by
from portal.webinars.series.permissions import seen_by as series_seen_by


def rows() -> Iterator[dict[str, Any]]:
    """A row for each webinar, and for each series without one, that everybody may know of now."""
    yield from _series_rows()
    partner_ids, project_ids = partners.ids(), projects.ids()
    options = (
        selectinload(Webinar.partners).joinedload(WebinarPartner.partner),
        selectinload(Webinar.projects),
    )
    for webinar in db.session.scalars(select(Webinar).where(seen_by(VISITOR)).order_by(Webinar.id).options(*options)):
        shown = webinar.text("title", "da")
        yield {
            "news_id": webinar.import_key or webinar.slug,
            "kind": "webinar",
            "date": webinar.held_on,
            "date_precision": "day" if webinar.held_on else "none",
            "language": shown.language,
            "title": shown.text,
            "summary": webinar.text("abstract", shown.language).text,
            "title_translated": _only(webinar, "title", shown.language),
            "summary_translated": _only(webinar, "abstract", shown.language),
            "partner_ids": ";".join(partner_ids[t.partner_id] for t in webinar.partners if t.partner_id in partner_ids),
            "project_ids": ";".join(project_ids[t.project_id] for t in webinar.projects if t.project_id in project_ids),
            "url": webinar.info_url,
            "webinar_start": _local(webinar.starts_at, webinar.zone) if webinar.starts_at else "",
            "timezone": webinar.zone,
            "host": _hosts(webinar),
            "speaker_organisations": webinar.speaker_names,
            "note": webinar.source_note,
            "source_url": webinar.source_url,
            "retrieved": webinar.retrieved,
        }


def _series_rows() -> Iterator[dict[str, Any]]:
    partner_ids, project_ids = partners.ids(), projects.ids()
    options = (selectinload(Series.partners).joinedload(SeriesPartner.partner), selectinload(Series.projects))
    without_webinars = Series.id.not_in(select(Webinar.series_id).where(Webinar.series_id.is_not(None)))
    statement = select(Series).where(series_seen_by(VISITOR), without_webinars).order_by(Series.id).options(*options)
    for series in db.session.scalars(statement):
        shown = series.text("title", "da")
        yield {
            "news_id": series.import_key or series.slug,
            "kind": "series",
            "date_precision": "none",
            "language": shown.language,
            "title": shown.text,
            "summary": series.text("summary", shown.language).text,
            "title_translated": _only(series, "title", shown.language),
            "summary_translated": _only(series, "summary", shown.language),
            "partner_ids": ";".join(partner_ids[t.partner_id] for t in series.partners if t.partner_id in partner_ids),
            "project_ids": ";".join(project_ids[t.project_id] for t in series.projects if t.project_id in project_ids),
            "url": series.info_url,
            "host": _hosts(series),
            "speaker_organisations": series.speaker_names,
            "note": series.source_note,
            "source_url": series.source_url,
            "retrieved": series.retrieved,
        }


def _hosts(webinar: Webinar | Series) -> str:
    names = [tie.partner.name for tie in webinar.partners if tie.is_host]
    return "; ".join([*names, *filter(None, [webinar.host_names])])


def _local(moment: datetime, zone: str) -> str:
    """The time on the wall, with its offset only where it would otherwise be read in two ways."""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    try:
        clock.moment(local, ZoneInfo(zone))
    except ValueError:
        return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
    return local.isoformat(timespec="minutes")


def _only(webinar: Webinar | Series, pair: str, language: Any) -> str:
    return getattr(webinar, f"{pair}_{other(language)}") if webinar.title_da and webinar.title_en else ""
