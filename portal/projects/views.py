"""The portfolio and each project's page."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import bilingual, clock, listing
from portal.core.bilingual import text_of
from portal.core.dates import PartialDate
from portal.core.forms import PortalForm
from portal.core.generations import remembered_each, remembered_for
from portal.core.labels import label
from portal.core.permissions import Actor, audience
from portal.core.texts import gettext as _
from portal.core.themes import Theme
from portal.core.web import actor, address, pages, path_for, table_download
from portal.municipalities import queries as municipalities
from portal.municipalities.tiles import counted
from portal.news import queries as news
from portal.projects import queries, readings, wording
from portal.projects.labels import source_words
from portal.projects.models import State
from portal.projects.page import queries as pages_of
from portal.projects.page.told import told
from portal.projects.watching import queries as watching
from portal.webinars import queries as webinars

bp = pages("projects", __name__, "/projects")

RELATED = 6
ENDED = (State.COMPLETED, State.CLOSED, State.CANCELLED)

for words in (wording.project_years, wording.project_state, wording.state_tone, wording.health_tone, source_words):
    bp.add_app_template_global(words)


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    found = queries.listing_of(choice, actor(), url_for(".index"))
    view = {"timeline": _timeline, "map": _map}.get(choice.extra.get("view", ""), _list)
    return view(found)


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    return table_download("projects", ending, _columns(), _cells(queries.all_of(choice, actor())))


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    reader = queries.reader_of(actor())
    said = remembered_for(reader, ("project page", slug, bilingual.chosen()), lambda: _told(slug, reader))
    project = said["project"]
    readings.note(actor(), project, now=clock.now())
    return render_template(
        "projects/show.html",
        **said,
        ways=pages_of.ways_on(project.id, actor()),
        is_watching=actor().is_signed_in and watching.is_watching(project.id, actor()),
        once=PortalForm() if actor().is_signed_in else None,
    )


def _told(slug: str, reader: Actor) -> dict[str, Any]:
    """What a project's page says, read with these eyes."""
    page = pages_of.page(slug, reader)
    return told(
        page,
        news=news.of_project(page.project.id, reader, limit=RELATED),
        webinars=webinars.of_project(page.project.id, reader, limit=RELATED),
    )


def _list(found: listing.Listing) -> str:
    ids = [row.id for row in found.items]
    rows = remembered_each(("project row", bilingual.chosen(), actor()), ids, _rows)
    return render_template("projects/index.html", listing=found, rows=rows, view="list")


def _rows(ids: list[int]) -> list[str]:
    """The row of each project, rendered: the same under every filter and order and on every page of the list."""
    render = get_template_attribute("components/rows.html", "rows")
    themes, coordinators = queries.themes_of(ids), queries.coordinators_of(ids, actor())
    projects = {project.id: project for project in queries.rows(ids, actor())}
    # One that has gone since its id was read leaves no row.
    return [render([_row(projects[one], themes[one], coordinators.get(one))]) if one in projects else "" for one in ids]


def _row(project: Any, themes: Sequence[Theme], coordinator: tuple[str, str] | None) -> dict[str, Any]:
    """What a row of the list says; see `rows` in components/rows.html."""
    title = text_of(project, "title")
    leads = (coordinator[0], path_for("partners.show", slug=coordinator[1])) if coordinator else ("", "")
    return {
        "title": title,
        "href": path_for("projects.show", slug=project.slug),
        "summary": text_of(project, "summary"),
        "kind": "" if project.acronym in str(title) else project.acronym,
        "facts": (
            (_("Coordinator"), *leads),
            (_("Years"), wording.project_years(project.starts_on, project.ends_on)),
            (_("State"), wording.project_state(project.state, project.source_state)),
        ),
        "state": None,
        "tags": [(label(theme), path_for("projects.index", theme=theme.value)) for theme in themes],
        "more": None,
    }


def _timeline(found: listing.Listing) -> str:
    rows = [row for row in queries.all_of(found.choice, actor()) if row.starts_on]
    years = [row.starts_on.year for row in rows] + [row.ends_on.year + 1 for row in rows if row.ends_on]
    return render_template(
        "projects/timeline.html",
        listing=found,
        dated=sorted(rows, key=lambda row: row.starts_on),
        first=min(years, default=0),
        last=max(years, default=0),
        view="timeline",
    )


def _map(found: listing.Listing) -> str:
    return render_template(
        "projects/map.html",
        listing=found,
        tiles=counted(
            municipalities.tiles(),
            queries.count_by_municipality(found.choice, actor()),
            wording.MAP_LEVELS,
            href=lambda place: path_for("projects.index", municipality=place.slug),
            said=wording.projects_counted,
        ),
        view="map",
    )


def _columns() -> Sequence[str]:
    return (
        _("Acronym"),
        _("Title"),
        _("Summary"),
        _("State"),
        _("Start"),
        _("End"),
        _("Themes"),
        _("Coordinator"),
        _("Total cost"),
        _("Currency"),
        _("Website"),
        _("Source"),
        _("Address"),
    )


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    ids = [row.id for row in rows]
    themes, coordinators = queries.themes_of(ids), queries.coordinators_of(ids, actor())
    for row in rows:
        coordinator = coordinators.get(row.id)
        yield (
            row.acronym,
            str(text_of(row, "title")),
            str(text_of(row, "summary")),
            label(row.state) if row.state else row.source_state,
            str(PartialDate.of(row.starts_on, row.starts_precision) or ""),
            str(PartialDate.of(row.ends_on, row.ends_precision) or ""),
            "; ".join(label(theme) for theme in themes[row.id]),
            coordinator[0] if coordinator else "",
            row.total_cost,
            row.total_cost_currency,
            row.website,
            row.source_url,
            address(".show", slug=row.slug),
        )
