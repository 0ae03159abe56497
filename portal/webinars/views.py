"""Webinars: what comes and what has been, one webinar, feeds and calendars."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import bilingual, clock, following, listing, websub
from portal.core.bilingual import text_of
from portal.core.errors import NotFound
from portal.core.labels import label
from portal.core.listing import Choice
from portal.core.permissions import audience
from portal.core.web import actor, address, pages, shows, table_download
from portal.partners.queries import called
from portal.webinars import calendar as calendars
from portal.webinars import metadata, queries, timing
from portal.webinars.models import State
from portal.webinars.reading import page_of
from portal.webinars.registration import queries as registrations
from portal.webinars.series import queries as all_series

bp = pages("webinars", __name__, "/webinars")

KINDS = ("webinar", "series", "partner", "project", "municipality")


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    shows(*KINDS)
    now = clock.now()
    found = queries.listing_of(_choice(), actor(), url_for(".index"), now)
    return render_template(
        "webinars/index.html",
        listing=found,
        themes=queries.themes_of([row.id for row in found.items]),
        phases={row.id: timing.phase_of(row, now) for row in found.items},
        full=registrations.full_among([row.id for row in found.items if row.state is State.OPEN]),
        feeds=following.paths(found.choice, ".feed")[bilingual.chosen()],
        feed_title=_title(found.choice),
        calendar=Choice(found.choice.chosen).url(url_for(".calendar")),
        danish_day=timing.danish_day,
        lead=metadata.lead,
        hosts=_hosts(found.items),
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    shows(*KINDS)
    return table_download("webinars", ending, _columns(), _cells(queries.all_of(_choice(), actor())))


@bp.get(".<any(atom, rss, json):ending>")
@audience("everyone")
def feed(ending: str) -> ResponseReturnValue:
    """The newest webinars under the list's filters, whatever the language of their texts."""
    shows(*KINDS)
    choice = _choice()
    found = queries.for_feed(choice, actor())
    hosts = _hosts(found)
    return following.written(
        "webinars",
        ending,
        choice,
        [metadata.entry(webinar, hosts[webinar.id]) for webinar in found],
        title=_title(choice),
        description=_("Webinars on the smart society, announced and held."),
        home=".index",
        endpoint=".feed",
        hub=websub.hub(),
    )


@bp.get(".ics")
@audience("everyone")
def calendar() -> ResponseReturnValue:
    shows(*KINDS)
    choice = _choice()
    found = queries.for_calendar(choice, actor())
    return Response(calendars.ics(_title(choice), found), content_type=calendars.MEDIA_TYPE)


@bp.get("/<slug>.ics")
@audience("everyone")
def event(slug: str) -> ResponseReturnValue:
    shows(*KINDS)
    webinar = queries.by_slug(slug, actor())
    if webinar.held_on is None:
        raise NotFound("webinar", slug)
    response = Response(calendars.single(webinar), content_type=calendars.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{webinar.slug}.ics"'
    return response


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    shows(*KINDS)
    try:
        webinar = queries.by_slug(slug, actor())
    except NotFound:
        # A series was once taken for a webinar, and people leave parts out of addresses.
        meant = all_series.by_slug(slug, actor())
        return redirect(url_for("series.show", slug=meant.slug), 301)
    return render_template("webinars/show.html", **page_of(webinar, actor()))


def _hosts(rows: Sequence[Any]) -> dict[int, list[str]]:
    """Webinar → who holds it: partners first, then hosts that are no partners."""
    hosts = queries.hosts_of([row.id for row in rows], actor())
    return {row.id: [called(host) for host in hosts[row.id]] + metadata.parts_of(row.host_names) for row in rows}


def _choice() -> Choice:
    return listing.read(queries.plan(clock.now()), request.args.items(multi=True))


def _title(choice: Choice) -> str:
    """What a feed or calendar is called: what it is filtered by stands in its name."""
    return " · ".join([_("Webinars from Smart Society"), *listing.in_words(queries.plan(clock.now()), choice)])


def _columns() -> Sequence[str]:
    return (
        _("Date"),
        _("Start (UTC)"),
        _("End (UTC)"),
        _("Time zone"),
        _("Title"),
        _("State"),
        _("Abstract"),
        _("Hosts"),
        _("Speakers’ organisations"),
        _("Themes"),
        _("Recording"),
        _("Source"),
        _("Address"),
    )


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    themes, hosts, now = queries.themes_of([row.id for row in rows]), _hosts(rows), clock.now()
    for row in rows:
        yield (
            row.held_on,
            row.starts_at.isoformat() if row.starts_at else "",
            row.ends_at.isoformat() if row.ends_at else "",
            row.zone,
            str(text_of(row, "title")),
            label(timing.phase_of(row, now)),
            str(text_of(row, "abstract")),
            "; ".join(hosts[row.id]),
            row.speaker_names,
            "; ".join(label(theme) for theme in themes[row.id]),
            row.recording_url,
            row.source_url,
            address(".show", slug=row.slug),
        )
