"""All that a webinar's page shows, for its readers and for those who read it before it is out."""

from typing import Any

from babel.dates import get_timezone_location

from portal.core import clock, templating
from portal.core.captions import clock_of
from portal.core.permissions import Actor
from portal.core.web import host_of
from portal.municipalities.labels import retrieved
from portal.webinars import metadata, queries, timing
from portal.webinars.models import Webinar
from portal.webinars.recording import queries as recordings
from portal.webinars.recording.links import at as moment_in
from portal.webinars.registration import queries as registrations
from portal.webinars.series import queries as all_series

RELATED = 6


def page_of(webinar: Webinar, actor: Actor) -> dict[str, Any]:
    """The values of `webinars/show.html`, as the actor may see what the webinar is linked with."""
    partners = queries.partners_of(webinar.id, actor)
    series = all_series.of_webinar(webinar.series_id, actor)
    inside = recordings.inside(webinar)
    return {
        "webinar": webinar,
        "series": series,
        "about": metadata.lead(webinar),
        "inside": inside,
        "moment_in": moment_in,
        "clock_of": clock_of,
        "works_on_it": queries.is_worked_on_by(webinar.id, actor),
        "phase": timing.phase_of(webinar, clock.now()),
        "day_": timing.danish_day(webinar),
        "host": host_of(webinar.info_url),
        "recording_host": host_of(webinar.recording_url),
        "elsewhere": _elsewhere(webinar),
        "hosts": [partner for partner in partners if partner.is_host],
        "named": [partner for partner in partners if not partner.is_host],
        "host_names": metadata.parts_of(webinar.host_names),
        "speakers": metadata.parts_of(webinar.speaker_names),
        "projects": queries.projects_of(webinar.id, actor),
        "municipalities": queries.municipalities_of(webinar.id),
        "more": queries.on_theme(webinar, actor, limit=RELATED),
        "retrieved": retrieved(webinar.retrieved),
        "jsonld": metadata.jsonld(webinar, partners, series, inside),
        "standing": registrations.standing_of(webinar, clock.now()),
        "keeps_registrations": registrations.is_kept_by(webinar, actor),
    }


def _elsewhere(webinar: Any) -> str:
    """The city whose clocks the webinar follows, when they differ from Danish ones."""
    if not timing.is_elsewhere(webinar):
        return ""
    return str(get_timezone_location(webinar.zone, locale=templating.locale(), return_city=True))
