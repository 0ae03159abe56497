"""Giving out the webinars of news.csv, as `load` reads them."""

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
from portal.webinars.models import Webinar, WebinarPartner
from portal.webinars.permissions import seen_by


def rows() -> Iterator[dict[str, Any]]:
    """A row for each webinar that everybody may know of now."""
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


def _hosts(webinar: Webinar) -> str:
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


def _only(webinar: Webinar, pair: str, language: Any) -> str:
    return getattr(webinar, f"{pair}_{other(language)}") if webinar.title_da and webinar.title_en else ""
