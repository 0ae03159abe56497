"""Series of webinars: all of them, one with its webinars, and its calendar."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.permissions import audience
from portal.core.web import actor, host_of, pages, shows
from portal.municipalities.labels import retrieved
from portal.webinars import calendar as calendars
from portal.webinars import metadata as webinar_metadata
from portal.webinars import queries as webinars
from portal.webinars import timing
from portal.webinars.series import metadata, queries

bp = pages("series", __name__, "/webinars/series")

KINDS = ("series", "webinar", "partner", "project")


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    shows(*KINDS)
    return render_template("webinars/series/index.html", series=queries.all_of(actor()))


@bp.get("/<slug>.ics")
@audience("everyone")
def calendar(slug: str) -> ResponseReturnValue:
    shows(*KINDS)
    series = queries.by_slug(slug, actor())
    found = webinars.for_calendar_of_series(series.id, actor())
    return Response(calendars.ics(str(series.text("title")), found), content_type=calendars.MEDIA_TYPE)


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    shows(*KINDS)
    series, now = queries.by_slug(slug, actor()), clock.now()
    found = webinars.of_series(series.id, actor(), now)
    partners = queries.partners_of(series.id, actor())
    return render_template(
        "webinars/series/show.html",
        series=series,
        webinars=found,
        phases={row.id: timing.phase_of(row, now) for row in found},
        danish_day=timing.danish_day,
        lead=webinar_metadata.lead,
        hosts=[partner for partner in partners if partner.is_host],
        named=[partner for partner in partners if not partner.is_host],
        host_names=webinar_metadata.parts_of(series.host_names),
        speakers=webinar_metadata.parts_of(series.speaker_names),
        projects=queries.projects_of(series.id, actor()),
        host=host_of(series.info_url),
        retrieved=retrieved(series.retrieved),
        calendar=url_for(".calendar", slug=series.slug) if any(row.held_on for row in found) else "",
        jsonld=metadata.jsonld(series, partners, found),
    )
