"""Taking in the webinars of news.csv. Its rows arrive read and checked."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import clock, intake, slugs
from portal.core.bilingual import other
from portal.core.db import db
from portal.core.intake import Intake
from portal.core.slugs import slugify
from portal.core.tables import Row
from portal.partners.load import PARTNERS, own_organisations
from portal.partners.load import keys as partner_keys
from portal.partners.models import Partner
from portal.projects.load import PROJECTS, themes_of_projects
from portal.projects.models import Project
from portal.search import outbox
from portal.webinars.models import (
    State,
    Webinar,
    WebinarMunicipality,
    WebinarPartner,
    WebinarProject,
    WebinarTheme,
)

KIND = "webinar"


def load_webinars(rows: Sequence[Row], at: Intake) -> None:
    """Add or update webinars. New ones are announced; an existing one's state is left as it is here.

    The file does not say which language is spoken, so that stays unknown.
    """
    partners = partner_keys()
    projects = intake.keys_of(Project, Project.slug)
    rows = at.resolve(rows, "partner_ids", partners, "partner", PARTNERS.file)
    rows = at.resolve(rows, "project_ids", projects, "project", PROJECTS.file)
    names = names_of_partners()
    own = own_organisations()
    themes = themes_of_projects()
    taken = slugs.in_use(KIND, Webinar.slug)

    def make(row: Row) -> Webinar:
        slug = slugs.free(row["title"], row.key, taken)
        times = {"created_at": at.now, "updated_at": at.now}
        return Webinar(slug=slug, state=State.ANNOUNCED, uid=f"webinar-{row.key}", sequence=0, **times)

    def fill(webinar: Webinar, row: Row) -> Sequence[WebinarPartner]:
        project_ids = [projects[key] for key in row["project_ids"]]
        partner_ids = [partners[key] for key in row["partner_ids"]]
        _write(webinar, row, at)
        # What follows from the ties is worked out when they change; until then it may be edited here.
        if intake.tie(webinar.partners, "partner_id", partner_ids, WebinarPartner):
            municipality_ids = sorted({own[id] for id in partner_ids if id in own})
            intake.tie(webinar.municipalities, "municipality_id", municipality_ids, WebinarMunicipality)
        if intake.tie(webinar.projects, "project_id", project_ids, WebinarProject):
            of_projects = sorted({theme for id in project_ids for theme in themes.get(id, ())})
            intake.tie(webinar.themes, "theme", of_projects, WebinarTheme)
        webinar.host_names = mark_hosts(webinar.partners, row["host"], names)
        return webinar.partners

    children = (Webinar.partners, Webinar.projects, Webinar.themes, Webinar.municipalities)
    there = intake.existing(Webinar, rows, Webinar.slug, *(selectinload(child) for child in children))
    outcomes = at.upsert(rows, there, make, fill)
    for outcome in outcomes:
        outcome.thing.updated_at = at.now
        # Calendars take a new time only under a higher number.
        if not {"starts_at", "held_on", "zone"}.isdisjoint(outcome.changes):
            outcome.thing.sequence += 1
    outbox.touch_all(KIND, at.record(KIND, outcomes))


def _write(webinar: Webinar, row: Row, at: Intake) -> None:
    language = row["language"]
    texts = {f"title_{language}": row["title"], f"abstract_{language}": row["summary"]}
    if row["title_translated"]:
        translated = {"title": row["title_translated"], "abstract": row["summary_translated"]}
        texts |= {f"{pair}_{other(language)}": text for pair, text in translated.items()}
    webinar.write(at.now, **texts)
    webinar.held_on = row["date"].day if row["date"] else None
    webinar.zone = row["timezone"]
    webinar.starts_at = clock.moment(row["webinar_start"], ZoneInfo(webinar.zone)) if row["webinar_start"] else None
    webinar.speaker_names = row["speaker_organisations"]
    webinar.info_url = row["url"]
    webinar.source_note = row["note"]
    webinar.source_url, webinar.retrieved = row["source_url"], row["retrieved"]


def mark_hosts(ties: Sequence[Any], host: str, names: Mapping[int, set[str]]) -> str:
    """Mark the hosts among the partners that are tied; returns the names of hosts that are none of them."""
    named = [name.strip() for name in host.split(";") if name.strip()]
    hosting = {slugify(name) for name in named}
    for tie in ties:
        tie.is_host = not hosting.isdisjoint(names[tie.partner_id])
        if tie.is_host:
            named = [name for name in named if slugify(name) not in names[tie.partner_id]]
    return "; ".join(named)


def names_of_partners() -> dict[int, set[str]]:
    """Partner id → every name that it is known by, spelled as a slug."""
    stmt = select(Partner.id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.acronym)
    return {id: {slugify(name) for name in names if name} for id, *names in db.session.execute(stmt)}
